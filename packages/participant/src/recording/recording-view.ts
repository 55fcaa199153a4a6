/**
 * What is shown of recordings (REC1, REC3): the one on the server that the group ordered, those on members' own
 * computers, and what oneself has answered. All of it comes from the group's context and signed profiles; only `server`
 * is the server's word.
 */
import type { Ms } from '../ports.ts'

/** Nobody is recorded before `yes`: `unanswered` counts as `no` and asks the screen to ask. */
export type ConsentAnswer = 'unanswered' | 'yes' | 'no'

export interface OrderedRecording {
  /** Base64url of 16 bytes; goes into `answerRecording`. */
  readonly id: string
  /** Of the key that opens it: eight groups of four hexadecimal digits. */
  readonly fingerprint: string
  /** Whose key that is, as the host who ordered it wrote: text, never trusted. May be empty. */
  readonly owner: string
  /** Who ordered it, by name; null where it ran already when we came. */
  readonly by: string | null
  /** Since when it has been on this screen. */
  readonly since: Ms
  /** A host paused it: nothing said now can be opened, whatever the server stores (REC1). */
  readonly paused: boolean
  /** What is sent now, or may still be on its way, can be opened by the key's owner. */
  readonly sealing: boolean
  /** Stopped: shown until senders have switched to keys that nobody seals (REC1). */
  readonly stopping: boolean
  /** Our own answer. */
  readonly consent: ConsentAnswer
  /** What the server says that it does; `unknown` where it has said nothing of this recording. */
  readonly server: 'unknown' | 'running' | 'paused' | 'failed' | 'off'
  /** Why the server's part is as it is, as `recording.state` says; null where it said nothing. */
  readonly serverWhy: string | null
}

/** Somebody records on their own computer. */
export interface LocalRecording {
  readonly id: string
  readonly leaf: number
  readonly name: string
  readonly self: boolean
  /** Our own answer; `yes` for one's own. */
  readonly consent: ConsentAnswer
  /** The leaves that said yes to it, and no others: all that an honest recorder writes. */
  readonly consenting: readonly number[]
}

export interface RecordingView {
  /** Null: the group orders none, and nothing of an earlier one can still be opened. */
  readonly ordered: OrderedRecording | null
  /** Own one first. */
  readonly local: readonly LocalRecording[]
  /** Whether `startRecording` may be offered: we hold the room's host key and its descriptor allows recordings. */
  readonly mayOrder: boolean
  /** Whether `pauseRecording` and `stopRecording` may be offered: we are host. */
  readonly mayStop: boolean
}

export const NO_RECORDING: RecordingView = { ordered: null, local: [], mayOrder: false, mayStop: false }
