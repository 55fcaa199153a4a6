/** Comparing secrets: always hash against hash, in constant time (SIG4). Stores and returns no secret. */
import { createHash, timingSafeEqual } from 'node:crypto'

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Whether `secret` hashes to `hash` (32 bytes). The time taken does not depend on where they differ. */
export function hashesTo(secret: Uint8Array, hash: Uint8Array): boolean {
  return timingSafeEqual(sha256(secret), hash)
}

/** Whether `secret` hashes to one of `hashes`; compares with each, whichever matches. */
export function hashesToOneOf(secret: Uint8Array, hashes: readonly Uint8Array[]): boolean {
  return hashes.reduce((found, hash) => hashesTo(secret, hash) || found, false)
}

/** The bytes of a base64url text, null when it is no 32-byte secret. */
export function secretFrom(text: string | undefined): Buffer | null {
  if (text === undefined || !/^[A-Za-z0-9_-]{43}$/.test(text)) return null
  return Buffer.from(text, 'base64url')
}
