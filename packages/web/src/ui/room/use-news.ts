/** Follows the meeting's snapshots and keeps what is new for as long as it is shown. */
import type { MeetingView } from '@huisclos/participant'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { News } from './news.ts'
import { newsBetween } from './news.ts'

const SHOWN_MS = 6000
const MOST = 4

/** The latest news, oldest first; each leaves by itself after six seconds. */
export function useNews(view: MeetingView<MediaStreamTrack>, chatOpen: boolean): readonly News[] {
  const { t } = useTranslation()
  const [news, setNews] = useState<readonly News[]>([])
  const before = useRef(view)
  useEffect(() => {
    const fresh = newsBetween(before.current, view, chatOpen, t)
    before.current = view
    if (fresh.length === 0) return
    setNews((shown) => [...shown, ...fresh].slice(-MOST))
    const ids = new Set(fresh.map((item) => item.id))
    // Not cleared by the next change: each has its own six seconds.
    setTimeout(() => setNews((shown) => shown.filter((item) => !ids.has(item.id))), SHOWN_MS)
  }, [view, chatOpen, t])
  return news
}
