/** Rings for each new knock where we are host, and counts those at the door in the title of the tab (HOST8). */
import type { MeetingView } from '@huisclos/participant'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DoorBellPort } from '../ports.ts'

/** The title with how many wait. */
export function useDoorBell(view: MeetingView<MediaStreamTrack>, bell: DoorBellPort, title: string): string {
  const { t } = useTranslation()
  const known = useRef(new Set<string>())
  const { knocking } = view.lobby
  useEffect(() => {
    const fresh = knocking.filter(({ id }) => !known.current.has(id))
    known.current = new Set(knocking.map(({ id }) => id))
    if (view.selfHost && fresh.length > 0) bell.ring(t('hosts.bellTitle'))
  }, [knocking, view.selfHost, bell, t])
  return view.selfHost && knocking.length > 0 ? `(${knocking.length}) ${title}` : title
}
