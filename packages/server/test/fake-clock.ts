/** A clock that stands still until told otherwise. */
import type { Clock } from '../src/clock.ts'

export class FakeClock implements Clock {
  #now = 1_000
  #tasks: { at: number; task: () => void }[] = []

  now(): number {
    return this.#now
  }

  wallTime(): number {
    return 1_800_000_000_000 + this.#now
  }

  schedule(task: () => void, delayMs: number): () => void {
    const entry = { at: this.#now + Math.max(0, delayMs), task }
    this.#tasks.push(entry)
    return () => {
      this.#tasks = this.#tasks.filter((each) => each !== entry)
    }
  }

  /** Lets time pass and runs what falls due, in order. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (;;) {
      const [next] = this.#tasks.filter((t) => t.at <= until).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#tasks = this.#tasks.filter((each) => each !== next)
      this.#now = Math.max(this.#now, next.at)
      next.task()
    }
    this.#now = until
  }
}
