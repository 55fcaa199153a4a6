/**
 * Whether there is room for another call: over all, by trunk, and by trunk and second. Pure. What is refused leaves no
 * state, so that a flood neither grows memory nor disturbs the calls that run.
 */

export interface CallLimits {
  name: string
  maxCalls: number
  callsPerSecond: number
}

interface Bucket {
  tokens: number
  at: number
  calls: number
}

/** So many seconds' worth may come at once. */
const BURST_SECONDS = 4

export class CallRoom {
  readonly #maxCalls: number
  readonly #buckets = new Map<string, Bucket>()
  #calls = 0

  constructor(maxCalls: number) {
    this.#maxCalls = maxCalls
  }

  get calls(): number {
    return this.#calls
  }

  /** Takes a place; false when there is none. */
  enter(now: number, { name, maxCalls, callsPerSecond }: CallLimits): boolean {
    const burst = callsPerSecond * BURST_SECONDS
    const bucket = this.#buckets.get(name) ?? { tokens: burst, at: now, calls: 0 }
    this.#buckets.set(name, bucket)
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * callsPerSecond)
    bucket.at = now
    if (bucket.tokens < 1 || bucket.calls >= maxCalls || this.#calls >= this.#maxCalls) return false
    bucket.tokens -= 1
    bucket.calls += 1
    this.#calls += 1
    return true
  }

  leave(name: string): void {
    const bucket = this.#buckets.get(name)
    if (!bucket || bucket.calls === 0) return
    bucket.calls -= 1
    this.#calls -= 1
  }
}
