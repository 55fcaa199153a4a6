/**
 * What the page and its opener tell each other. The opener alone reads keys: the page hands over what was given, sealed
 * or as letters, and gets back whose key it is, never the key.
 */
import type { OpeningReport, VaultCode } from '@huisclos/vault'

/** A file that was dropped or chosen, or letters that were typed. */
export type GivenKey = Blob | string

/** What a key file or a share says of itself. */
export type KeySummary =
  | { readonly kind: 'file'; readonly owner: string; readonly fingerprint: string }
  | { readonly kind: 'key'; readonly fingerprint: string }
  | {
      readonly kind: 'share'
      readonly fingerprint: string
      readonly needed: number
      readonly of: number
      /** Tells shares apart; says nothing of the key. */
      readonly number: number
    }

/** `fault`: ours. `about`: a row, a number, a reason; never a secret. */
export interface OpenerRefusal {
  readonly code: VaultCode | 'fault'
  readonly about: string
}

/** Milliseconds since the recording's start. */
export interface Span {
  fromMs: number
  toMs: number
}

export interface OpenedFile {
  readonly name: string
  /** WebM. */
  readonly blob: Blob
  /** When sound and pictures of this person came. */
  readonly sound: readonly Span[]
  readonly pictures: readonly Span[]
}

export interface OpenedRecording {
  readonly report: OpeningReport
  readonly whole: boolean
  readonly files: readonly OpenedFile[]
  /** The report as the command line prints it. */
  readonly lines: readonly string[]
}

export type ToOpener =
  | { readonly t: 'read-key'; readonly id: number; readonly given: GivenKey }
  | {
      readonly t: 'open'
      readonly files: readonly { readonly name: string; readonly blob: Blob }[]
      readonly keys: readonly GivenKey[]
      readonly passphrase: string
    }
  | { readonly t: 'measure'; readonly file: string; readonly blob: Blob }
  | { readonly t: 'as-mp4'; readonly file: string; readonly blob: Blob }

export type FromOpener =
  | { readonly t: 'key-read'; readonly id: number; readonly read: KeySummary | OpenerRefusal }
  | { readonly t: 'progress'; readonly step: 'key' | 'recording'; readonly part: number }
  | { readonly t: 'opened'; readonly opened: OpenedRecording }
  | { readonly t: 'refused'; readonly refusal: OpenerRefusal }
  /** Loudness of `LOUDNESS_MS` each from `from` on, 0 to 1; `values` is null where this browser cannot decode sound. */
  | {
      readonly t: 'loudness'
      readonly file: string
      readonly from: number
      readonly values: readonly number[] | null
    }
  | { readonly t: 'mp4'; readonly file: string; readonly blob: Blob | null }

export const LOUDNESS_MS = 250
