/**
 * What the browser knows of this device's network: that there is one again, or that the path is another one; and that
 * the device slept, after which nothing that was open can be relied on. A hint only: whoever hears it looks for itself.
 */
import type { NetworkChange } from '@huisclos/participant'

/** Chromium and others, not in the DOM library. */
interface WithConnection {
  connection?: EventTarget
}

const LOOK_MS = 1_000
/** Later than any timer of a page with open connections is held back. */
const SLEPT_MS = 5_000

/** Calls `changed` at each change; the result ends that. */
export function watchNetwork(changed: (how: NetworkChange) => void): () => void {
  const connection = (navigator as unknown as WithConnection).connection
  const back = (): void => changed('back')
  const other = (): void => {
    if (navigator.onLine) changed('changed')
  }
  // The wall clock: others stand still while some systems sleep.
  let lookedAt = Date.now()
  const looking = setInterval(() => {
    const now = Date.now()
    if (now - lookedAt > SLEPT_MS && navigator.onLine) back()
    lookedAt = now
  }, LOOK_MS)
  addEventListener('online', back)
  connection?.addEventListener('change', other)
  return () => {
    clearInterval(looking)
    removeEventListener('online', back)
    connection?.removeEventListener('change', other)
  }
}
