/** The frame of a side panel: heading, Close, Escape. Takes the focus when it opens; Room gives it back. */
import { X } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../parts/Button.tsx'
import './panel.css'

/** By then a menu that closes has given the focus back. */
const SETTLED_MS = 80

export interface PanelProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Stays below what scrolls. */
  foot?: ReactNode
}

export function Panel({ title, onClose, children, foot }: PanelProps) {
  const { t } = useTranslation()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const inside = useRef(false)
  useEffect(() => enterPanel(heading.current), [])
  useEffect(() => {
    // What had the focus is gone (a person who was removed): it must not fall out of the panel. A menu that closes
    // gives the focus back to its button a moment later, and goes first.
    const fallen = () => inside.current && document.activeElement === document.body
    if (!fallen()) return
    const timer = setTimeout(() => (fallen() ? heading.current?.focus() : undefined), SETTLED_MS)
    return () => clearTimeout(timer)
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) onClose()
  }
  return (
    <aside
      className="panel"
      data-region
      tabIndex={-1}
      aria-labelledby={id}
      onKeyDown={onKeyDown}
      onFocus={() => {
        inside.current = true
      }}
      onBlur={(event) => {
        inside.current = event.relatedTarget === null
      }}
    >
      <div className="panel-head">
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <IconButton label={t('app.close')} onPress={onClose}>
          <X size={20} aria-hidden />
        </IconButton>
      </div>
      <div className="panel-body">{children}</div>
      {foot === undefined ? null : <div className="panel-foot">{foot}</div>}
    </aside>
  )
}

/** Focuses the heading unless something inside has the focus; once more when a closing menu has taken it back. */
function enterPanel(heading: HTMLElement | null): () => void {
  const enter = () => {
    const panel = heading?.closest('aside')
    if (panel?.contains(document.activeElement) === false) heading?.focus()
  }
  enter()
  const timer = setTimeout(enter, SETTLED_MS)
  return () => clearTimeout(timer)
}
