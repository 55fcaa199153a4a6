/**
 * AES-GCM of SFrame over Node's own crypto: answers at once, where WebCrypto's way to another thread and back costs more
 * than the cipher does. Same port, vectors and tests as the one over WebCrypto. Nothing of a frame whose tag does not fit
 * leaves `open`.
 */
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import type { ImportGcm } from '@huisclos/crypto/sframe'

const TAG_BYTES = 16
const NONCE_BYTES = 12
const NAMES = new Map([
  [16, 'aes-128-gcm'],
  [32, 'aes-256-gcm'],
] as const)
const OPTIONS = { authTagLength: TAG_BYTES }

/** @throws Error on a key of another size */
export const importNodeGcm: ImportGcm = (raw, use) => {
  const name = NAMES.get(raw.length as 16 | 32)
  if (!name) throw new Error('an AES-GCM key has 16 or 32 bytes')
  // A copy: the caller wipes its own.
  const key = createSecretKey(raw)
  return {
    seal(nonce, aad, plaintext) {
      if (use !== 'seal' || nonce.length !== NONCE_BYTES) throw new Error('this key does not seal')
      const cipher = createCipheriv(name, key, nonce, OPTIONS).setAAD(aad)
      const sealed = new Uint8Array(plaintext.length + TAG_BYTES)
      sealed.set(cipher.update(plaintext))
      cipher.final()
      sealed.set(cipher.getAuthTag(), plaintext.length)
      return sealed
    },
    open(nonce, aad, ciphertext) {
      const size = ciphertext.length - TAG_BYTES
      if (use !== 'open' || nonce.length !== NONCE_BYTES || size < 0) return undefined
      const decipher = createDecipheriv(name, key, nonce, OPTIONS)
      decipher.setAAD(aad).setAuthTag(ciphertext.subarray(size))
      const plaintext = new Uint8Array(size)
      plaintext.set(decipher.update(ciphertext.subarray(0, size)))
      try {
        decipher.final()
        return plaintext
      } catch {
        plaintext.fill(0)
        return undefined
      }
    },
  }
}
