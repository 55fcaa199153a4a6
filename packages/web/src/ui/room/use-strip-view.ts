/** Which tiles of the filmstrip are scrolled into view: the others are not asked for. */
import type { RefCallback } from 'react'
import { useCallback, useState } from 'react'

/** A ref for the element that scrolls, and the keys (`data-tile`) of its tiles in view. */
export function useStripView(): [RefCallback<HTMLElement>, ReadonlySet<string>] {
  const [inView, setInView] = useState<ReadonlySet<string>>(new Set())
  const ref = useCallback((strip: HTMLElement | null) => {
    if (strip === null) return undefined
    const seen = new Set<string>()
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const key = entry.target.getAttribute('data-tile') ?? ''
          if (entry.isIntersecting) seen.add(key)
          else seen.delete(key)
        }
        setInView(new Set(seen))
      },
      { root: strip, rootMargin: '60px' },
    )
    const watchAll = () => {
      for (const tile of strip.querySelectorAll('[data-tile]')) watcher.observe(tile)
    }
    // People come and go; observing a tile twice does nothing.
    const changes = new MutationObserver(watchAll)
    changes.observe(strip, { childList: true, subtree: true })
    watchAll()
    return () => {
      watcher.disconnect()
      changes.disconnect()
    }
  }, [])
  return [ref, inView]
}
