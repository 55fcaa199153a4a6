/**
 * One encoded media frame as it travels [FRM1, FRM2, FRM5, KEY3]:
 *
 *   clear bytes ‖ SFrame header ‖ encrypted rest ‖ 16-byte tag
 *
 * with the metadata of `frame-metadata.ts` authenticated. Frames that are empty, or VP8 frames shorter than
 * their clear bytes, carry no media and are refused on both sides: the caller drops them, it never sends or
 * plays them as they are. A frame that is its clear bytes alone, or a one-byte Opus packet, is sealed like any.
 * Results own their whole buffer, so that `frame.data = result.data.buffer` is right.
 */
import type { Bytes } from '../bytes.ts'
import { concat } from '../bytes.ts'
import { open, sealParts } from './cipher.ts'
import type { SframeKey } from './derive.ts'
import type { Codec, MediaKind } from './frame-metadata.ts'
import { clearBytesOf, encodeMetadata } from './frame-metadata.ts'
import { decodeHeader } from './header.ts'
import type { KeyRing } from './key-ring.ts'
import { decodeKid } from './kid.ts'
import { padOpus } from './opus.ts'

/** The largest frame sealed or opened, before encryption. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024
/** The most that sealing adds: a header of 17 bytes and a tag of 16. */
const MAX_OVERHEAD_BYTES = 33

/** `padTo`: the constant size of Opus packets in bytes [FRM4]; for Opus only. */
export type ClearFrame = { codec: Codec; kind: MediaKind; data: Uint8Array; padTo?: number }

/** `no-key`: nothing may be sent yet. `too-large`: beyond `MAX_FRAME_BYTES` or `padTo`. */
export type SealedFrame =
  | { ok: true; data: Bytes }
  | { ok: false; code: 'no-key' | 'malformed' | 'too-large' }

/** `expected`: leaf and stream of the announced stream that the frame came in on [FRM5]. `now` in ms. */
export type IncomingFrame = {
  codec: Codec
  kind: MediaKind
  data: Uint8Array
  expected: { leaf: number; stream: number }
  now: number
}

/**
 * - `malformed`: not a frame of this codec with an SFrame ciphertext in it
 * - `too-large`: not even looked at
 * - `wrong-sender`: the KID is not of the stream announced here
 * - `no-key`: unknown epoch, one that is over, or a leaf that was removed
 * - `replayed`: this counter was opened before, or is older than the window
 * - `bad-tag`: altered, or sealed with another key
 */
export type FrameRefusal = 'malformed' | 'too-large' | 'wrong-sender' | 'no-key' | 'replayed' | 'bad-tag'

export type OpenedFrame =
  | { ok: true; data: Bytes; epochLow: number; ctr: bigint }
  | { ok: false; code: FrameRefusal }

/** Seals one frame. The caller answers for `ctr` being used once under `key`. */
export async function sealFrame(key: SframeKey, ctr: bigint, frame: ClearFrame): Promise<SealedFrame> {
  if (frame.data.length > MAX_FRAME_BYTES) return { ok: false, code: 'too-large' }
  let data = frame.data
  if (frame.padTo !== undefined && frame.codec === 'opus') {
    const padded = padOpus(data, frame.padTo)
    if (!padded.ok) return padded
    data = padded.packet
  }
  const clearSize = clearBytesOf(frame.codec, data)
  if (clearSize === undefined) return { ok: false, code: 'malformed' }
  const clear = data.subarray(0, clearSize)
  const metadata = encodeMetadata(frame.codec, frame.kind, clear)
  const { header, body } = await sealParts(key, ctr, metadata, data.subarray(clearSize))
  return { ok: true, data: concat(clear, header, body) }
}

/** Opens one frame with the key that its KID names. Anything but `ok` must be dropped, never rendered [FRM2]. */
export async function openFrame(ring: KeyRing, frame: IncomingFrame): Promise<OpenedFrame> {
  const { codec, kind, data, expected, now } = frame
  if (data.length > MAX_FRAME_BYTES + MAX_OVERHEAD_BYTES) return { ok: false, code: 'too-large' }
  const clearSize = clearBytesOf(codec, data)
  if (clearSize === undefined) return { ok: false, code: 'malformed' }
  const sealed = data.subarray(clearSize)
  const header = decodeHeader(sealed)
  if (!header.ok) return { ok: false, code: 'malformed' }
  const kid = decodeKid(header.kid)
  if (!kid.ok) return { ok: false, code: 'malformed' }
  if (kid.leaf !== expected.leaf || kid.stream !== expected.stream) return { ok: false, code: 'wrong-sender' }
  const receiver = await ring.receiver(header.kid, now)
  if (!receiver) return { ok: false, code: 'no-key' }
  if (!receiver.window.isFresh(header.ctr)) return { ok: false, code: 'replayed' }
  const clear = data.subarray(0, clearSize)
  const opened = await open(receiver.key, encodeMetadata(codec, kind, clear), sealed)
  if (!opened.ok) return opened
  // Another copy of this frame may have been opened while we waited for the cipher.
  if (!receiver.window.accept(opened.ctr)) return { ok: false, code: 'replayed' }
  const whole = clearSize === 0 ? opened.plaintext : concat(clear, opened.plaintext)
  return { ok: true, data: whole, epochLow: kid.epochLow, ctr: opened.ctr }
}
