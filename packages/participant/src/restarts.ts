/** How often a meeting may begin its session anew before it gives up: five times within a minute. */
import type { Ms } from './ports.ts'

const RESTARTS = 5
const RESTARTS_WITHIN_MS = 60_000

export class Restarts {
  #at: Ms[] = []

  /** One more now; false: give up. */
  again(now: Ms): boolean {
    this.#at = [...this.#at.filter((at) => now - at < RESTARTS_WITHIN_MS), now]
    return this.#at.length <= RESTARTS
  }

  forget(): void {
    this.#at = []
  }
}
