/**
 * What the browser knows of this device's network: that there is one again, or that the path is another one. A hint
 * only: whoever hears it looks for itself.
 */
import type { NetworkChange } from '@huisclos/participant'

/** Chromium and others, not in the DOM library. */
interface WithConnection {
  connection?: EventTarget
}

/** Calls `changed` at each change; the result ends that. */
export function watchNetwork(changed: (how: NetworkChange) => void): () => void {
  const connection = (navigator as unknown as WithConnection).connection
  const back = (): void => changed('back')
  const other = (): void => {
    if (navigator.onLine) changed('changed')
  }
  addEventListener('online', back)
  connection?.addEventListener('change', other)
  return () => {
    removeEventListener('online', back)
    connection?.removeEventListener('change', other)
  }
}
