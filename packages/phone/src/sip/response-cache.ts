/**
 * Answers given in the last 64 × T1, so that a request sent again gets the same one and is not carried out twice
 * (RFC 3261 §17.2.2). Bounded: the oldest makes room.
 */
import type { Ms } from './timers.ts'
import { GIVE_UP_MS } from './timers.ts'

const MAX_ANSWERS = 4096

export class ResponseCache {
  readonly #answers = new Map<string, { bytes: Uint8Array; until: Ms }>()

  get size(): number {
    return this.#answers.size
  }

  get(key: string, now: Ms): Uint8Array | null {
    const found = this.#answers.get(key)
    return found && now < found.until ? found.bytes : null
  }

  set(key: string, bytes: Uint8Array, now: Ms): void {
    this.#answers.delete(key)
    const [oldest] = this.#answers.keys()
    if (this.#answers.size >= MAX_ANSWERS && oldest !== undefined) this.#answers.delete(oldest)
    this.#answers.set(key, { bytes, until: now + GIVE_UP_MS })
  }

  expire(now: Ms): void {
    for (const [key, { until }] of this.#answers) {
      if (now < until) return
      this.#answers.delete(key)
    }
  }
}
