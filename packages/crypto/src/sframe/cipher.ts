/**
 * Sealing and opening one SFrame ciphertext, RFC 9605 §4.4.3 and §4.4.4. Stateless: whoever calls `seal`
 * must never use a counter twice under one key (see `send-counter.ts`), and whoever calls `open` must judge
 * replays (see `replay-window.ts`).
 */
import type { Bytes } from '../bytes.ts'
import { concat } from '../bytes.ts'
import type { SframeKey } from './derive.ts'
import { decodeHeader, encodeHeader } from './header.ts'
import { suiteOf } from './suites.ts'

/** `no-key`: the ciphertext names another KID than the key's. */
export type Opened =
  | { ok: true; ctr: bigint; plaintext: Bytes }
  | { ok: false; code: 'malformed' | 'no-key' | 'bad-tag' }

/** Header and encrypted part apart, for a caller that joins them with something else in one copy. */
export async function sealParts(
  key: SframeKey,
  ctr: bigint,
  metadata: Uint8Array,
  plaintext: Uint8Array,
): Promise<{ header: Bytes; body: Bytes }> {
  const header = encodeHeader({ kid: key.kid, ctr })
  const body = await key.aead.seal(nonceOf(key.salt, ctr), concat(header, metadata), plaintext)
  return { header, body }
}

/** An SFrame ciphertext: header ‖ encrypted data ‖ tag. `metadata` is authenticated and not carried. */
export async function seal(
  key: SframeKey,
  ctr: bigint,
  metadata: Uint8Array,
  plaintext: Uint8Array,
): Promise<Bytes> {
  const { header, body } = await sealParts(key, ctr, metadata, plaintext)
  return concat(header, body)
}

/** Opens what `seal` made; every malformed or altered input is a refusal, never an exception. */
export async function open(key: SframeKey, metadata: Uint8Array, ciphertext: Uint8Array): Promise<Opened> {
  const header = decodeHeader(ciphertext)
  if (!header.ok) return { ok: false, code: 'malformed' }
  if (header.kid !== key.kid) return { ok: false, code: 'no-key' }
  if (ciphertext.length < header.sizeBytes + suiteOf(key.suite).tagBytes)
    return { ok: false, code: 'malformed' }
  const aad = concat(ciphertext.subarray(0, header.sizeBytes), metadata)
  const body = ciphertext.subarray(header.sizeBytes)
  const plaintext = await key.aead.open(nonceOf(key.salt, header.ctr), aad, body)
  return plaintext ? { ok: true, ctr: header.ctr, plaintext } : { ok: false, code: 'bad-tag' }
}

/** salt ⊕ counter, the counter in the low 64 bits, big-endian. */
export function nonceOf(salt: Bytes, ctr: bigint): Bytes {
  const nonce = salt.slice()
  const view = new DataView(nonce.buffer)
  const at = nonce.length - 8
  view.setBigUint64(at, view.getBigUint64(at) ^ ctr)
  return nonce
}
