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

/** The public half of a recording key, as the host sees it before ordering. */
export interface RecordingKeyView {
  /** As its file says: text, never trusted. May be empty. */
  readonly owner: string
  /** Eight groups of four hexadecimal digits. */
  readonly fingerprint: string
  /** Whether this browser remembers it. */
  readonly remembered: boolean
}

/** Why a file or a text gave no key. */
export type KeyProblem = 'not-a-key' | 'damaged' | 'later-version'
export type OrderProblem =
  | 'recording-exists'
  | 'recording-unavailable'
  | 'recording-off'
  | 'bad-recording-key'
  | 'not-host'
  | 'fault'

export interface ServerRecordingView {
  /** What the server's operator allows; neither until the server has said. */
  readonly allowed: { readonly local: boolean; readonly server: boolean }
  /** Days after which the server deletes a recording; null: not by itself. */
  readonly retentionDays: number | null
  readonly key: RecordingKeyView | null
  readonly keyProblem: KeyProblem | null
  readonly ordering: boolean
  readonly problem: OrderProblem | null
  /** The last one that ended while we were here, for whoever may fetch it. */
  readonly finished: FinishedRecording | null
}

/** What the saved access file is called. */
export const TOKEN_FILE = 'huisclos-recordings.token'

export interface FinishedRecording {
  readonly id: string
  /** Where `huisclos vault` fetches it. */
  readonly address: string
  readonly owner: string
  readonly fingerprint: string
  readonly durationMs: number
}

export interface ServerRecordingPort extends Store<ServerRecordingView> {
  /** Reads the public half out of a file's text; whatever secret is beside it goes no further. */
  readKey(text: string): Promise<void>
  forgetKey(): void
  rememberKey(remember: boolean): void
  /** Orders the recording of the group; resolves with whether it runs. What goes wrong shows in the view. */
  start(withMe: boolean): Promise<boolean>
  /** Lets the browser save what `huisclos vault --token-file` takes. */
  saveToken(): void
  dismissFinished(): void
}
