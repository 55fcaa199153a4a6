/**
 * The SFrame key of one (leaf, stream) in one epoch as an envelope carries it [REC2]: what RFC 9605 §4.4.2 derives
 * for that KID, from which neither the base key nor any other KID's key can be found.
 */
import type { Bytes } from '../bytes.ts'
import { wipe } from '../bytes.ts'
import type { SframeKey } from '../sframe/derive.ts'
import { deriveKeyMaterial } from '../sframe/derive.ts'
import { encodeKid } from '../sframe/kid.ts'
import { MEETING_SUITE, suiteOf } from '../sframe/suites.ts'
import { SealError } from './seal-error.ts'

export const STREAM_KEY_BYTES = 32
export const STREAM_SALT_BYTES = 12

/** `key` 32 bytes, `salt` 12. */
export type StreamKey = { leaf: number; stream: number; key: Bytes; salt: Bytes }
export type StreamPlace = { leaf: number; stream: number; epoch: number }

/** Throws `kid-out-of-range`, `bad-base-key`. The caller wipes key and salt when they are sealed. */
export function deriveStreamKey(baseKey: Uint8Array, { leaf, stream, epoch }: StreamPlace): StreamKey {
  const kid = encodeKid({ leaf, stream, epoch })
  const { secret, key, salt } = deriveKeyMaterial(MEETING_SUITE, kid, baseKey)
  wipe(secret)
  return { leaf, stream, key, salt }
}

/** The key ready to open frames of `epoch`. Throws `bad-input`, `kid-out-of-range`. */
export async function importStreamKey(
  { leaf, stream, key, salt }: StreamKey,
  epoch: number,
): Promise<SframeKey> {
  if (key.length !== STREAM_KEY_BYTES || salt.length !== STREAM_SALT_BYTES) throw new SealError('bad-input')
  const aead = await suiteOf(MEETING_SUITE).importKey(key, 'open')
  const kid = encodeKid({ leaf, stream, epoch })
  return { suite: MEETING_SUITE, kid, use: 'open', aead, salt: salt.slice() }
}
