/**
 * Paces requests for key frames: one per interval and producer, the rest of an interval merged into one at its end
 * (KEY4). A key frame is many times a delta frame's size, and any receiver may ask. Must never swallow the last ask:
 * who asked within the interval still gets a frame that begins after the asking.
 */
export interface GateClock {
  /** Milliseconds, never going back. */
  now(): number
  /** Runs `action` once after `delayMs`; the answer cancels it. */
  setTimer(delayMs: number, action: () => void): () => void
}

/** The process's own clock; its timers do not hold the process open. */
export const systemGateClock: GateClock = {
  now: () => performance.now(),
  setTimer: (delayMs, action) => {
    const timer = setTimeout(action, delayMs).unref()
    return () => clearTimeout(timer)
  },
}

interface Gate {
  passedAt: number
  cancel: (() => void) | null
}

export class KeyFrameGate {
  readonly #intervalMs: number
  readonly #clock: GateClock
  readonly #gates = new Map<string, Gate>()

  constructor(intervalMs: number, clock: GateClock) {
    this.#intervalMs = intervalMs
    this.#clock = clock
  }

  /** Runs `request` now, or once when the producer's interval is over. `request` must not throw. */
  ask(producer: string, request: () => void): void {
    const now = this.#clock.now()
    const gate = this.#gates.get(producer)
    if (!gate || (gate.cancel === null && now - gate.passedAt >= this.#intervalMs)) {
      this.#gates.set(producer, { passedAt: now, cancel: null })
      request()
      return
    }
    if (gate.cancel) return
    gate.cancel = this.#clock.setTimer(gate.passedAt + this.#intervalMs - now, () => {
      gate.cancel = null
      gate.passedAt = this.#clock.now()
      request()
    })
  }

  /** Forgets a producer that closed; what waited for it is dropped. */
  forget(producer: string): void {
    this.#gates.get(producer)?.cancel?.()
    this.#gates.delete(producer)
  }

  close(): void {
    for (const producer of [...this.#gates.keys()]) this.forget(producer)
  }
}
