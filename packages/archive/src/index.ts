/**
 * The container of recordings that only the customer can open (docs/recording.md): append-only segments in a chain, a
 * manifest at the end. Writes ciphertext and reads it back, proven or with a report of what is damaged; knows no keys.
 * Runs with and without Node; files in a folder: @huisclos/archive/node.
 */
export type { EnvelopeRecord } from './format/envelope-body.ts'
export type { EventCode, RecordingEvent } from './format/event-body.ts'
export type { Ending, Manifest, ManifestSegment, Statement } from './format/manifest.ts'
export { decodeManifest, decodeStatement, MANIFEST_NAME, manifestMessage } from './format/manifest.ts'
export type { Sha256 } from './format/merkle.ts'
export { segmentName } from './format/segment-header.ts'
export type { StreamDescription } from './format/stream-body.ts'
export type { ArchiveRecord, Proof, RecordContent } from './read/archive-record.ts'
export type { Damage, DamageKind } from './read/damage.ts'
export { describeDamage } from './read/describe-damage.ts'
export type { ReadSegment } from './read/recording-reader.ts'
export { RecordingReader } from './read/recording-reader.ts'
export type { ReadManifest } from './read/recording-survey.ts'
export type { ReadRange } from './read/segment-records.ts'
export { MemoryStore } from './write/memory-store.ts'
export type { PauseReason } from './write/missed.ts'
export type {
  RecordingSource,
  RecordingStore,
  StoredFile,
  StoreFault,
  StoreFile,
} from './write/recording-store.ts'
export { StoreError } from './write/recording-store.ts'
export type {
  Finish,
  WriterLimits,
  WriterOptions,
  WriterState,
  WriterStats,
} from './write/recording-writer.ts'
export { defaultLimits, RecordingWriter, startRecording } from './write/recording-writer.ts'
export type { Recovered, Recovery } from './write/recover.ts'
export { closeRecovered, recoverRecording, resumeRecording } from './write/recover.ts'
export { signManifest } from './write/sign-manifest.ts'
