/**
 * SRTP with AES_CM_128_HMAC_SHA1_80 (RFC 3711), keys by SDES (RFC 4568): one context a direction. Pure over
 * Node's AES and HMAC; the published vectors are its tests. What does not authenticate is null, and so is a replay.
 */
import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto'

export const MASTER_BYTES = 30
export const TAG_BYTES = 10
const KEY_BYTES = 16
const RTP_HEADER_BYTES = 12
const WINDOW = 64n

/** Keystream from `counter` (16 bytes) xored over `data` (RFC 3711 §4.1.1). */
export function aesCounter(key: Uint8Array, counter: Uint8Array, data: Uint8Array): Uint8Array {
  return createCipheriv('aes-128-ctr', key, counter).update(data)
}

/** RFC 3711 §4.3.1, key derivation rate 0. */
export function deriveSrtpKey(master: Uint8Array, label: number, sizeBytes: number): Uint8Array {
  const counter = new Uint8Array(16)
  counter.set(master.subarray(KEY_BYTES))
  counter[7] = (counter[7] ?? 0) ^ label
  return aesCounter(master.subarray(0, KEY_BYTES), counter, new Uint8Array(sizeBytes))
}

interface Keys {
  cipher: Uint8Array
  auth: Uint8Array
  salt: Uint8Array
}

export function keysOf(master: Uint8Array, first: number): Keys {
  return {
    cipher: deriveSrtpKey(master, first, KEY_BYTES),
    auth: deriveSrtpKey(master, first + 1, 20),
    salt: deriveSrtpKey(master, first + 2, 14),
  }
}

/** Salt, SSRC and packet index as the cipher's counter. */
export function counterOf(salt: Uint8Array, ssrc: number, index: bigint): Uint8Array {
  const counter = new Uint8Array(16)
  counter.set(salt)
  const view = new DataView(counter.buffer)
  view.setUint32(4, view.getUint32(4) ^ ssrc)
  view.setBigUint64(6, view.getBigUint64(6) ^ index)
  return counter
}

/** Where the payload begins; null when the header is cut. */
function payloadStart(packet: Uint8Array): number | null {
  if (packet.length < RTP_HEADER_BYTES || (packet[0] ?? 0) >> 6 !== 2) return null
  const first = packet[0] ?? 0
  let at = RTP_HEADER_BYTES + (first & 0x0f) * 4
  if (first & 0x10) {
    if (packet.length < at + 4) return null
    at += 4 + (((packet[at + 2] ?? 0) << 8) | (packet[at + 3] ?? 0)) * 4
  }
  return at <= packet.length ? at : null
}

/** RFC 3711 appendix A: the index (rollover counter ‖ sequence) nearest to the highest seen. */
function indexOf(sequence: number, highest: bigint | null): bigint {
  if (highest === null) return BigInt(sequence)
  const rollover = highest >> 16n
  const last = Number(highest & 0xffffn)
  if (last < 0x8000)
    return ((sequence - last > 0x8000 && rollover > 0n ? rollover - 1n : rollover) << 16n) | BigInt(sequence)
  return ((last - 0x8000 > sequence ? rollover + 1n : rollover) << 16n) | BigInt(sequence)
}

export class SrtpContext {
  readonly #keys: Keys
  #highest: bigint | null = null
  #seen = 0n
  #ssrc: number | null = null

  /** @param master key and salt, 30 bytes, for one direction */
  constructor(master: Uint8Array) {
    if (master.length !== MASTER_BYTES) throw new Error('an SRTP master key is 30 bytes')
    this.#keys = keysOf(master, 0)
  }

  protect(packet: Uint8Array): Uint8Array {
    const start = payloadStart(packet)
    if (start === null) throw new Error('no RTP packet')
    const view = new DataView(packet.buffer, packet.byteOffset)
    const index = indexOf(view.getUint16(2), this.#highest)
    if (this.#highest === null || index > this.#highest) this.#highest = index
    const payload = aesCounter(
      this.#keys.cipher,
      counterOf(this.#keys.salt, view.getUint32(8), index),
      packet.subarray(start),
    )
    const sealed = Buffer.concat([packet.subarray(0, start), payload])
    return Buffer.concat([sealed, this.#tag(sealed, index)])
  }

  unprotect(bytes: Uint8Array): Uint8Array | null {
    const sealed = bytes.subarray(0, Math.max(0, bytes.length - TAG_BYTES))
    const start = payloadStart(sealed)
    if (start === null) return null
    const view = new DataView(sealed.buffer, sealed.byteOffset)
    const ssrc = view.getUint32(8)
    const highest = ssrc === this.#ssrc ? this.#highest : null
    const index = indexOf(view.getUint16(2), highest)
    if (!timingSafeEqual(this.#tag(sealed, index), bytes.subarray(sealed.length))) return null
    if (!this.#isFresh(ssrc, index, highest)) return null
    const payload = aesCounter(
      this.#keys.cipher,
      counterOf(this.#keys.salt, ssrc, index),
      sealed.subarray(start),
    )
    return Buffer.concat([sealed.subarray(0, start), payload])
  }

  #tag(sealed: Uint8Array, index: bigint): Uint8Array {
    const rollover = Buffer.alloc(4)
    rollover.writeUInt32BE(Number(index >> 16n))
    return createHmac('sha1', this.#keys.auth).update(sealed).update(rollover).digest().subarray(0, TAG_BYTES)
  }

  /** §3.3.2, and one more SSRC a context: another one, authenticated, begins anew. */
  #isFresh(ssrc: number, index: bigint, highest: bigint | null): boolean {
    if (highest === null || this.#highest === null) {
      this.#ssrc = ssrc
      this.#highest = index
      this.#seen = 1n
      return true
    }
    if (index > this.#highest) {
      this.#seen = BigInt.asUintN(Number(WINDOW), (this.#seen << (index - this.#highest)) | 1n)
      this.#highest = index
      return true
    }
    const behind = this.#highest - index
    if (behind >= WINDOW || (this.#seen >> behind) & 1n) return false
    this.#seen |= 1n << behind
    return true
  }
}
