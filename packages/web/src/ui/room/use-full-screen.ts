/** The whole screen for the room. The page itself is enlarged, so that menus and dialogs come with it. */
import { useSyncExternalStore } from 'react'

export interface FullScreen {
  /** False where the browser lets no page do it (iPhone). */
  readonly possible: boolean
  readonly on: boolean
  readonly toggle: () => void
}

const subscribe = (changed: () => void) => {
  document.addEventListener('fullscreenchange', changed)
  return () => document.removeEventListener('fullscreenchange', changed)
}

export function useFullScreen(): FullScreen {
  const on = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null)
  return {
    possible: document.fullscreenEnabled === true,
    on,
    toggle: () => {
      // Refused without a gesture, or by the person: there is nothing to say about it.
      // Asked of the page, not of what was shown last: it may have changed since.
      const done = document.fullscreenElement
        ? document.exitFullscreen()
        : document.documentElement.requestFullscreen()
      done.catch(() => undefined)
    },
  }
}
