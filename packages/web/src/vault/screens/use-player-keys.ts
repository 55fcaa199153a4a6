/** The keys of the player: Space plays and pauses, the arrows move by five seconds, whatever has the focus allows it. */
import { useEffect } from 'react'
import type { PlayerPort } from '../model/player.ts'

const STEP_MS = 5_000

export function usePlayerKeys(player: PlayerPort): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      const act = actionOf(event, player)
      if (act === null) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [player])
}

/** Where the arrows mean something else. */
const MOVED = 'input:not([type=range]), textarea, select, pre, [role=menu], [role=listbox]'
const PRESSED = 'button, a[href], summary, input:not([type=range])'

function actionOf({ key, target }: KeyboardEvent, player: PlayerPort): (() => void) | null {
  if (!(target instanceof Element) || target.closest(MOVED)) return null
  const { positionMs, durationMs } = player.view
  if (key === 'ArrowLeft') return () => player.seek(positionMs - STEP_MS)
  if (key === 'ArrowRight') return () => player.seek(positionMs + STEP_MS)
  if (target.closest(PRESSED)) return null
  if (key === ' ') return () => player.toggle()
  if (key === 'Home') return () => player.seek(0)
  if (key === 'End') return () => player.seek(durationMs)
  return null
}
