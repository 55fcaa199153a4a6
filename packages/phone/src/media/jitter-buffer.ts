/**
 * Holds packets back just long enough that they play in order and without holes: 40 ms to begin with, up to 200 ms on a
 * path that jitters, shorter again when it does not. Sequence numbers only; pure, time enters.
 */

export interface Arrived {
  sequence: number
  payload: Uint8Array
}

/** `missing`: its time is over. `empty`: nothing is there, play silence. */
export type Due = { t: 'packet'; payload: Uint8Array } | { t: 'missing' } | { t: 'empty' }

const MAX_HELD = 50
const MIN_DEPTH = 2
const MAX_DEPTH = 10
/** Sequence numbers this far apart are another stream, not a loss. */
const RESTART = 500
/** Packets in a row that were deeper than needed before one is dropped. */
const CALM = 150

export class JitterBuffer {
  readonly #held = new Map<number, Uint8Array>()
  #next: number | null = null
  #highest = 0
  #depth = MIN_DEPTH
  #filling = true
  #deep = 0

  get depth(): number {
    return this.#depth
  }

  push({ sequence, payload }: Arrived): void {
    const at = this.#extend(sequence)
    if (this.#next !== null && at < this.#next) {
      // Too late by less than the buffer can grow: hold back more from now on.
      if (this.#next - at <= MAX_DEPTH) this.#depth = Math.min(MAX_DEPTH, this.#depth + 1)
      return
    }
    if (this.#held.size >= MAX_HELD) this.#clear()
    this.#held.set(at, payload)
    this.#highest = Math.max(this.#highest, at)
  }

  /** What is to be played next; each call takes one packet's time. */
  pull(): Due {
    if (this.#held.size === 0) {
      if (!this.#filling) this.#depth = Math.min(MAX_DEPTH, this.#depth + 1)
      this.#filling = true
      return { t: 'empty' }
    }
    if (this.#filling && this.#held.size < this.#depth) return { t: 'empty' }
    this.#filling = false
    this.#next ??= Math.min(...this.#held.keys())
    this.#shorten()
    const payload = this.#held.get(this.#next)
    this.#held.delete(this.#next)
    this.#next += 1
    return payload ? { t: 'packet', payload } : { t: 'missing' }
  }

  /** Sender's clock and ours differ, or the path has calmed: a packet is skipped now and then. */
  #shorten(): void {
    this.#deep = this.#held.size > this.#depth + 1 ? this.#deep + 1 : 0
    if (this.#held.size > MAX_DEPTH + 4 || this.#deep > CALM) {
      if (this.#next !== null) this.#held.delete(this.#next)
      this.#next = Math.min(...this.#held.keys())
      this.#deep = 0
      this.#depth = Math.max(MIN_DEPTH, this.#depth - 1)
    }
  }

  #clear(): void {
    this.#held.clear()
    this.#next = null
    this.#filling = true
  }

  #extend(sequence: number): number {
    if (this.#highest === 0) {
      this.#highest = sequence + 0x10000
      return this.#highest
    }
    const delta = ((sequence - (this.#highest & 0xffff) + 0x8000) & 0xffff) - 0x8000
    if (Math.abs(delta) <= RESTART) return this.#highest + delta
    this.#clear()
    this.#highest = sequence + 0x10000
    return this.#highest
  }
}
