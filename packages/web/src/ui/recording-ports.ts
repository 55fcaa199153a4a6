/** What the screens need of recordings on this computer; the others' words on it are in the meeting's own view. */
import type { Store } from './ports.ts'

/** `disk-full`: what was written until then is there. `storage-refused`: this browser lets nothing be written. */
export type RecorderProblem = 'disk-full' | 'storage-refused' | 'not-told'

export type LocalRecorderView =
  | { readonly at: 'off'; readonly problem: RecorderProblem | null }
  | { readonly at: 'starting' }
  | { readonly at: 'on'; readonly paused: boolean; readonly elapsedMs: number; readonly sizeBytes: number }

export interface LocalRecorderPort extends Store<LocalRecorderView> {
  /** Tells everybody, then begins. Never rejects: what goes wrong shows in the view. */
  start(): void
  pause(paused: boolean): void
  /** What was recorded is then among the kept ones. */
  stop(): void
}

/** A recording that lies in this browser. */
export interface KeptRecording {
  readonly id: string
  readonly title: string
  /** Unix milliseconds. */
  readonly beganAt: number
  readonly durationMs: number
  readonly sizeBytes: number
}

export interface KeptRecordingsView {
  readonly kept: readonly KeptRecording[]
  /** A file is being made of this one; `done` 0 to 1. */
  readonly making: { readonly id: string; readonly done: number } | null
  /** Handed to the browser to save. */
  readonly saved: ReadonlySet<string>
  readonly problem: { readonly id: string; readonly why: 'disk-full' | 'unreadable' } | null
}

export interface KeptRecordingsPort extends Store<KeptRecordingsView> {
  /** Makes a file and lets the browser save it. `words`: names of the sources in the person's language. */
  save(id: string, words: RecordingWords): void
  delete(id: string): void
}

export interface RecordingWords {
  readonly microphone: string
  readonly camera: string
  readonly screen: string
  readonly 'screen-audio': string
  /** Begins the file's name. */
  readonly file: string
}
