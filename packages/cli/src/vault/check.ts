/** `vault check`: whether a backup is readable and of which key; with `--prove` whether it really holds it [REC6]. */
import {
  formatFingerprint,
  readBackup,
  readPublicHalf,
  recordingFingerprint,
  requireFingerprint,
  VaultError,
} from '@huisclos/vault'
import { joinRead } from './read-key.ts'
import type { Command } from './run-vault.ts'
import { readText } from './terminal.ts'
import { words } from './words.ts'

export const check: Command = async (paths, options, terminal) => {
  if (paths.length === 0) throw new VaultError('usage', 'check BACKUP…')
  const said = words[terminal.language]
  const wanted = options.public
    ? recordingFingerprint(readPublicHalf(await readText(options.public)).publicKey)
    : null
  const backups = []
  for (const path of paths) {
    const read = readBackup(await readText(path))
    if (wanted) requireFingerprint(read, wanted)
    const part =
      read.kind === 'backup' && read.backup.kind === 'share' ? ` ${read.backup.needed}/${read.backup.of}` : ''
    terminal.say(`${path}: ${said.good}${part}. ${said.fingerprint} ${formatFingerprint(read.fingerprint)}`)
    backups.push(read)
  }
  if (options.prove) {
    const key = await joinRead(backups, options, terminal)
    key.seed.fill(0)
    terminal.say(`${paths.join(', ')}: ${said.proven}`)
  }
  return 0
}
