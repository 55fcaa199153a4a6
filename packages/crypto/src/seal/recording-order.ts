/**
 * The order to record [REC1]: what `MeetingPolicy.recordingKey` in the GroupContext holds while a recording runs.
 * Every member reads the same bytes there, so who owns the key cannot differ from one screen to another.
 *
 *   fields(version (1 byte: 1), recording id (16), X-Wing public key (1,216), owner (UTF-8, at most 64 characters))
 */
import type { Bytes } from '../bytes.ts'
import { decodeFields, decodeUtf8, encodeFields, utf8 } from '../bytes.ts'
import { RECORDING_KEY_BYTES } from './recording-key.ts'
import { SealError } from './seal-error.ts'

export const RECORDING_ID_BYTES = 16
const MAX_OWNER_CHARS = 64
const VERSION = 1
const MAX_ORDER_BYTES = 2048

/** `owner`: the key's owner as its file calls it; written by a member, so shown as text and never trusted. */
export type RecordingOrder = { recording: Bytes; publicKey: Bytes; owner: string }

/** Throws `bad-input`. */
export function encodeRecordingOrder({ recording, publicKey, owner }: RecordingOrder): Bytes {
  if (
    recording.length !== RECORDING_ID_BYTES ||
    publicKey.length !== RECORDING_KEY_BYTES ||
    !isKeyOwner(owner)
  )
    throw new SealError('bad-input')
  return encodeFields(Uint8Array.of(VERSION), recording, publicKey, utf8(owner))
}

/** `undefined` for anything that is not the one encoding of an order. */
export function decodeRecordingOrder(bytes: Uint8Array): RecordingOrder | undefined {
  const fields = bytes.length > MAX_ORDER_BYTES ? undefined : decodeFields(bytes)
  if (fields?.length !== 4) return undefined
  const [version, recording, publicKey, text] = fields as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  if (version.length !== 1 || version[0] !== VERSION) return undefined
  if (recording.length !== RECORDING_ID_BYTES || publicKey.length !== RECORDING_KEY_BYTES) return undefined
  const owner = decodeUtf8(text)
  if (owner === undefined || !isKeyOwner(owner)) return undefined
  return { recording: recording.slice() as Bytes, publicKey: publicKey.slice() as Bytes, owner }
}

/** Whether a text may name a key's owner: few characters, and none that controls a screen. */
export function isKeyOwner(owner: string): boolean {
  return owner.isWellFormed() && [...owner].length <= MAX_OWNER_CHARS && !/\p{Cc}/u.test(owner)
}
