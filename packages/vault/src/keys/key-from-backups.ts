/** The key that somebody brings: one key file with its passphrase, one printed page, or as many shares as it takes. */
import type { RecordingKey } from '@huisclos/crypto/seal'
import { VaultError } from '../vault-error.ts'
import type { ReadBackup } from './check-backup.ts'
import { openKeyFile } from './key-file.ts'
import { joinBackups } from './shares.ts'

/** `passphrase` is asked for only where there is a key file. Throws what opening a file and joining shares throw. */
export async function keyFromBackups(
  backups: readonly ReadBackup[],
  passphrase: () => Promise<string>,
): Promise<RecordingKey> {
  const [first] = backups
  if (first?.kind === 'file') {
    if (backups.length > 1) throw new VaultError('shares-mixed')
    return openKeyFile(first.file, await passphrase())
  }
  // A key file among shares is of no use to them.
  if (backups.some(({ kind }) => kind === 'file')) throw new VaultError('shares-mixed')
  return joinBackups(backups.flatMap((read) => (read.kind === 'backup' ? [read.backup] : [])))
}
