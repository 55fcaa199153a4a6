/**
 * The files in packages/bench/media: one stream of really encoded frames, of equal duration, to be sent round and round.
 * IVF as players read it (little endian; 32 bytes of header, then 12 before each frame), with two habits of our own:
 * Opus packets may be in it as well (fourcc OPUS, no size), and the header's unused last word holds the CRC-32 of all
 * other bytes. Anything that is not whole and right is an error.
 */
import { crc32 } from 'node:zlib'
import { parseOpus } from '@huisclos/crypto/sframe'
import type { FrameCodec } from '@huisclos/rtp'
import { isVp8KeyFrame, vp8PictureSize } from '@huisclos/rtp'

export interface LoopFile {
  codec: FrameCodec
  /** Of the picture, in pixels; 0 for sound. */
  width: number
  height: number
  /** Duration of each frame in the codec's RTP clock. */
  ticksPerFrame: number
  /** The first one stands for itself: a VP8 key frame, or any Opus packet. */
  frames: readonly Uint8Array[]
}

export type LoopFileErrorCode = 'truncated' | 'damaged' | 'unknown-format'

export class LoopFileError extends Error {
  readonly code: LoopFileErrorCode
  constructor(code: LoopFileErrorCode) {
    super(code)
    this.name = 'LoopFileError'
    this.code = code
  }
}

const MAGIC = 'DKIF'
const FOURCC: Record<FrameCodec, string> = { vp8: 'VP80', opus: 'OPUS' }
export const CLOCK_RATES: Record<FrameCodec, number> = { vp8: 90_000, opus: 48_000 }
const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 12
const CRC_AT = 28

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
const toAscii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
const checksum = (bytes: Uint8Array): number =>
  crc32(bytes.subarray(HEADER_BYTES), crc32(bytes.subarray(0, CRC_AT)))

export function encodeLoopFile({ codec, width, height, ticksPerFrame, frames }: LoopFile): Uint8Array {
  const total = frames.reduce((sum, { length }) => sum + FRAME_HEADER_BYTES + length, HEADER_BYTES)
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  bytes.set(toAscii(MAGIC))
  view.setUint16(6, HEADER_BYTES, true)
  bytes.set(toAscii(FOURCC[codec]), 8)
  view.setUint16(12, width, true)
  view.setUint16(14, height, true)
  // Frame i is shown at i × scale / rate seconds.
  view.setUint32(16, CLOCK_RATES[codec], true)
  view.setUint32(20, ticksPerFrame, true)
  view.setUint32(24, frames.length, true)
  let at = HEADER_BYTES
  frames.forEach((frame, index) => {
    view.setUint32(at, frame.length, true)
    view.setBigUint64(at + 4, BigInt(index), true)
    bytes.set(frame, at + FRAME_HEADER_BYTES)
    at += FRAME_HEADER_BYTES + frame.length
  })
  view.setUint32(CRC_AT, checksum(bytes), true)
  return bytes
}

/** Frames are views into `bytes`. @throws LoopFileError and nothing else */
export function decodeLoopFile(bytes: Uint8Array): LoopFile {
  if (bytes.length < HEADER_BYTES) throw new LoopFileError('truncated')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fourcc = ascii(bytes.subarray(8, 12))
  const codec = (['vp8', 'opus'] as const).find((known) => FOURCC[known] === fourcc)
  const known = ascii(bytes.subarray(0, 4)) === MAGIC && view.getUint16(4, true) === 0
  if (!codec || !known || view.getUint16(6, true) !== HEADER_BYTES) throw new LoopFileError('unknown-format')
  if (view.getUint32(16, true) !== CLOCK_RATES[codec]) throw new LoopFileError('unknown-format')
  const file: LoopFile = {
    codec,
    width: view.getUint16(12, true),
    height: view.getUint16(14, true),
    ticksPerFrame: view.getUint32(20, true),
    frames: readFrames(bytes, view.getUint32(24, true)),
  }
  if (view.getUint32(CRC_AT, true) !== checksum(bytes) || !isPlayable(file))
    throw new LoopFileError('damaged')
  return file
}

function readFrames(bytes: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const frames: Uint8Array[] = []
  let at = HEADER_BYTES
  while (frames.length < count) {
    const from = at + FRAME_HEADER_BYTES
    if (from > bytes.length) throw new LoopFileError('truncated')
    const to = from + view.getUint32(at, true)
    if (to > bytes.length) throw new LoopFileError('truncated')
    if (view.getBigUint64(at + 4, true) !== BigInt(frames.length)) throw new LoopFileError('damaged')
    frames.push(bytes.subarray(from, to))
    at = to
  }
  if (at !== bytes.length) throw new LoopFileError('damaged')
  return frames
}

function isPlayable({ codec, width, height, ticksPerFrame, frames }: LoopFile): boolean {
  const [first] = frames
  if (!first || ticksPerFrame === 0) return false
  if (codec === 'opus') return frames.every((frame) => parseOpus(frame).ok)
  return (
    isVp8KeyFrame(first) &&
    frames.every((frame) => {
      if (frame.length === 0) return false
      if (!isVp8KeyFrame(frame)) return true
      const size = vp8PictureSize(frame)
      return size?.width === width && size.height === height
    })
  )
}
