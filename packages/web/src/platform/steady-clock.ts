/**
 * The time of day for whoever counts by it: Unix ms that never run backwards. When the wall clock is put back, this one
 * goes on from where it was; timers that wait for a time would else wait for as long again.
 */

export function steadyClock(wall: () => number = Date.now): () => number {
  let ahead = 0
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = wall()
    ahead = Math.max(ahead, last - now)
    last = now + ahead
    return last
  }
}
