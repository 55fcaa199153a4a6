/** Width and height of a picture as its key frame says: VP8 (RFC 6386 §9.1) and VP9 (bitstream specification §6.2). */
import type { RecordedCodec } from './journal-facts.ts'

export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Null for what is no key frame, or is damaged. */
export function pictureSize(codec: RecordedCodec, frame: Uint8Array): PictureSize | null {
  if (codec === 'vp8') return vp8Size(frame)
  return codec === 'vp9' ? vp9Size(frame) : null
}

function vp8Size(frame: Uint8Array): PictureSize | null {
  const [tag = 1, , , a, b, c, w0 = 0, w1 = 0, h0 = 0, h1 = 0] = frame
  if ((tag & 1) !== 0 || frame.length < 10 || a !== 0x9d || b !== 0x01 || c !== 0x2a) return null
  return { width: w0 | ((w1 & 0x3f) << 8), height: h0 | ((h1 & 0x3f) << 8) }
}

function vp9Size(frame: Uint8Array): PictureSize | null {
  let bit = 0
  const read = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i++, bit++)
      value = (value << 1) | (((frame[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1)
    return value
  }
  if (read(2) !== 2) return null
  const profile = read(1) | (read(1) << 1)
  // Profiles above 0 are for more colours than browsers send.
  if (profile !== 0 || read(1) === 1 || read(1) === 1) return null
  read(2)
  if (read(24) !== 0x498342) return null
  if (read(3) !== 7) read(1)
  else return null
  const width = read(16) + 1
  const height = read(16) + 1
  return bit <= frame.length * 8 ? { width, height } : null
}
