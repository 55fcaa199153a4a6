/**
 * A clock that stands still until a test moves it, for participants and server alike. Moving it runs timers in order
 * and waits after each until everything that is under way (ciphers, promises) has come to rest, so that a run is the
 * same each time. Starts at the present, since key packages live by the wall clock.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@huisclos/participant'

interface Timer {
  at: number
  order: number
  run: () => void
}

export class FakeClock implements Clock {
  #now = Date.now()
  #order = 0
  #busy = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }
  wallTime(): number {
    return this.#now
  }

  setTimer(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, run }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }
  /** The server's name for it. */
  schedule(task: () => void, delayMs: number): () => void {
    return this.setTimer(delayMs, task)
  }

  /** Work that takes real time: the clock does not move on before it is done. */
  async track<T>(work: Promise<T>): Promise<T> {
    this.#busy++
    try {
      return await work
    } finally {
      this.#busy--
    }
  }

  /** Every promise of `target`'s methods is tracked. */
  tracked<T extends object>(target: T): T {
    const track = (work: Promise<unknown>): Promise<unknown> => this.track(work)
    return new Proxy(target, {
      get(inner, key) {
        const value: unknown = Reflect.get(inner, key, inner)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          const result: unknown = value.apply(inner, given)
          return result instanceof Promise ? track(result) : result
        }
      },
    })
  }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      await nextTurn()
      quiet = this.#busy === 0 ? quiet + 1 : 0
    }
  }

  /** The clock is put forward or back, or the device slept: no timer has run meanwhile, and none is due sooner. */
  jump(ms: number): void {
    this.#now += ms
    for (const timer of this.#timers) timer.at += ms
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await this.settle()
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at)
      for (let due: Timer | null = next; due && due.at <= this.#now; due = this.#next(this.#now)) {
        this.#timers.delete(due)
        due.run()
      }
      await this.settle()
    }
    this.#now = end
  }

  /** Lets time pass until the condition holds. Throws `never: what` after `withinMs`. */
  async until(holds: () => boolean, what: string, withinMs = 30_000): Promise<void> {
    const end = this.#now + withinMs
    await this.settle()
    while (!holds()) {
      if (this.#now >= end) throw new Error(`never: ${what}`)
      await this.advance(20)
    }
  }

  /** Lets time pass until a promise has settled, and answers or throws what it did. */
  async finish<T>(work: Promise<T>, withinMs = 30_000): Promise<T> {
    let settled = false
    const watched = work.finally(() => {
      settled = true
    })
    watched.catch(() => {})
    await this.until(() => settled, 'a promise that settles', withinMs)
    return watched
  }

  /** Like `until`, for what takes real time that nobody tracks. */
  async untilReally(holds: () => boolean, what: string, realMs = 10_000): Promise<void> {
    for (const end = performance.now() + realMs; !holds(); await this.advance(20)) {
      if (performance.now() >= end) throw new Error(`never: ${what}`)
      await sleep(5)
    }
  }

  #next(until: number): Timer | null {
    let first: Timer | null = null
    for (const timer of this.#timers) {
      if (timer.at > until) continue
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
}

/** A seeded source of numbers in [0, 1): mulberry32. For disorder in tests, never for keys. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
