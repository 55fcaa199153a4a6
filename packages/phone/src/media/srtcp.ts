/**
 * SRTCP with AES_CM_128_HMAC_SHA1_80 (RFC 3711 §3.4): one context a direction, under the same master key as SRTP with
 * other labels. What does not authenticate is null, and so is a replay; unencrypted reports are refused.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { aesCounter, counterOf, keysOf, MASTER_BYTES, TAG_BYTES } from './srtp.ts'

const FIRST_LABEL = 3
/** Header and SSRC stay in clear. */
const CLEAR_BYTES = 8
const INDEX_BYTES = 4
const ENCRYPTED = 0x8000_0000

export class SrtcpContext {
  readonly #keys: ReturnType<typeof keysOf>
  #sent = 0
  #highest = -1

  /** @param master key and salt, 30 bytes, for one direction */
  constructor(master: Uint8Array) {
    if (master.length !== MASTER_BYTES) throw new Error('an SRTP master key is 30 bytes')
    this.#keys = keysOf(master, FIRST_LABEL)
  }

  protect(compound: Uint8Array): Uint8Array {
    this.#sent += 1
    const index = Buffer.alloc(INDEX_BYTES)
    index.writeUInt32BE((ENCRYPTED | this.#sent) >>> 0)
    const sealed = Buffer.concat([this.#crypt(compound, this.#sent), index])
    return Buffer.concat([sealed, this.#tag(sealed)])
  }

  unprotect(bytes: Uint8Array): Uint8Array | null {
    const end = bytes.length - TAG_BYTES - INDEX_BYTES
    if (end < CLEAR_BYTES) return null
    const sealed = bytes.subarray(0, end + INDEX_BYTES)
    if (!timingSafeEqual(this.#tag(sealed), bytes.subarray(sealed.length))) return null
    const word = new DataView(sealed.buffer, sealed.byteOffset + end).getUint32(0)
    const index = word & ~ENCRYPTED
    // Reports are few and in order: what is not newer is of no use.
    if ((word & ENCRYPTED) === 0 || index <= this.#highest) return null
    this.#highest = index
    return this.#crypt(sealed.subarray(0, end), index)
  }

  #crypt(packet: Uint8Array, index: number): Uint8Array {
    const ssrc = new DataView(packet.buffer, packet.byteOffset).getUint32(4)
    const counter = counterOf(this.#keys.salt, ssrc, BigInt(index))
    const rest = aesCounter(this.#keys.cipher, counter, packet.subarray(CLEAR_BYTES))
    return Buffer.concat([packet.subarray(0, CLEAR_BYTES), rest])
  }

  #tag(sealed: Uint8Array): Uint8Array {
    return createHmac('sha1', this.#keys.auth).update(sealed).digest().subarray(0, TAG_BYTES)
  }
}
