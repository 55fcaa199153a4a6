/** What the screens need of the model: from choosing a recording and a key to playing what was opened. */
import type { Store } from '../ui/ports.ts'
import type { FoundRecording, GivenFile } from './model/found-recordings.ts'
import type { PlayerPort } from './model/player.ts'
import type { ServerView } from './model/server-recordings.ts'
import type { Timeline } from './model/timeline.ts'
import type { KeySummary, OpenedRecording, OpenerRefusal } from './worker/opener-messages.ts'

/** One key file, page or share that was given. */
export interface KeyPart {
  readonly id: number
  /** The file's name; empty for letters that were typed. */
  readonly name: string
  readonly read: KeySummary | OpenerRefusal | null
}

export type Stage =
  | { readonly at: 'choosing'; readonly problem: OpenerRefusal | null }
  | { readonly at: 'fetching' | 'key' | 'recording'; readonly part: number }
  | { readonly at: 'opened' }

export interface OpeningView {
  readonly stage: Stage
  readonly found: readonly FoundRecording[]
  /** Of `found`, or one of the server's; null while there is none, or more than one to choose from. */
  readonly chosen: ChosenRecording | null
  /** Names of files that are neither recording nor key. */
  readonly strangers: readonly string[]
  readonly keys: readonly KeyPart[]
}

export type ChosenRecording =
  | { readonly from: 'files'; readonly recording: FoundRecording }
  | {
      readonly from: 'server'
      readonly id: string
      readonly title: string
      readonly startedAt: number
      readonly sizeBytes: number
    }

/** `failed`: this browser or this file will not. */
export type Mp4View = 'making' | 'failed'

export interface ResultView {
  readonly opened: OpenedRecording
  readonly timeline: Timeline
  /** By file, 0 to 1 each; grows while the sound is being decoded. */
  readonly loudness: ReadonlyMap<string, readonly number[]>
  /** False where this browser cannot decode sound by itself. */
  readonly loudnessKnown: boolean
  readonly mp4: ReadonlyMap<string, Mp4View>
  /** The meeting of that host, where this browser has its link; may be empty. */
  readonly hostTitle: string | null
}

export interface ResultPort extends Store<ResultView> {
  readonly player: PlayerPort
  /** Lets the browser save the file. */
  save(file: string, format: 'webm' | 'mp4'): void
}

export interface OpeningPort extends Store<OpeningView> {
  readonly server: Store<ServerView> & { look(): Promise<void> }
  /** Set while the stage is `opened`. */
  readonly result: ResultPort | null
  /** Whatever was dropped or chosen: recordings and keys go where they belong. */
  give(files: readonly GivenFile[]): void
  giveLetters(text: string): void
  removeKey(id: number): void
  choose(recording: ChosenRecording | null): void
  /** The passphrase is forgotten when this returns. */
  open(passphrase: string): void
  cancel(): void
  /** Forgets everything that was opened. */
  close(): void
}
