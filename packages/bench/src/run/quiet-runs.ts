/**
 * Runs that others on the machine disturbed are thrown away and repeated, by what others used of the processor and never
 * by what came out. Patience is bounded; when it is over, the disturbance is kept and the bench is refused.
 */
import type { CpuShares } from './cpu-watch.ts'
import { watchCpu } from './cpu-watch.ts'

/** Of the whole machine. */
export const MOST_OTHERS = 0.15
const LOOK_MS = 1_000

export interface QuietOptions {
  /** How long runs may be repeated and calm be waited for, in all. */
  patienceMs: number
  watch?: () => () => CpuShares
  now?: () => number
  pause?: (ms: number) => Promise<unknown>
}

export class QuietRuns {
  /** Runs thrown away so far. */
  repeated = 0
  /** The most that others used during a run that was kept, 0 to 1. */
  worst = 0
  readonly #watch: () => () => CpuShares
  readonly #now: () => number
  readonly #pause: (ms: number) => Promise<unknown>
  #patienceMs: number

  constructor(options: QuietOptions) {
    this.#patienceMs = options.patienceMs
    this.#watch = options.watch ?? watchCpu
    this.#now = options.now ?? (() => performance.now())
    this.#pause = options.pause ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)))
  }

  /** What `once` gave in a run that nobody disturbed, or in the last one. Errors of `once` pass through. */
  async run<T>(once: () => Promise<T>): Promise<T> {
    for (;;) {
      const from = this.#now()
      const watch = this.#watch()
      const value = await once()
      const { others } = watch()
      if (others <= MOST_OTHERS || this.#patienceMs <= 0) {
        this.worst = Math.max(this.worst, others)
        return value
      }
      this.repeated += 1
      await this.#calm()
      this.#patienceMs -= this.#now() - from
    }
  }

  async #calm(): Promise<void> {
    const until = this.#now() + this.#patienceMs
    do {
      const watch = this.#watch()
      await this.#pause(LOOK_MS)
      if (watch().others <= MOST_OTHERS) return
    } while (this.#now() < until)
  }
}
