/**
 * Opus framing, RFC 6716 §3: reading a packet's frames, and padding a packet to a constant size (§3.2.5), since
 * the length of encrypted speech gives words away [FRM4]. Decoders drop the padding. Knows nothing of audio:
 * frames pass through untouched.
 */
import type { Bytes } from '../bytes.ts'

/** `sameSize`: all frames of one size, which a packet of code 3 then need not spell out. */
export type OpusPacket = {
  ok: true
  toc: number
  frames: Uint8Array[]
  paddingBytes: number
  sameSize: boolean
}

export type ParsedOpus = OpusPacket | { ok: false; code: 'malformed' }

/** `too-large`: the packet does not fit into the size asked for. */
export type PaddedOpus = { ok: true; packet: Bytes } | { ok: false; code: 'malformed' | 'too-large' }

const MAX_FRAME_BYTES = 1275
const MAX_PACKET_MS = 120
const MALFORMED = { ok: false, code: 'malformed' } as const

/** Checks requirements R1 to R7 of §3.4; frames are views into `packet`. Never throws. */
export function parseOpus(packet: Uint8Array): ParsedOpus {
  const toc = packet[0]
  if (toc === undefined) return MALFORMED
  const rest = packet.subarray(1)
  const parsed = [oneFrame, twoEqualFrames, twoFrames, manyFrames][toc & 3]?.(rest)
  if (!parsed || parsed.frames.some((frame) => frame.length > MAX_FRAME_BYTES)) return MALFORMED
  if (parsed.frames.length * frameMs(toc) > MAX_PACKET_MS) return MALFORMED
  return { ok: true, toc, ...parsed }
}

/**
 * The same frames in a packet of exactly `sizeBytes`: as it is when it fits already, otherwise as a packet of
 * code 3 with padding, any padding it had being replaced.
 */
export function padOpus(packet: Uint8Array, sizeBytes: number): PaddedOpus {
  const parsed = parseOpus(packet)
  if (!parsed.ok) return parsed
  if (packet.length === sizeBytes) return { ok: true, packet: new Uint8Array(packet) }
  const lengths = parsed.sameSize
    ? []
    : parsed.frames.slice(0, -1).flatMap(({ length }) => encodeLength(length))
  const framesBytes = parsed.frames.reduce((size, frame) => size + frame.length, 0)
  const extra = sizeBytes - (2 + lengths.length + framesBytes)
  if (extra < 0) return { ok: false, code: 'too-large' }
  const out = new Uint8Array(sizeBytes)
  const paddingLength = extra === 0 ? [] : encodePaddingLength(extra)
  const count = (parsed.sameSize ? 0 : 0x80) | (extra === 0 ? 0 : 0x40) | parsed.frames.length
  const head = [parsed.toc | 3, count, ...paddingLength, ...lengths]
  out.set(head)
  let at = head.length
  for (const frame of parsed.frames) {
    out.set(frame, at)
    at += frame.length
  }
  return { ok: true, packet: out }
}

type Frames = Pick<OpusPacket, 'frames' | 'paddingBytes' | 'sameSize'>

function oneFrame(rest: Uint8Array): Frames {
  return { frames: [rest], paddingBytes: 0, sameSize: true }
}

function twoEqualFrames(rest: Uint8Array): Frames | undefined {
  return equalFrames(rest, 2, 0)
}

function twoFrames(rest: Uint8Array): Frames | undefined {
  return sizedFrames(rest, 2, 0)
}

/** Code 3: a count byte, the padding's length, perhaps the frames' lengths, the frames, the padding. */
function manyFrames(rest: Uint8Array): Frames | undefined {
  const countByte = rest[0]
  if (countByte === undefined) return undefined
  const count = countByte & 0x3f
  if (count === 0) return undefined
  let at = 1
  let paddingBytes = 0
  if (countByte & 0x40) {
    let part: number | undefined
    do {
      part = rest[at++]
      if (part === undefined) return undefined
      paddingBytes += part === 255 ? 254 : part
    } while (part === 255)
  }
  if (at + paddingBytes > rest.length) return undefined
  const body = rest.subarray(at, rest.length - paddingBytes)
  return countByte & 0x80 ? sizedFrames(body, count, paddingBytes) : equalFrames(body, count, paddingBytes)
}

function equalFrames(body: Uint8Array, count: number, paddingBytes: number): Frames | undefined {
  if (body.length % count !== 0) return undefined
  const size = body.length / count
  const frames = Array.from({ length: count }, (_, i) => body.subarray(i * size, (i + 1) * size))
  return { frames, paddingBytes, sameSize: true }
}

/** All lengths but the last are written ahead of the frames (§3.2.1); the last frame takes what is left. */
function sizedFrames(body: Uint8Array, count: number, paddingBytes: number): Frames | undefined {
  const lengths: number[] = []
  let at = 0
  for (let i = 0; i < count - 1; i++) {
    const first = body[at++]
    if (first === undefined) return undefined
    if (first < 252) {
      lengths.push(first)
      continue
    }
    const second = body[at++]
    if (second === undefined) return undefined
    lengths.push(second * 4 + first)
  }
  const frames: Uint8Array[] = []
  for (const length of lengths) {
    if (at + length > body.length) return undefined
    frames.push(body.subarray(at, at + length))
    at += length
  }
  frames.push(body.subarray(at))
  return { frames, paddingBytes, sameSize: false }
}

/** One frame's duration by the configuration in its TOC byte (table 2 of §3.1). */
function frameMs(toc: number): number {
  const config = toc >> 3
  if (config < 12) return [10, 20, 40, 60][config & 3] as number
  if (config < 16) return [10, 20][config & 1] as number
  return [2.5, 5, 10, 20][config & 3] as number
}

function encodeLength(length: number): number[] {
  if (length < 252) return [length]
  const first = 252 + (length & 3)
  return [first, (length - first) / 4]
}

/** `extra` counts these bytes too: each 255 stands for 254 more bytes of padding and itself. */
function encodePaddingLength(extra: number): number[] {
  const full = Math.floor((extra - 1) / 255)
  return [...new Array<number>(full).fill(255), (extra - 1) % 255]
}
