/**
 * How many wrong PINs are borne (TEL4): by caller, by trunk, and by the first three digits, which is the nearest thing
 * to "by meeting" while nobody knows which one was meant. Over a limit a PIN is not looked at, and the answer is the
 * same. Pure and bounded.
 */

export interface Attempt {
  caller: string
  trunk: string
  pin: string
}

const WINDOW_MS = 15 * 60_000
const MAX_KEYS = 10_000
export const ATTEMPT_LIMITS = { caller: 6, prefix: 20, trunk: 200 } as const

export class Attempts {
  readonly #failures = new Map<string, number[]>()

  allows(now: number, attempt: Attempt): boolean {
    return keysOf(attempt).every(({ key, limit }) => this.#recent(now, key).length < limit)
  }

  fail(now: number, attempt: Attempt): void {
    for (const { key, limit } of keysOf(attempt)) {
      const recent = [...this.#recent(now, key), now].slice(-limit)
      this.#failures.delete(key)
      this.#failures.set(key, recent)
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= MAX_KEYS) break
      this.#failures.delete(key)
    }
  }

  #recent(now: number, key: string): number[] {
    return (this.#failures.get(key) ?? []).filter((at) => now - at < WINDOW_MS)
  }
}

function keysOf({ caller, trunk, pin }: Attempt): { key: string; limit: number }[] {
  return [
    { key: `caller ${trunk} ${caller}`, limit: ATTEMPT_LIMITS.caller },
    { key: `prefix ${pin.slice(0, 3)}`, limit: ATTEMPT_LIMITS.prefix },
    { key: `trunk ${trunk}`, limit: ATTEMPT_LIMITS.trunk },
  ]
}
