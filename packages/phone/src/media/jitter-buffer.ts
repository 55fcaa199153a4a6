/**
 * Holds packets back just long enough that they play in order and without holes: 40 ms to begin with, up to 220 ms on a
 * path that jitters. Packets that come late make it longer, lost ones do not; what was held without need for a while is
 * given up again, one at a time. Sequence numbers only; pure, each pull is one packet's time.
 */

export interface Arrived {
  sequence: number
  /** Null: a packet that takes a number and no time, such as a key's. */
  payload: Uint8Array | null
}

/**
 * `surplus`: play it within the time of the next one. `missing`: its time is over; `next` is the packet after it, where
 * that is there. `empty`: nothing is there, or more time is needed.
 */
export type Due =
  | { t: 'packet'; payload: Uint8Array; surplus: boolean }
  | { t: 'missing'; next: Uint8Array | null }
  | { t: 'empty' }

/** Packets that are waited for at the start, and the most that may stay held. */
const FIRST = 2
const MOST = 10
const MAX_HELD = 50
/** Pulls without a packet after which it is another start. */
const MAX_DRY = 10
/** Sequence numbers this far apart are another stream, not a loss. */
const RESTART = 500
/** Packets that stay held when all are in time. */
const SPARE = 1
/** How many pulls are looked back on before something is given up; more after each packet that came too late. */
const SHORT_LOOK = 50
const LONG_LOOK = 800

export class JitterBuffer {
  readonly #held = new Map<number, Uint8Array>()
  /** Numbers that take no time. */
  readonly #timeless = new Set<number>()
  /** Null before the start. */
  #next: number | null = null
  #highest = 0
  /** Pulls in a row that found nothing. */
  #dry = 0
  #needsTime = false
  #look = SHORT_LOOK
  /** Pulls since the last look, and the fewest packets that were held after one. */
  #looked = 0
  #fewest = MAX_HELD
  #surplus = 0

  /** Packets that wait to be played. */
  get held(): number {
    return this.#held.size
  }

  push({ sequence, payload }: Arrived): void {
    const at = this.#extend(sequence)
    if (this.#next !== null && at < this.#next) {
      // Too late by less than could be waited for.
      if (payload && this.#next - at <= MOST) this.#tookLonger(true)
      return
    }
    if (payload) this.#held.set(at, payload)
    else this.#timeless.add(at)
    this.#highest = Math.max(this.#highest, at)
    if (this.#held.size + this.#timeless.size > MAX_HELD) this.#leap()
  }

  /** What is to be played next; each call takes one packet's time. */
  pull(): Due {
    if (this.#held.size === 0) return this.#dryUp()
    if (this.#next === null) {
      if (this.#held.size < FIRST) return { t: 'empty' }
      this.#next = this.#oldest()
    }
    if (this.#held.size > MOST + SPARE) this.#leap()
    const at = this.#settle(this.#next)
    if (this.#needsTime) {
      this.#needsTime = false
      this.#next = at
      return { t: 'empty' }
    }
    const payload = this.#held.get(at)
    this.#held.delete(at)
    this.#next = at + 1
    if (!payload) return { t: 'missing', next: this.#held.get(at + 1) ?? null }
    return { t: 'packet', payload, surplus: this.#isSurplus() }
  }

  #dryUp(): Due {
    this.#dry += 1
    if (this.#dry > MAX_DRY) this.#next = null
    return { t: 'empty' }
  }

  /** Passes what takes no time, and lost packets whose time went by while nothing was there. */
  #settle(from: number): number {
    const oldest = this.#oldest()
    let at = from
    while (at < oldest) {
      if (!this.#timeless.delete(at)) {
        if (this.#dry === 0) break
        this.#dry -= 1
      }
      at += 1
    }
    // It was not lost: it came late.
    if (this.#dry > 0) this.#tookLonger(false)
    this.#dry = 0
    return at
  }

  /** Looks back now and then: what was never needed is given up, one packet in two pulls. */
  #isSurplus(): boolean {
    this.#fewest = Math.min(this.#fewest, this.#held.size)
    this.#looked += 1
    if (this.#looked >= this.#look) {
      this.#surplus = Math.max(0, this.#fewest - SPARE)
      this.#look = Math.max(SHORT_LOOK, Math.floor(this.#look * 0.9))
      this.#lookAnew()
    }
    // Never two in a row: the one after it is to be there.
    if (this.#surplus === 0 || this.#looked % 2 === 1 || this.#held.size === 0) return false
    this.#surplus -= 1
    return true
  }

  #lookAnew(): void {
    this.#looked = 0
    this.#fewest = MAX_HELD
  }

  /** A packet came after its time: there is to be more of it from now on, for longer. */
  #tookLonger(needsTime: boolean): void {
    this.#needsTime = needsTime && this.#held.size < MOST
    this.#look = Math.min(LONG_LOOK, this.#look * 2)
    this.#surplus = 0
    this.#lookAnew()
  }

  /** More is there than may ever be held back: goes on with the newest. */
  #leap(): void {
    const from = this.#highest - FIRST
    for (const at of this.#held.keys()) if (at <= from) this.#held.delete(at)
    for (const at of this.#timeless) if (at <= from) this.#timeless.delete(at)
    this.#next = this.#held.size > 0 ? this.#oldest() : null
    this.#lookAnew()
  }

  #oldest(): number {
    return Math.min(...this.#held.keys())
  }

  #extend(sequence: number): number {
    if (this.#highest === 0) {
      this.#highest = sequence + 0x10000
      return this.#highest
    }
    const delta = ((sequence - (this.#highest & 0xffff) + 0x8000) & 0xffff) - 0x8000
    if (Math.abs(delta) <= RESTART) return this.#highest + delta
    this.#held.clear()
    this.#timeless.clear()
    this.#next = null
    this.#highest = sequence + 0x10000
    return this.#highest
  }
}
