/**
 * What an envelope says inside [REC2], as JSON padded with spaces to a multiple of 512 bytes: the schema, its encoder
 * and decoder. Strict: no field beyond these, so that a base key, or the key of a whole epoch, has nowhere to stand.
 */
import * as z from 'zod/mini'
import type { Bytes } from '../bytes.ts'
import { decodeBase64url, decodeUtf8, encodeBase64url, parseJson, utf8 } from '../bytes.ts'
import { MAX_LEAVES, MAX_STREAMS } from '../sframe/kid.ts'
import { RECORDING_ID_BYTES } from './recording-order.ts'
import { SealError } from './seal-error.ts'
import { STREAM_KEY_BYTES, STREAM_SALT_BYTES } from './stream-key.ts'

const VERSION = 1
const BLOCK_BYTES = 512
const MAX_NAME_CHARS = 64
/** Of each list in one envelope; the tree has room for no more leaves, and larger lists are split over envelopes. */
const MAX_ROSTER = 1024
const MAX_KEYS = 1024
/** Hosts who made each other hosts, from the room's key to the sealer. */
export const MAX_HOST_CHAIN = 16

const base64 = (...sizes: number[]) =>
  z.string().check(
    z.maxLength(1024),
    z.refine((text) => sizes.includes(decodeBase64url(text)?.length ?? -1)),
  )
const Leaf = z.int().check(z.minimum(0), z.maximum(MAX_LEAVES - 1))
const Pseudonym = base64(16)
const Name = z.string().check(z.refine((text) => [...text].length <= MAX_NAME_CHARS && text.isWellFormed()))

const Member = z.strictObject({ leaf: Leaf, pseudonym: Pseudonym, name: Name, signatureKey: base64(32) })

const Key = z.strictObject({
  leaf: Leaf,
  stream: z.int().check(z.minimum(0), z.maximum(MAX_STREAMS - 1)),
  kind: z.enum(['audio', 'video']),
  source: z.string().check(z.maxLength(32)),
  codec: z.enum(['opus', 'vp8', 'vp9']),
  producer: z.string().check(z.minLength(1), z.maxLength(64)),
  key: base64(STREAM_KEY_BYTES),
  salt: base64(STREAM_SALT_BYTES),
})

const Host = z.strictObject({ key: base64(32), signerKey: base64(32), signature: base64(64) })

const Content = z.strictObject({
  version: z.literal(VERSION),
  recording: base64(RECORDING_ID_BYTES),
  group: z.string().check(
    z.minLength(1),
    z.maxLength(256),
    z.refine((text) => decodeBase64url(text) !== undefined),
  ),
  epoch: z.int().check(z.minimum(0)),
  sealer: Leaf,
  hosts: z.array(Host).check(z.maxLength(MAX_HOST_CHAIN)),
  roster: z.array(Member).check(z.minLength(1), z.maxLength(MAX_ROSTER)),
  keys: z.array(Key).check(z.maxLength(MAX_KEYS)),
})
type Wire = z.infer<typeof Content>

/** Where a recording stands: recording id, MLS group id and epoch. */
export type EnvelopePlace = { recording: Uint8Array; group: Uint8Array; epoch: number }

/** `pseudonym` in base64url as in the tree. Names are what the member calls itself: text, never trusted. */
export type RosterEntry = { leaf: number; pseudonym: string; name: string; signatureKey: Uint8Array }

export type SealedStream = {
  leaf: number
  stream: number
  kind: 'audio' | 'video'
  /** The source as the profile announces it: camera, screen, microphone … */
  source: string
  codec: 'opus' | 'vp8' | 'vp9'
  /** The server's id of the producer, which names the stream in the recording. */
  producer: string
  key: Bytes
  salt: Bytes
}

/** The GroupContext's entry of a host, see `HostEntry` of the mls part. */
export type HostProof = { key: Uint8Array; signerKey: Uint8Array; signature: Uint8Array }

/** `sealer`: the leaf that seals and signs; it stands in the roster. `hosts`: of the
 * GroupContext's host entries those that make the sealer a host, see `hostChain`; none where it is not. */
export type EnvelopeContent = EnvelopePlace & {
  sealer: number
  hosts: HostProof[]
  roster: RosterEntry[]
  keys: SealedStream[]
}

/** The padded JSON. Throws `bad-input` for what `decodeEnvelopeContent` would refuse. */
export function encodeEnvelopeContent(content: EnvelopeContent): Bytes {
  const wire: Wire = {
    version: VERSION,
    recording: encodeBase64url(content.recording),
    group: encodeBase64url(content.group),
    epoch: content.epoch,
    sealer: content.sealer,
    hosts: content.hosts.map(({ key, signerKey, signature }) => ({
      key: encodeBase64url(key),
      signerKey: encodeBase64url(signerKey),
      signature: encodeBase64url(signature),
    })),
    roster: content.roster.map(({ leaf, pseudonym, name, signatureKey }) => {
      return { leaf, pseudonym, name, signatureKey: encodeBase64url(signatureKey) }
    }),
    keys: content.keys.map(({ leaf, stream, kind, source, codec, producer, key, salt }) => {
      const secrets = { key: encodeBase64url(key), salt: encodeBase64url(salt) }
      return { leaf, stream, kind, source, codec, producer, ...secrets }
    }),
  }
  if (!Content.safeParse(wire).success || !holds(wire)) throw new SealError('bad-input')
  const json = utf8(JSON.stringify(wire))
  const padded = new Uint8Array(Math.ceil(json.length / BLOCK_BYTES) * BLOCK_BYTES).fill(0x20)
  padded.set(json)
  return padded
}

/** `undefined` for anything that `encodeEnvelopeContent` does not write. */
export function decodeEnvelopeContent(bytes: Uint8Array): EnvelopeContent | undefined {
  if (bytes.length % BLOCK_BYTES !== 0) return undefined
  const wire = Content.safeParse(parseJson(decodeUtf8(bytes)))
  if (!wire.success || !holds(wire.data)) return undefined
  const { recording, group, epoch, sealer, hosts, roster, keys } = wire.data
  return {
    recording: decoded(recording),
    group: decoded(group),
    epoch,
    sealer,
    hosts: hosts.map(({ key, signerKey, signature }) => ({
      key: decoded(key),
      signerKey: decoded(signerKey),
      signature: decoded(signature),
    })),
    roster: roster.map((member) => ({ ...member, signatureKey: decoded(member.signatureKey) })),
    keys: keys.map((entry) => ({ ...entry, key: decoded(entry.key), salt: decoded(entry.salt) })),
  }
}

/** Nobody twice, the sealer among the roster, and no stream twice. */
function holds({ sealer, roster, keys }: Wire): boolean {
  const leaves = new Set(roster.map(({ leaf }) => leaf))
  const pseudonyms = new Set(roster.map(({ pseudonym }) => pseudonym))
  const streams = new Set(keys.map(({ leaf, stream }) => leaf * MAX_STREAMS + stream))
  if (leaves.size !== roster.length || pseudonyms.size !== roster.length) return false
  return leaves.has(sealer) && streams.size === keys.length && keys.every(({ leaf }) => leaves.has(leaf))
}

/** Only after the schema. */
function decoded(text: string): Bytes {
  return decodeBase64url(text) ?? new Uint8Array()
}
