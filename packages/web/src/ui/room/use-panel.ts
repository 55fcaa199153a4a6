/** Which panel is open, and whose press opened it: closing gives the focus back there. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { PanelName } from './panel-name.ts'

export interface PanelState {
  readonly panel: PanelName | null
  /** Opens this panel, or closes it when it is the open one. */
  readonly toggle: (name: PanelName) => void
  readonly close: () => void
}

export function usePanel(): PanelState {
  const [panel, setPanel] = useState<PanelName | null>(null)
  const opener = useRef<Element | null>(null)
  const before = useRef<PanelName | null>(null)
  const toggle = useCallback((name: PanelName) => {
    const active = document.activeElement
    if (active !== null && active.closest('.panel') === null) opener.current = active
    setPanel((open) => (open === name ? null : name))
  }, [])
  const close = useCallback(() => setPanel(null), [])
  useEffect(() => {
    const closed = before.current !== null && panel === null
    before.current = panel
    if (!closed) return
    const back = opener.current
    const usable = back instanceof HTMLElement && back.isConnected && back !== document.body
    // What opened it may have gone (an entry of a menu): the button of that menu stands in for it.
    const target = usable
      ? back
      : (document.querySelector<HTMLElement>('.bar-more') ?? document.querySelector<HTMLElement>('.bar'))
    target?.focus()
  }, [panel])
  return { panel, toggle, close }
}
