/**
 * Tells that this machine or this page has just woken: the lid was opened, the tab came back, the page was thawed. A
 * wake may be told when there was none (hidden tabs have slow clocks): whoever listens looks before acting.
 */

const TICK_MS = 2_000
/** A tick that comes this late slept in between. */
const ASLEEP_MS = 10_000

/** Calls `woke` after each wake; the result ends it. */
export function onWake(woke: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') woke()
  }
  let last = Date.now()
  const timer = setInterval(() => {
    const now = Date.now()
    if (now - last > ASLEEP_MS) woke()
    last = now
  }, TICK_MS)
  document.addEventListener('visibilitychange', onVisible)
  document.addEventListener('resume', woke)
  addEventListener('pageshow', woke)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', onVisible)
    document.removeEventListener('resume', woke)
    removeEventListener('pageshow', woke)
  }
}
