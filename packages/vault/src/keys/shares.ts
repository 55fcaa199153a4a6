/**
 * A recording key in k of n shares [REC6], by shamir-secret-sharing (audited, GF(2^8)). Fewer than k say nothing about
 * the key. A wrong share gives a wrong key, which the fingerprint in each share finds out.
 */
import { equal, toBytes, wipe } from '@huisclos/crypto/bytes'
import type { RecordingKey } from '@huisclos/crypto/seal'
import { recordingFingerprint, recordingKeyFromSeed } from '@huisclos/crypto/seal'
import { combine, split } from 'shamir-secret-sharing'
import { VaultError } from '../vault-error.ts'
import type { Backup } from './backup-text.ts'

export const MAX_SHARES = 32

/** Throws `shares-invalid` unless 2 ≤ needed ≤ of ≤ 32. */
export async function splitKey(key: RecordingKey, needed: number, of: number): Promise<Backup[]> {
  if (!Number.isInteger(needed) || !Number.isInteger(of) || needed < 2 || needed > of || of > MAX_SHARES)
    throw new VaultError('shares-invalid')
  const fingerprint = recordingFingerprint(key.publicKey)
  const shares = await split(new Uint8Array(key.seed), of, needed)
  return shares.map((share) => ({ kind: 'share', needed, of, fingerprint, secret: toBytes(share) }))
}

/** The whole key as one backup. */
export function wholeKey(key: RecordingKey): Backup {
  const fingerprint = recordingFingerprint(key.publicKey)
  return { kind: 'key', needed: 1, of: 1, fingerprint, secret: new Uint8Array(key.seed) }
}

/** Throws `shares-too-few` (with how many are needed), `shares-mixed`, `key-mismatch`. The same share twice counts once. */
export async function joinBackups(backups: Backup[]): Promise<RecordingKey> {
  const [first] = backups
  if (!first) throw new VaultError('shares-too-few')
  const isOfOne = ({ kind, needed, fingerprint }: Backup) =>
    kind === first.kind && needed === first.needed && equal(fingerprint, first.fingerprint)
  if (!backups.every(isOfOne)) throw new VaultError('shares-mixed')
  const distinct = new Map(backups.map((backup) => [backup.secret.at(-1), backup]))
  if (first.kind === 'share' && distinct.size < first.needed)
    throw new VaultError('shares-too-few', String(first.needed))
  const parts = [...distinct.values()].map(({ secret }) => new Uint8Array(secret))
  const seed = first.kind === 'key' ? first.secret : await combine(parts)
  const key = await recordingKeyFromSeed(seed)
  wipe(seed)
  if (!equal(recordingFingerprint(key.publicKey), first.fingerprint)) {
    wipe(key.seed)
    throw new VaultError('key-mismatch')
  }
  return key
}
