/**
 * One clock for participants and server that a test turns: time passes in small steps, with real pauses in between in
 * which sockets and ciphers do their work. Starts at the present, since key packages live by the wall clock.
 */
import type { Clock } from '@huisclos/participant'

interface Timer {
  at: number
  run: () => void
}

const STEP_MS = 20

export class TurnedClock implements Clock {
  #now = Date.now()
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }

  wallTime(): number {
    return this.#now
  }

  setTimer(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  schedule(task: () => void, delayMs: number): () => void {
    return this.setTimer(delayMs, task)
  }

  /** Lets that much time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    while (this.#now < end) await this.#step(Math.min(STEP_MS, end - this.#now))
  }

  /** Lets time pass until the condition holds. Throws `never: what` after `withinMs`. */
  async until(holds: () => boolean, what: string, withinMs = 30_000): Promise<void> {
    const end = this.#now + withinMs
    while (!holds()) {
      if (this.#now >= end) throw new Error(`never: ${what}`)
      await this.#step(STEP_MS)
    }
  }

  async #step(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1))
    this.#now += ms
    const due = [...this.#timers].filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at)
    for (const timer of due) if (this.#timers.delete(timer)) timer.run()
  }
}
