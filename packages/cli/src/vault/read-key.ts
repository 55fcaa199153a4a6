/** The key that `--key` names: a key file with its passphrase, a printed page, or as many shares as it takes. */
import type { ReadBackup, RecordingKey } from '@huisclos/vault'
import { keyFromBackups, readBackup, VaultError } from '@huisclos/vault'
import type { Options } from './run-vault.ts'
import type { Terminal } from './terminal.ts'
import { readPassphrase, readText } from './terminal.ts'
import { words } from './words.ts'

export async function readKey(options: Options, terminal: Terminal): Promise<RecordingKey> {
  const paths = options.key ?? []
  if (paths.length === 0) throw new VaultError('usage', '--key FILE')
  const backups = await Promise.all(paths.map(async (path) => readBackup(await readText(path))))
  return joinRead(backups, options, terminal)
}

/** Throws what opening a file and joining shares throw. */
export function joinRead(
  backups: ReadBackup[],
  options: Options,
  { language }: Terminal,
): Promise<RecordingKey> {
  return keyFromBackups(backups, () => readPassphrase(options['passphrase-file'], words[language].ask))
}
