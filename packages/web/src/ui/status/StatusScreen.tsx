/** One full page for one state: a door, what happened, what to do next. Waiting, refused, removed, lost each have words of their own. */
import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { Mark } from '../parts/Mark.tsx'
import { PageFrame } from '../parts/PageFrame.tsx'
import './status.css'

export interface StatusScreenProps {
  title: string
  body: readonly string[]
  /** Closed and waiting, shut for good, or wrong: the door shows which. */
  tone: 'waiting' | 'ended' | 'wrong'
  children?: ReactNode
  onHome?: () => void
}

export function StatusScreen({ title, body, tone, children, onHome }: StatusScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Read aloud on arrival; `title` is named so that one state after another is read too.
    if (title !== '') heading.current?.focus()
  }, [title])
  return (
    <PageFrame title={title} {...(onHome === undefined ? {} : { onHome })}>
      <div className={`status status-${tone}`}>
        <div className="status-door">
          <Mark size={92} open={tone === 'wrong'} />
        </div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {body.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {children === undefined ? null : <div className="row status-actions">{children}</div>}
      </div>
    </PageFrame>
  )
}
