/**
 * What of an encoded frame stays readable for the SFU, and what is authenticated with it [FRM1]. Never SSRC
 * or RTP timestamps: the SFU rewrites them.
 */
import type { Bytes } from '../bytes.ts'
import { concat } from '../bytes.ts'

export type Codec = 'opus' | 'vp8' | 'vp9'
export type MediaKind = 'audio' | 'video'

const METADATA_VERSION = 1
const CODEC_NUMBERS: Record<Codec, number> = { opus: 1, vp8: 2, vp9: 3 }
const KIND_NUMBERS: Record<MediaKind, number> = { audio: 1, video: 2 }

/** Leading bytes left in clear: VP8 10 on key frames and 1 on others, VP9 and Opus none [FRM1]. */
export function clearBytes(codec: Codec, isKeyFrame: boolean): number {
  if (codec !== 'vp8') return 0
  return isKeyFrame ? 10 : 1
}

/**
 * The same, told from the frame itself: sender and receiver must agree, and only the frame's own first byte,
 * which is clear and authenticated, reaches both. VP8's bit 0 is 0 on key frames (RFC 6386 §9.1).
 * `undefined` when the frame is too short to have its clear bytes.
 */
export function clearBytesOf(codec: Codec, frame: Uint8Array): number | undefined {
  const first = frame[0]
  if (first === undefined) return undefined
  const size = clearBytes(codec, (first & 1) === 0)
  return frame.length < size ? undefined : size
}

/**
 * The SFrame metadata of a frame: version (1), codec (1 Opus, 2 VP8, 3 VP9), media kind (1 audio, 2 video), the
 * number of clear bytes, one byte each; then the clear bytes. One frame has one encoding and no two share one.
 */
export function encodeMetadata(codec: Codec, kind: MediaKind, clear: Uint8Array): Bytes {
  return concat(
    Uint8Array.of(METADATA_VERSION, CODEC_NUMBERS[codec], KIND_NUMBERS[kind], clear.length),
    clear,
  )
}
