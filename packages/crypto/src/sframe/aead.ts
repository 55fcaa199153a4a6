/**
 * The one AEAD that SFrame's GCM suites need, over WebCrypto. Keys are not extractable and serve one
 * direction only (RFC 9605 §4.4.1: usable for encryption or decryption, never both).
 */
import type { Bytes } from '../bytes.ts'
import { toBytes } from '../bytes.ts'

export type KeyUse = 'seal' | 'open'

/** An imported key with its algorithm. `open` answers `undefined` when the tag does not fit. */
export type Aead = {
  seal(nonce: Bytes, aad: Bytes, plaintext: Uint8Array): Promise<Bytes>
  open(nonce: Bytes, aad: Bytes, ciphertext: Uint8Array): Promise<Bytes | undefined>
}

/** AES-GCM with a full 16-byte tag; `raw` is 16 or 32 bytes. */
export async function importAesGcm(raw: Uint8Array, use: KeyUse): Promise<Aead> {
  const usages: ['encrypt'] | ['decrypt'] = use === 'seal' ? ['encrypt'] : ['decrypt']
  const key = await crypto.subtle.importKey('raw', toBytes(raw), 'AES-GCM', false, usages)
  const parameters = (iv: Bytes, additionalData: Bytes) => ({
    name: 'AES-GCM',
    iv,
    additionalData,
    tagLength: 128,
  })
  return {
    async seal(nonce, aad, plaintext) {
      return new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, aad), key, toBytes(plaintext)))
    },
    async open(nonce, aad, ciphertext) {
      try {
        return new Uint8Array(await crypto.subtle.decrypt(parameters(nonce, aad), key, toBytes(ciphertext)))
      } catch {
        return undefined
      }
    },
  }
}
