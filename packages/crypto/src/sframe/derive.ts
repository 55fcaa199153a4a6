/**
 * Key and salt of one KID from an epoch's base key, RFC 9605 §4.4.2. With MLS (§5.2) the base key is the
 * epoch's exporter secret itself: senders and streams differ by their KID, which is in both labels, so
 * there is no further step per sender [KEY1]. Runs once per KID, never per frame [FRM3].
 */
import { expand, extract } from '@noble/hashes/hkdf.js'
import type { Bytes } from '../bytes.ts'
import { concat, toBytes, uint, utf8, wipe } from '../bytes.ts'
import type { Aead, ImportGcm, KeyUse } from './aead.ts'
import { importAesGcm } from './aead.ts'
import { SframeError } from './sframe-error.ts'
import { suiteOf } from './suites.ts'

/** The label of the MLS exporter that gives `base_key` (RFC 9605 §5.2); its context is empty. */
export const BASE_KEY_LABEL = 'SFrame 1.0 Base Key'
/** What the exporter is asked for: Nk of the meeting's suite. */
export const BASE_KEY_BYTES = 32
/** What the smallest suite asks for; an empty or cut key must never seal a frame. */
const MIN_BASE_KEY_BYTES = 16

const KEY_LABEL = utf8('SFrame 1.0 Secret key ')
const SALT_LABEL = utf8('SFrame 1.0 Secret salt ')

/** One KID's key, ready to seal or to open. The raw key is gone; `aead` holds it out of reach. */
export type SframeKey = { suite: number; kid: bigint; use: KeyUse; aead: Aead; salt: Bytes }

/** Every intermediate value of §4.4.2, for the published vectors; secret, so the caller wipes it. */
export type KeyMaterial = { secret: Bytes; keyLabel: Bytes; saltLabel: Bytes; key: Bytes; salt: Bytes }

/** Throws `unknown-suite`, `bad-base-key`. */
export function deriveKeyMaterial(suiteId: number, kid: bigint, baseKey: Uint8Array): KeyMaterial {
  const suite = suiteOf(suiteId)
  if (baseKey.length < MIN_BASE_KEY_BYTES) throw new SframeError('bad-base-key')
  const context = concat(uint(kid, 8), uint(suite.id, 2))
  const keyLabel = concat(KEY_LABEL, context)
  const saltLabel = concat(SALT_LABEL, context)
  const secret = toBytes(extract(suite.hash, baseKey, new Uint8Array(0)))
  const key = toBytes(expand(suite.hash, secret, keyLabel, suite.keyBytes))
  const salt = toBytes(expand(suite.hash, secret, saltLabel, suite.nonceBytes))
  return { secret, keyLabel, saltLabel, key, salt }
}

/** The key of one KID for one direction. Rejects with `unknown-suite`, `bad-base-key`. */
export async function deriveKeys(
  suiteId: number,
  kid: bigint,
  baseKey: Uint8Array,
  use: KeyUse,
  gcm: ImportGcm = importAesGcm,
): Promise<SframeKey> {
  const { secret, key, salt } = deriveKeyMaterial(suiteId, kid, baseKey)
  const aead = await suiteOf(suiteId).importKey(key, use, gcm)
  wipe(secret)
  wipe(key)
  return { suite: suiteId, kid, use, aead, salt }
}
