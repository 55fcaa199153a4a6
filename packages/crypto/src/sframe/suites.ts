/**
 * Cipher suites of RFC 9605 §4.5 as a table of sizes, hash and AEAD; everything else in this folder is driven
 * by it. Suites that are not in the table are an error: there is no fallback and no downgrade.
 */
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import type { Aead, ImportGcm, KeyUse } from './aead.ts'
import { importAesGcm } from './aead.ts'
import { importAesCtrHmac } from './aes-ctr-hmac.ts'
import { SframeError } from './sframe-error.ts'

/** RFC 9605 §8.1 numbers. */
export type SuiteId = 0x0001 | 0x0002 | 0x0003 | 0x0004 | 0x0005

/** `keyBytes` is Nk, `nonceBytes` Nn, `tagBytes` Nt of RFC 9605 §4.4. */
export type Suite = {
  id: SuiteId
  name: string
  hash: typeof sha256 | typeof sha512
  keyBytes: number
  nonceBytes: number
  tagBytes: number
  /** `gcm` is what AES-GCM is done with, where it is this suite's; WebCrypto unless given. */
  importKey: (raw: Uint8Array, use: KeyUse, gcm?: ImportGcm) => Aead | Promise<Aead>
}

/** The suite of every meeting [KEY1]: AES_256_GCM_SHA512_128. */
export const MEETING_SUITE: SuiteId = 0x0005

const SUITES: Record<SuiteId, Suite> = {
  1: ctrSuite(0x0001, 10),
  2: ctrSuite(0x0002, 8),
  3: ctrSuite(0x0003, 4),
  4: {
    id: 0x0004,
    name: 'AES_128_GCM_SHA256_128',
    hash: sha256,
    keyBytes: 16,
    nonceBytes: 12,
    tagBytes: 16,
    importKey: (raw, use, gcm = importAesGcm) => gcm(raw, use),
  },
  5: {
    id: 0x0005,
    name: 'AES_256_GCM_SHA512_128',
    hash: sha512,
    keyBytes: 32,
    nonceBytes: 12,
    tagBytes: 16,
    importKey: (raw, use, gcm = importAesGcm) => gcm(raw, use),
  },
}

/** Whether `id` is a suite that this build has. */
export function isSuiteId(id: number): id is SuiteId {
  return Object.hasOwn(SUITES, id)
}

/** Throws `unknown-suite` for a number outside the table, whatever its type claims. */
export function suiteOf(id: number): Suite {
  if (!isSuiteId(id)) throw new SframeError('unknown-suite')
  return SUITES[id]
}

function ctrSuite(id: 1 | 2 | 3, tagBytes: number): Suite {
  return {
    id,
    name: `AES_128_CTR_HMAC_SHA256_${tagBytes * 8}`,
    hash: sha256,
    keyBytes: 48,
    nonceBytes: 12,
    tagBytes,
    importKey: importAesCtrHmac(tagBytes),
  }
}
