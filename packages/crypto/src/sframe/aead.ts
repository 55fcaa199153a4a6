/**
 * The one AEAD that SFrame's GCM suites need, as a port, and over WebCrypto as every browser has it. Keys are not
 * extractable and serve one direction only (RFC 9605 §4.4.1: usable for encryption or decryption, never both). Where a
 * program runs on Node, another adapter answers at once: a frame of sound costs less than WebCrypto's way there and back.
 */
import type { Bytes } from '../bytes.ts'
import { toBytes } from '../bytes.ts'

export type KeyUse = 'seal' | 'open'

/**
 * An imported key with its algorithm. `open` answers `undefined` when the tag does not fit. What they give owns its whole
 * buffer. A key for the other direction seals nothing (it throws) and opens nothing.
 */
export type Aead = {
  seal(nonce: Bytes, aad: Bytes, plaintext: Uint8Array): Bytes | Promise<Bytes>
  open(nonce: Bytes, aad: Bytes, ciphertext: Uint8Array): Bytes | undefined | Promise<Bytes | undefined>
}

/** AES-GCM with a full 16-byte tag; `raw` is 16 or 32 bytes and is wiped by the caller once this has resolved. */
export type ImportGcm = (raw: Uint8Array, use: KeyUse) => Aead | Promise<Aead>

export const importAesGcm: ImportGcm = async (raw, use) => {
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
