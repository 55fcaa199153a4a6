/** News as small notes over the stage, and the two live regions that read them out: one polite, one that interrupts. */
import { CircleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { News } from './news.ts'

/** What comes within this time is read out together. */
const BATCH_MS = 500

export function NewsRegions({ news }: { news: readonly News[] }) {
  return (
    <>
      <ul className="notes" aria-hidden>
        {news
          .filter((item) => item.kind !== 'alarm')
          .map((item) => (
            <li key={item.id} className="note">
              {item.text}
            </li>
          ))}
      </ul>
      <Spoken news={news.filter((item) => !item.urgent)} live="polite" />
      <Spoken news={news.filter((item) => item.urgent)} live="assertive" />
    </>
  )
}

function Spoken({ news, live }: { news: readonly News[]; live: 'polite' | 'assertive' }) {
  const text = news.map((item) => item.text).join('. ')
  const [spoken, setSpoken] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), live === 'polite' ? BATCH_MS : 0)
    return () => clearTimeout(timer)
  }, [text, live])
  return (
    <div className="unseen" aria-live={live} aria-atomic>
      {spoken}
    </div>
  )
}

export interface AlarmBannerProps {
  title: string
  body: string
  /** It was refused: amber rather than red. */
  calm: boolean
  action: string
  onAction: () => void
}

/** What must not be missed stays until it was read. */
export function AlarmBanner({ title, body, calm, action, onAction }: AlarmBannerProps) {
  return (
    <div className={calm ? 'banner banner-warn' : 'banner banner-alarm'}>
      <CircleAlert size={22} aria-hidden />
      <p>
        <strong>{title}</strong> {body}
      </p>
      <button type="button" className="banner-button" onClick={onAction}>
        {action}
      </button>
    </div>
  )
}
