/**
 * Gets a receiver out of a hole: where its path was so narrow that every picture is held back, nothing is sent any more
 * by which congestion control could learn that the path is wide again. Now and then the estimate is
 * held up for a moment, so that a smallest layer flows and is measured. Must never do so while pictures flow.
 */
import type { GateClock } from './key-frame-gate.ts'

export interface PathNudgeOptions {
  clock: GateClock
  /** Holds the estimate at or above that; null lets it go. Must not throw. */
  hold: (bitsPerSecond: number | null) => void
}

/** A camera's smallest layer. */
const HOLD_BPS = 150_000
const HOLD_MS = 3_000
/** Short enough for whoever waits on a path that is wide again, long enough to leave a narrow one in peace. */
const WAIT_MS = { first: 8_000, longest: 16_000 } as const

export class PathNudge {
  readonly #options: PathNudgeOptions
  #waitMs: number = WAIT_MS.first
  #cancel: (() => void) | null = null
  #isHolding = false
  #isNarrow = false

  constructor(options: PathNudgeOptions) {
    this.#options = options
  }

  /** Whether any picture is held back because the path is too narrow. */
  narrow(isNarrow: boolean): void {
    this.#isNarrow = isNarrow
    if (isNarrow) {
      if (!this.#cancel) this.#wait()
    } else if (!this.#isHolding) {
      this.close()
      this.#waitMs = WAIT_MS.first
    }
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = null
  }

  #wait(): void {
    this.#cancel = this.#options.clock.schedule(() => this.#begin(), this.#waitMs)
  }

  #begin(): void {
    this.#isHolding = true
    this.#options.hold(HOLD_BPS)
    this.#cancel = this.#options.clock.schedule(() => this.#end(), HOLD_MS)
  }

  #end(): void {
    this.#isHolding = false
    this.#cancel = null
    this.#waitMs = Math.min(this.#waitMs * 2, WAIT_MS.longest)
    this.#options.hold(null)
    if (this.#isNarrow) this.#wait()
  }
}
