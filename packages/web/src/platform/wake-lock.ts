/**
 * Keeps the screen from going dark during a call, where the browser can. The browser drops the lock whenever the page
 * is hidden: it is asked for again when the page is seen. A refusal (battery saver) is no failure.
 */

interface Sentinel {
  release(): Promise<void>
}

/** The parts of the page that are used; injected for tests. */
export interface AwakePage {
  readonly visible: boolean
  /** Null where the browser has none. */
  readonly request: (() => Promise<Sentinel>) | null
  onVisibility(changed: () => void): () => void
}

const thisPage = (): AwakePage => ({
  get visible() {
    return document.visibilityState === 'visible'
  },
  request: 'wakeLock' in navigator ? () => navigator.wakeLock.request('screen') : null,
  onVisibility(changed) {
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  },
})

/** Keeps the screen on until the result is called. Never rejects or throws. */
export function keepAwake(page: AwakePage = thisPage()): () => void {
  const { request } = page
  if (!request) return () => {}
  let held: Sentinel | null = null
  let over = false
  const letGo = (lock: Sentinel | null) => void lock?.release().catch(() => undefined)
  const hold = () => {
    if (!page.visible || over) return
    request().then(
      (lock) => {
        // What the page held before was dropped when it was hidden; releasing it again does nothing.
        letGo(held)
        held = lock
        if (over) letGo(lock)
      },
      () => undefined,
    )
  }
  const endWatch = page.onVisibility(hold)
  hold()
  return () => {
    over = true
    endWatch()
    letGo(held)
  }
}
