/**
 * The SFrame header, RFC 9605 §4.3: a config byte, then key id and counter in as few bytes as they need.
 * Values are exact to 2^64 − 1. Decoding never throws: what arrives was written by anyone.
 */
import type { Bytes } from '../bytes.ts'
import { SframeError } from './sframe-error.ts'

export type Header = { kid: bigint; ctr: bigint }

/** `not-minimal`: §4.3 allows each value one encoding only; a longer one is refused. */
export type DecodedHeader =
  | { ok: true; kid: bigint; ctr: bigint; sizeBytes: number }
  | { ok: false; code: 'truncated' | 'not-minimal' }

const MAX_UINT64 = 0xffff_ffff_ffff_ffffn

/** 1 to 17 bytes. Throws `out-of-range` beyond 64 bits. */
export function encodeHeader({ kid, ctr }: Header): Bytes {
  const kidSize = extraBytes(kid)
  const ctrSize = extraBytes(ctr)
  const out = new Uint8Array(1 + kidSize + ctrSize)
  const kidBits = kidSize === 0 ? Number(kid) : 8 | (kidSize - 1)
  const ctrBits = ctrSize === 0 ? Number(ctr) : 8 | (ctrSize - 1)
  out[0] = (kidBits << 4) | ctrBits
  writeUint(out, 1, kidSize, kid)
  writeUint(out, 1 + kidSize, ctrSize, ctr)
  return out
}

/** Reads the header at the start of `bytes`; `sizeBytes` says where the ciphertext begins. */
export function decodeHeader(bytes: Uint8Array): DecodedHeader {
  const config = bytes[0]
  if (config === undefined) return { ok: false, code: 'truncated' }
  const kidSize = config & 0x80 ? ((config >> 4) & 7) + 1 : 0
  const ctrSize = config & 0x08 ? (config & 7) + 1 : 0
  const sizeBytes = 1 + kidSize + ctrSize
  if (bytes.length < sizeBytes) return { ok: false, code: 'truncated' }
  const kid = kidSize === 0 ? BigInt((config >> 4) & 7) : readUint(bytes, 1, kidSize)
  const ctr = ctrSize === 0 ? BigInt(config & 7) : readUint(bytes, 1 + kidSize, ctrSize)
  if (extraBytes(kid) !== kidSize || extraBytes(ctr) !== ctrSize) return { ok: false, code: 'not-minimal' }
  return { ok: true, kid, ctr, sizeBytes }
}

/** Bytes after the config byte: none below 8. */
function extraBytes(value: bigint): number {
  if (value < 0n || value > MAX_UINT64) throw new SframeError('out-of-range')
  if (value < 8n) return 0
  let size = 1
  for (let rest = value >> 8n; rest > 0n; rest >>= 8n) size++
  return size
}

function writeUint(out: Uint8Array, at: number, size: number, value: bigint): void {
  let rest = value
  for (let i = size - 1; i >= 0; i--) {
    out[at + i] = Number(rest & 0xffn)
    rest >>= 8n
  }
}

function readUint(bytes: Uint8Array, at: number, size: number): bigint {
  let value = 0n
  for (let i = 0; i < size; i++) value = (value << 8n) | BigInt(bytes[at + i] as number)
  return value
}
