/** The machine's clock, as the engine's `Clock` port wants it. */
import type { Clock } from '@huisclos/participant'

/** Unix milliseconds with fractions that never run backwards. Its timers hold the process open. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
