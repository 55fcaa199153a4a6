/**
 * The AEAD of SFrame's counter-mode suites, RFC 9605 §4.5.1: AES-CTR, then HMAC over lengths, nonce, associated
 * data and ciphertext, cut to a short tag. Here for the published vectors and for interoperation only: a
 * meeting never uses a short tag [KEY1].
 */
import type { Bytes } from '../bytes.ts'
import { concat, equal, toBytes, uint } from '../bytes.ts'
import type { Aead, KeyUse } from './aead.ts'

const ENCRYPTION_KEY_BYTES = 16

/** An importer of 48-byte keys, the first 16 for AES-128 and the others for HMAC-SHA-256. */
export function importAesCtrHmac(tagBytes: number): (raw: Uint8Array, use: KeyUse) => Promise<Aead> {
  return async (raw, use) => {
    const usage = use === 'seal' ? 'encrypt' : 'decrypt'
    const encryptionKey = toBytes(raw.subarray(0, ENCRYPTION_KEY_BYTES))
    const cipher = await crypto.subtle.importKey('raw', encryptionKey, 'AES-CTR', false, [usage])
    const hmac = { name: 'HMAC', hash: 'SHA-256' }
    const authenticationKey = toBytes(raw.subarray(ENCRYPTION_KEY_BYTES))
    const mac = await crypto.subtle.importKey('raw', authenticationKey, hmac, false, ['sign'])

    const counter = (nonce: Bytes) => ({
      name: 'AES-CTR',
      counter: concat(nonce, new Uint8Array(4)),
      length: 32,
    })
    const tagOf = async (nonce: Bytes, aad: Bytes, ciphertext: Uint8Array) => {
      const lengths = concat(uint(aad.length, 8), uint(ciphertext.length, 8), uint(tagBytes, 8))
      const tag = await crypto.subtle.sign('HMAC', mac, concat(lengths, nonce, aad, ciphertext))
      return new Uint8Array(tag).subarray(0, tagBytes)
    }
    return {
      async seal(nonce, aad, plaintext) {
        const body = await crypto.subtle.encrypt(counter(nonce), cipher, toBytes(plaintext))
        const ciphertext = new Uint8Array(body)
        return concat(ciphertext, await tagOf(nonce, aad, ciphertext))
      },
      async open(nonce, aad, sealed) {
        if (sealed.length < tagBytes) return undefined
        const ciphertext = sealed.subarray(0, sealed.length - tagBytes)
        const tag = await tagOf(nonce, aad, ciphertext)
        if (!equal(tag, sealed.subarray(sealed.length - tagBytes))) return undefined
        return new Uint8Array(await crypto.subtle.decrypt(counter(nonce), cipher, toBytes(ciphertext)))
      },
    }
  }
}
