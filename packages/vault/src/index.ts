/**
 * What the owner of a recording key does with it [REC5] [REC6]: makes and keeps it, checks backups, opens recordings.
 * Runs with and without Node. Sends nothing anywhere; the key leaves no function here but to its caller.
 */

export type { DamageKind, EventCode, RecordingSource } from '@huisclos/archive'
export {
  encodePublicKeyFile,
  formatFingerprint,
  newRecordingKey,
  type PublicHalf,
  type RecordingKey,
  recordingFingerprint,
} from '@huisclos/crypto/seal'
export { type Backup, encodeBackup } from './keys/backup-text.ts'
export { type ReadBackup, readBackup, requireFingerprint } from './keys/check-backup.ts'
export {
  type KeyFile,
  MIN_PASSPHRASE_CHARS,
  openKeyFile,
  readPublicHalf,
  sealKeyFile,
} from './keys/key-file.ts'
export { keyFromBackups } from './keys/key-from-backups.ts'
export { type PaperLanguage, renderPaper } from './keys/paper.ts'
export { joinBackups, MAX_SHARES, splitKey, wholeKey } from './keys/shares.ts'
export { composeArguments } from './opening/compose.ts'
export type { GapReason } from './opening/gap-list.ts'
export { type OpenOptions, openRecording, type WrittenFrame } from './opening/open-recording.ts'
export type { MediaFormat } from './opening/person-file.ts'
export { clock, describeReport, isWhole, type OpeningReport } from './opening/report.ts'
export { rewrapAsMp4 } from './opening/rewrap.ts'
export { VAULT_CODES, type VaultCode, VaultError } from './vault-error.ts'
