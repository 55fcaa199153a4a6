/** The clock as a port: what decides by time asks here, so that tests can hold it. */

export interface Clock {
  /** Milliseconds that never run backwards; their origin means nothing. */
  now(): number
  /** Unix milliseconds. */
  wallTime(): number
  /** Runs `task` once, not before `delayMs`; the returned function calls it off. Never keeps the process alive. */
  schedule(task: () => void, delayMs: number): () => void
}

const LONGEST_TIMER_MS = 0x7fff_ffff

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  schedule: (task, delayMs) => {
    const timer = setTimeout(task, Math.min(Math.max(0, Math.ceil(delayMs)), LONGEST_TIMER_MS))
    timer.unref()
    return () => clearTimeout(timer)
  },
}
