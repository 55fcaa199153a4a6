/**
 * Whether a backup is good, without opening anything [REC6]: readable, of which key, and, with the passphrase or enough
 * shares, whether it really holds that key.
 */
import { decodeBase64url, equal } from '@huisclos/crypto/bytes'
import { recordingFingerprint } from '@huisclos/crypto/seal'
import { VaultError } from '../vault-error.ts'
import type { Backup } from './backup-text.ts'
import { decodeBackup } from './backup-text.ts'
import type { KeyFile } from './key-file.ts'
import { readKeyFile } from './key-file.ts'

/** A key file is `kind: 'file'`: what it says of itself; only its passphrase proves the rest. */
export type ReadBackup =
  | { kind: 'file'; fingerprint: Uint8Array; owner: string; file: KeyFile }
  | { kind: 'backup'; fingerprint: Uint8Array; backup: Backup }

/** Key file, share or paper text, whichever it is. Throws the codes of each. */
export function readBackup(text: string): ReadBackup {
  if (text.trimStart().startsWith('{')) {
    const file = readKeyFile(text)
    const fingerprint = recordingFingerprint(decodeBase64url(file.publicKey) ?? new Uint8Array())
    return { kind: 'file', fingerprint, owner: file.owner, file }
  }
  const backup = decodeBackup(rowsOf(text))
  return { kind: 'backup', fingerprint: backup.fingerprint, backup }
}

/** Throws `key-mismatch` unless the backup is of the key with this fingerprint. */
export function requireFingerprint(read: ReadBackup, fingerprint: Uint8Array): void {
  if (!equal(read.fingerprint, fingerprint)) throw new VaultError('key-mismatch')
}

/** Of a printed page that was kept as a file, the rows alone. */
function rowsOf(text: string): string {
  return /<pre>([\s\S]*?)<\/pre>/.exec(text)?.[1] ?? text
}
