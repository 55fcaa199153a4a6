/**
 * Byte helpers of every part of this package: text encodings, comparison, and the length-prefixed encoding
 * under each signature and MAC of ours. Decoders answer `undefined` to malformed input and never throw;
 * nothing here may put its input into an error message, since its input is often a secret.
 */
import { bytesToHex, concatBytes, randomBytes } from '@noble/hashes/utils.js'
import { base32nopad, base64urlnopad } from '@scure/base'

/** Bytes in memory of their own or shared with nobody else's thread, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The same bytes typed for WebCrypto; copied only when they lie in memory shared between threads. */
export function toBytes(view: Uint8Array): Bytes {
  return view.buffer instanceof ArrayBuffer ? (view as Bytes) : new Uint8Array(view)
}

/** `sizeBytes` bytes from the platform's secure random source. */
export function random(sizeBytes: number): Bytes {
  return toBytes(randomBytes(sizeBytes))
}

export function concat(...parts: Uint8Array[]): Bytes {
  return toBytes(concatBytes(...parts))
}

/** Compares in time that depends on the lengths alone. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}

/** Overwrites a secret with zeros: best effort, since the engine may have copied it before. */
export function wipe(secret: Uint8Array): void {
  secret.fill(0)
}

export function utf8(text: string): Bytes {
  return toBytes(encoder.encode(text))
}

/** Strict UTF-8; `undefined` for anything else. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  return attempt(() => decoder.decode(bytes))
}

/** The value of a JSON text; `undefined` for anything else, the lack of a text included. */
export function parseJson(text: string | undefined): unknown {
  return text === undefined ? undefined : attempt(() => JSON.parse(text))
}

export function encodeHex(bytes: Uint8Array): string {
  return bytesToHex(bytes)
}

/** Hex in either case, of even length; `undefined` for anything else. */
export function decodeHex(text: string): Bytes | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** RFC 4648 §5 without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes)
}

/** The one canonical text of some bytes (no padding, unused bits zero); `undefined` for anything else. */
export function decodeBase64url(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined
  return attempt(() => toBytes(base64urlnopad.decode(text)))
}

/** RFC 4648 §6 in lower case without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  return base32nopad.encode(bytes).toLowerCase()
}

/** The one canonical lower-case text of some bytes; `undefined` for anything else. */
export function decodeBase32(text: string): Bytes | undefined {
  if (!/^[a-z2-7]*$/.test(text)) return undefined
  return attempt(() => toBytes(base32nopad.decode(text.toUpperCase())))
}

/**
 * The unambiguous encoding under our signatures and MACs: each field as its length in four bytes, big-endian,
 * then its bytes. Two different lists of fields never give the same bytes.
 */
export function encodeFields(...fields: Uint8Array[]): Bytes {
  const out = new Uint8Array(fields.reduce((size, field) => size + 4 + field.length, 0))
  const view = new DataView(out.buffer)
  let at = 0
  for (const field of fields) {
    view.setUint32(at, field.length)
    out.set(field, at + 4)
    at += 4 + field.length
  }
  return out
}

/** The fields of `encodeFields`, as views into `bytes`; `undefined` unless they fill it exactly. */
export function decodeFields(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    if (bytes.length - at < 4) return undefined
    const size = view.getUint32(at)
    if (size > bytes.length - at - 4) return undefined
    fields.push(bytes.subarray(at + 4, at + 4 + size))
    at += 4 + size
  }
  return fields
}

/** `value` in `sizeBytes` bytes, big-endian; its higher bits are dropped, so callers check the range. */
export function uint(value: bigint | number, sizeBytes: number): Bytes {
  const out = new Uint8Array(sizeBytes)
  let rest = BigInt(value)
  for (let i = sizeBytes - 1; i >= 0; i--) {
    out[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return out
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}

/** SHA-256 (FIPS 180-4), 32 bytes. */
export async function sha256(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', toBytes(bytes)))
}
