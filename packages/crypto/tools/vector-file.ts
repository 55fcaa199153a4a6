/**
 * The JSON shape of SFrame's published vectors (RFC 9605, Appendix C), parsed with integers exact to 2^64 − 1,
 * which JSON.parse alone loses beyond 2^53. Fields that are not known are let be; a missing or ill-typed one
 * is an error that names it.
 */
import type { Bytes } from '../src/bytes.ts'
import { decodeHex } from '../src/bytes.ts'

export type HeaderVector = { kid: bigint; ctr: bigint; encoded: Bytes }

/** `expected`: the intermediate values that the file gives, by field name. */
export type FrameVector = {
  suite: number
  kid: bigint
  ctr: bigint
  baseKey: Bytes
  metadata: Bytes
  plaintext: Bytes
  ciphertext: Bytes
  expected: Partial<Record<(typeof INTERMEDIATES)[number], Bytes>>
}

/** A vector of a suite's AEAD alone. */
export type AeadVector = {
  suite: number
  key: Bytes
  nonce: Bytes
  aad: Bytes
  plaintext: Bytes
  ciphertext: Bytes
}

export type VectorFile = { headers: HeaderVector[]; frames: FrameVector[]; aeads: AeadVector[] }

export const INTERMEDIATES = [
  'sframe_key_label',
  'sframe_salt_label',
  'sframe_secret',
  'sframe_key',
  'sframe_salt',
  'nonce',
  'aad',
] as const

/** The file is not of the published shape; the message says where. */
export class VectorFileError extends Error {
  override readonly name = 'VectorFileError'
}

type Fields = Record<string, unknown>

const MAX_UINT64 = 0xffff_ffff_ffff_ffffn

/** Throws `VectorFileError`. */
export function parseVectorFile(text: string): VectorFile {
  const file = fields(parseExactly(text), 'the file')
  return {
    headers: list(file, 'header').map(([entry, at]) => ({
      kid: integer(entry, 'kid', at),
      ctr: integer(entry, 'ctr', at),
      encoded: hex(entry, 'encoded', at),
    })),
    frames: list(file, 'sframe').map(([entry, at]) => frame(entry, at)),
    aeads: [...list(file, 'aes_ctr_hmac'), ...list(file, 'aes_256_ctr_hmac')].map(([entry, at]) =>
      aead(entry, at),
    ),
  }
}

function frame(entry: Fields, at: string): FrameVector {
  const expected: FrameVector['expected'] = {}
  for (const name of INTERMEDIATES) if (entry[name] !== undefined) expected[name] = hex(entry, name, at)
  return {
    suite: Number(integer(entry, 'cipher_suite', at)),
    kid: integer(entry, 'kid', at),
    ctr: integer(entry, 'ctr', at),
    baseKey: hex(entry, 'base_key', at),
    metadata: hex(entry, 'metadata', at),
    plaintext: hex(entry, 'pt', at),
    ciphertext: hex(entry, 'ct', at),
    expected,
  }
}

function aead(entry: Fields, at: string): AeadVector {
  return {
    suite: Number(integer(entry, 'cipher_suite', at)),
    key: hex(entry, 'key', at),
    nonce: hex(entry, 'nonce', at),
    aad: hex(entry, 'aad', at),
    plaintext: hex(entry, 'pt', at),
    ciphertext: hex(entry, 'ct', at),
  }
}

/** Integers written plainly become bigints by way of their source text. */
function parseExactly(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number') return value
    const source = context?.source
    if (source === undefined)
      throw new VectorFileError('this runtime does not show a number as it was written')
    return /^-?\d+$/.test(source) ? BigInt(source) : value
  }
  try {
    return JSON.parse(text, revive)
  } catch (error) {
    if (error instanceof VectorFileError) throw error
    throw new VectorFileError(`not JSON: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

function list(file: Fields, name: string): [Fields, string][] {
  const value = file[name]
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new VectorFileError(`${name} is not a list`)
  return value.map((entry: unknown, i) => [fields(entry, `${name}[${i}]`), `${name}[${i}]`])
}

function fields(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new VectorFileError(`${at} is not an object`)
  }
  return value as Fields
}

function integer(entry: Fields, name: string, at: string): bigint {
  const value = entry[name]
  if (typeof value !== 'bigint') throw new VectorFileError(`${at}.${name} is not an integer`)
  if (value < 0n || value > MAX_UINT64)
    throw new VectorFileError(`${at}.${name} is not between 0 and 2^64 - 1`)
  return value
}

function hex(entry: Fields, name: string, at: string): Bytes {
  const value = entry[name]
  const bytes = typeof value === 'string' ? decodeHex(value) : undefined
  if (!bytes) throw new VectorFileError(`${at}.${name} is not hexadecimal text`)
  return bytes
}
