/**
 * Recordings on the server (REC1–7): what clients ask, what the room is told, and what a host's browser or the vault
 * fetches afterwards. The order to record is in the group's context, which the server cannot read; what is here only
 * makes the server store what it relays. No key and no name: envelopes are sealed to the customer's key. Where the
 * operator switched recordings on the server off, each of these is answered like a message of unknown type.
 */
import * as z from 'zod/mini'
import { b64, Epoch, GroupId, RecordingId } from './ids.ts'

/** Bytes after base64url decoding. */
export const RECORDING_LIMITS = {
  envelopeBytes: 65_536,
  /** About 100 bytes a segment: days of recording. */
  statementBytes: 262_144,
  /** Envelopes that one member may send for one epoch: one, and another whenever a stream or a consent is new. */
  partsPerEpoch: 256,
} as const

const id = z.int().check(z.gte(1), z.lte(0x7fff_ffff))
/** The owner token of the room (SIG8), compared by hash in constant time. */
const owner = b64(32, 32)

/** Start storing what those relay who said yes. */
export const RecordingStart = z.strictObject({
  t: z.literal('recording.start'),
  id,
  recording: RecordingId,
  owner,
})
export const RecordingPause = z.strictObject({
  t: z.literal('recording.pause'),
  id,
  recording: RecordingId,
  owner,
  paused: z.boolean(),
})
export const RecordingStop = z.strictObject({
  t: z.literal('recording.stop'),
  id,
  recording: RecordingId,
  owner,
})
/** Each client for itself, for one recording; without it, or after a new session, nothing of it is stored (REC3). */
export const RecordingConsent = z.strictObject({
  t: z.literal('recording.consent'),
  id,
  recording: RecordingId,
  yes: z.boolean(),
})
/** One sealed envelope of an epoch's keys (REC2); `part` counts from 0 for each member and epoch. */
export const RecordingEnvelope = z.strictObject({
  t: z.literal('recording.envelope'),
  id,
  recording: RecordingId,
  group: GroupId,
  epoch: Epoch,
  part: z.int().check(z.gte(0), z.lt(RECORDING_LIMITS.partsPerEpoch)),
  body: b64(RECORDING_LIMITS.envelopeBytes, 1),
})
/** A host's signature over what `recording.sealed` told; the recording's manifest carries it. */
export const RecordingManifest = z.strictObject({
  t: z.literal('recording.manifest'),
  id,
  recording: RecordingId,
  owner,
  signature: b64(64, 64),
})

export const RECORDING_REQUESTS = [
  RecordingStart,
  RecordingPause,
  RecordingStop,
  RecordingConsent,
  RecordingEnvelope,
  RecordingManifest,
] as const

const seq = z.int().check(z.gte(1))

/**
 * Why a recording is in its state.
 * - `asked`: a host started, paused, resumed or stopped it.
 * - `no-envelope`: 5 s of an epoch without one; what is stored since `since` cannot be opened so far (REC2).
 * - `sealed`: nothing that is stored now lacks an envelope any more.
 * - `disk-full`, `store-unreachable`: nothing can be written, the recording is paused by itself (REC4).
 * - `writable`: it can again, and the recording goes on.
 * - `meeting-over`: it ended with the meeting.
 * - `fault`: a defect of ours ended it.
 */
export const RecordingReason = z.enum([
  'asked',
  'no-envelope',
  'sealed',
  'disk-full',
  'store-unreachable',
  'writable',
  'meeting-over',
  'fault',
])
export type RecordingReason = z.infer<typeof RecordingReason>

/** To everybody, those at the door included: on each change, and to whoever enters while a recording is on. */
export const RecordingState = z.strictObject({
  t: z.literal('recording.state'),
  seq,
  recording: z.nullable(RecordingId),
  state: z.enum(['off', 'running', 'paused', 'failed']),
  why: RecordingReason,
  /** Unix milliseconds. */
  since: z.int(),
})
/**
 * A recording is complete; a host's client signs `"huisclos/1 recording manifest" ‖ statement` with the room's host key.
 */
export const RecordingSealed = z.strictObject({
  t: z.literal('recording.sealed'),
  seq,
  recording: RecordingId,
  statement: b64(RECORDING_LIMITS.statementBytes, 1),
})
export const RECORDING_EVENTS = [RecordingState, RecordingSealed] as const

/** What the operator allows: recordings on one's own computer, on the server, both, or none. */
export const RecordingPolicy = z.strictObject({
  allowed: z.enum(['off', 'local', 'server', 'both']),
  /** Days after which a recording on the server is deleted; null: not by itself. */
  retentionDays: z.nullable(z.int().check(z.gte(1))),
})
export type RecordingPolicy = z.infer<typeof RecordingPolicy>

/** One recording of `GET /api/recordings` (owner token as Bearer: only recordings made with it are listed). */
export const RecordingEntry = z.strictObject({
  recording: RecordingId,
  /** Unix milliseconds; `endedAt` is null while it is being made. */
  startedAt: z.int(),
  endedAt: z.nullable(z.int()),
  /** When retention deletes it, Unix milliseconds; null: not by itself. */
  deletedAt: z.nullable(z.int()),
  files: z.array(z.strictObject({ name: z.string(), sizeBytes: z.int() })),
})
export type RecordingEntry = z.infer<typeof RecordingEntry>
export const RecordingList = z.strictObject({ recordings: z.array(RecordingEntry) })
export type RecordingList = z.infer<typeof RecordingList>

/** The answer of `DELETE /api/recordings/:id` (REC7). */
export const RecordingReceipt = z.strictObject({
  recording: RecordingId,
  deletedAt: z.int(),
  why: z.enum(['asked', 'retention']),
  files: z.int(),
  sizeBytes: z.int(),
})
export type RecordingReceipt = z.infer<typeof RecordingReceipt>
