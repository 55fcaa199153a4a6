/** What the page and its two workers of a recording on this computer tell each other. */
import type { Source } from '@huisclos/participant'
import type { RecordingFacts } from './journal-facts.ts'

export type ToRecorder =
  | { t: 'begin'; id: string; facts: RecordingFacts }
  /** Another frame worker to listen to. */
  | { t: 'listen'; port: MessagePort }
  | { t: 'names'; names: ReadonlyMap<number | null, string> }
  | { t: 'pause'; paused: boolean }
  | { t: 'end' }

export type FromRecorder =
  | { t: 'began' }
  /** Once a second. */
  | { t: 'written'; sizeBytes: number; elapsedMs: number }
  | { t: 'needs-key-frame'; member: string; source: Source }
  /** Nothing more is written; what was stays. */
  | { t: 'failed'; why: RecordingFailure }
  | { t: 'ended' }

export type RecordingFailure = 'disk-full' | 'storage-refused'

export type ToExporter =
  | { t: 'list' }
  /** `words`: the names of the sources in the person's language. */
  | { t: 'make'; id: string; words: Readonly<Record<Source, string>> }

export interface KeptRecording {
  readonly id: string
  readonly title: string
  /** Unix milliseconds. */
  readonly beganAt: number
  readonly durationMs: number
  readonly sizeBytes: number
}

export type FromExporter =
  | { t: 'listed'; kept: readonly KeptRecording[] }
  | { t: 'progress'; done: number }
  /** `fileName` of this id lies in the folder. */
  | { t: 'made'; title: string; beganAt: number }
  | { t: 'failed'; why: 'disk-full' | 'unreadable' }
