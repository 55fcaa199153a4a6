/** Listens for the room's keys, and goes round its regions with F6. */
import { useEffect, useRef } from 'react'
import type { ShortcutAction } from './shortcuts.ts'
import { focusContext, shortcutOf } from './shortcuts.ts'

export type ShortcutHandlers = Readonly<
  Record<Exclude<ShortcutAction, 'next-region' | 'previous-region' | 'talk'>, () => void>
> & {
  /** True while Space is held down. */
  readonly talk: (held: boolean) => void
}

/** Regions carry `data-region` and can take the focus. */
function moveRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')]
  if (regions.length === 0) return
  const here = regions.findIndex((region) => region.contains(document.activeElement))
  const next = (here + step + regions.length) % regions.length
  regions[here === -1 && step === -1 ? regions.length - 1 : next]?.focus()
}

/** `letters`: single-letter keys are on. Keys do nothing while a modal dialog is open. */
export function useShortcuts(handlers: ShortcutHandlers, letters: boolean): void {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    let talking = false
    const down = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('.modal, .popover') !== null) return
      const action = shortcutOf(event, { letters, ...focusContext(event.target) })
      if (action === null) return
      event.preventDefault()
      if (action === 'next-region') moveRegion(1)
      else if (action === 'previous-region') moveRegion(-1)
      else if (action === 'talk') {
        talking = true
        latest.current.talk(true)
      } else latest.current[action]()
    }
    const release = () => {
      if (!talking) return
      talking = false
      latest.current.talk(false)
    }
    const up = (event: KeyboardEvent) => {
      if (event.key === ' ') release()
    }
    document.addEventListener('keydown', down)
    document.addEventListener('keyup', up)
    // A held key whose window lost the focus is never released otherwise: the microphone must not stay open.
    window.addEventListener('blur', release)
    return () => {
      release()
      document.removeEventListener('keydown', down)
      document.removeEventListener('keyup', up)
      window.removeEventListener('blur', release)
    }
  }, [letters])
}
