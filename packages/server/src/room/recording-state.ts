/**
 * What a room knows of its recording (REC9–REC11): whether one is on, who is stored, which envelopes of the last two
 * epochs came. No key, no name, no packet. Changed by recording.ts and recording-envelopes.ts alone.
 */
import type { Epoch, PeerId, RecordingId, RecordingReason } from '@huisclos/protocol'
import type { Ms } from './room-state.ts'

/** Why nothing can be written (REC4). */
export type Stall = Extract<RecordingReason, 'disk-full' | 'store-unreachable'>

/** Envelopes of one epoch: which parts of whom. */
export interface EpochSeals {
  readonly epoch: Epoch
  /** Hash of the commit that made the epoch: after a strike another epoch has the same number. */
  readonly made: string
  readonly parts: Map<PeerId, Set<number>>
}

export interface RoomRecording {
  readonly id: RecordingId
  /** By a host. */
  paused: boolean
  /** By itself. */
  stall: Stall | null
  /** When its state last changed, and why. */
  since: Ms
  why: RecordingReason
  /** Whose streams are being stored. */
  stored: ReadonlySet<PeerId>
  /** The epoch before and the present one, as far as they came while it was on. */
  seals: EpochSeals[]
  /** Since when what is stored has no envelope; null while the present epoch has one, or nothing is stored. */
  unsealedSince: Ms | null
  alarmed: boolean
}

/** Recordings in this room: whether there may be any, who may start one, and the one that is on. */
export interface RecordingDesk {
  readonly allowed: boolean
  /** SHA-256 of the room's owner token. */
  readonly ownerHash: Uint8Array
  now: RoomRecording | null
  /** Ended ones that wait for a host's signature. */
  readonly unsigned: Set<RecordingId>
}

export const isRunning = (recording: RoomRecording): boolean => !recording.paused && recording.stall === null
