/**
 * Puts the packets of one RTP stream back into order (RFC 3550 §A.1), names the missing ones for NACK, and gives a gap
 * up when it has waited long enough. Holds no clock: callers bring `now`.
 */
import type { RtpPacket } from './rtp-packet.ts'

/** In order; 'gap' where packets were given up, so that the frame they belonged to is broken. */
export type Ordered = (RtpPacket | 'gap')[]

interface Held {
  packet: RtpPacket
  at: number
}

/** Sequence numbers this far apart are another start, not a loss. */
const RESTART = 3000
const MAX_HELD = 512

export class ReorderBuffer {
  readonly #patienceMs: number
  readonly #held = new Map<number, Held>()
  readonly #asked = new Map<number, number>()
  /** Extended sequence number that is due next. */
  #next: number | null = null
  #highest = -1

  /** @param patienceMs how long a missing packet is waited for */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  /** Takes a packet in and gives out what is in order now. */
  push(packet: RtpPacket, now: number): Ordered {
    const extended = this.#extend(packet.sequence)
    if (this.#next === null) this.#next = extended
    if (extended >= this.#next) {
      this.#held.set(extended, { packet, at: now })
      this.#asked.delete(extended)
      this.#highest = Math.max(this.#highest, extended)
    }
    return this.#release(now)
  }

  /** Gives up gaps that are too old; to be called when nothing arrives, too. */
  poll(now: number): Ordered {
    return this.#release(now)
  }

  /** Missing sequence numbers (16 bits) that were not asked for within `againMs`, oldest first, at most 64. */
  missing(now: number, againMs: number): number[] {
    const wanted: number[] = []
    if (this.#next === null) return wanted
    for (let at = this.#next; at < this.#highest && wanted.length < 64; at += 1) {
      if (this.#held.has(at) || now - (this.#asked.get(at) ?? -Infinity) < againMs) continue
      this.#asked.set(at, now)
      wanted.push(at & 0xffff)
    }
    return wanted
  }

  #release(now: number): Ordered {
    const out: Ordered = []
    while (this.#next !== null && this.#held.size > 0) {
      const held = this.#held.get(this.#next)
      if (held) {
        out.push(held.packet)
        this.#held.delete(this.#next)
        this.#next += 1
      } else if (this.#isOver(now)) {
        out.push('gap')
        this.#next = Math.min(...this.#held.keys())
        for (const sequence of this.#asked.keys()) if (sequence < this.#next) this.#asked.delete(sequence)
      } else break
    }
    return out
  }

  #isOver(now: number): boolean {
    const oldest = Math.min(...[...this.#held.values()].map(({ at }) => at))
    return now - oldest >= this.#patienceMs || this.#held.size > MAX_HELD
  }

  /** 2^16 is added at the start, so that what came just before the first packet does not go below zero. */
  #extend(sequence: number): number {
    if (this.#highest < 0) return sequence + 0x10000
    const delta = ((sequence - (this.#highest & 0xffff) + 0x8000) & 0xffff) - 0x8000
    if (Math.abs(delta) <= RESTART) return this.#highest + delta
    this.#held.clear()
    this.#asked.clear()
    this.#next = null
    this.#highest = -1
    return sequence + 0x10000
  }
}
