/** A finger drawn sideways turns the page; the buttons below do the same. Mouse and pen are left alone. */
import type { PointerEvent } from 'react'
import { useRef } from 'react'

const FAR_PX = 56

export interface SwipeHandlers {
  onPointerDown: (event: PointerEvent) => void
  onPointerUp: (event: PointerEvent) => void
  onPointerCancel: () => void
}

/** Which way a finger went: 1 for the next page, −1 for the one before, 0 for neither. Pure. */
export function swipeOf(deltaX: number, deltaY: number): -1 | 0 | 1 {
  if (Math.abs(deltaX) < FAR_PX || Math.abs(deltaX) < 2 * Math.abs(deltaY)) return 0
  return deltaX < 0 ? 1 : -1
}

export function useSwipe(onTurn: (step: 1 | -1) => void): SwipeHandlers {
  const start = useRef<{ id: number; x: number; y: number } | null>(null)
  return {
    onPointerDown: (event) => {
      // A second finger is a pinch, not a page.
      const alone = event.pointerType === 'touch' && event.isPrimary
      start.current = alone ? { id: event.pointerId, x: event.clientX, y: event.clientY } : null
    },
    onPointerUp: (event) => {
      const from = start.current
      start.current = null
      if (from === null || from.id !== event.pointerId) return
      const step = swipeOf(event.clientX - from.x, event.clientY - from.y)
      if (step !== 0) onTurn(step)
    },
    onPointerCancel: () => {
      start.current = null
    },
  }
}
