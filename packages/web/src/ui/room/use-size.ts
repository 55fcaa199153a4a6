/** The size of an element in CSS pixels, followed as it changes. */
import type { RefCallback } from 'react'
import { useCallback, useState } from 'react'

export interface Size {
  readonly width: number
  readonly height: number
}

/** A ref for the element, and its content box; zero until measured. */
export function useSize(): [RefCallback<HTMLElement>, Size] {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return
      const { width, height } = entry.contentRect
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }))
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, size]
}
