/**
 * Paces requests for key frames: one per interval and producer, the rest of an interval merged into one at its end
 * (KEY4). A key frame is many times a delta frame's size, and any receiver may ask. Must never swallow the last ask:
 * who asked within the interval still gets a frame that begins after the asking.
 */
import type { Clock } from '../clock.ts'

/** The part of the clock that pacing needs. */
export type GateClock = Pick<Clock, 'now' | 'schedule'>

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
    gate.cancel = this.#clock.schedule(
      () => {
        gate.cancel = null
        gate.passedAt = this.#clock.now()
        request()
      },
      gate.passedAt + this.#intervalMs - now,
    )
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
