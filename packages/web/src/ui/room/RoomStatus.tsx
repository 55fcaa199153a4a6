/** The clock, the meeting's title and the shield: one glance says whether the doors are closed. */

import { useEffect, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { useTranslation } from 'react-i18next'
import { formatTime } from '../format-time.ts'
import { Mark } from '../parts/Mark.tsx'
import type { Glance } from './glance.ts'

export interface RoomStatusProps {
  title: string
  glance: Glance
  open: boolean
  onShield: () => void
}

export function RoomStatus({ title, glance, open, onShield }: RoomStatusProps) {
  const { t } = useTranslation()
  return (
    <div className="room-status">
      <Clock />
      <h1 className="room-title">{title}</h1>
      <AriaButton className={`shield shield-${glance}`} onPress={onShield} aria-expanded={open}>
        <Mark size={18} open={glance === 'alarm'} />
        <span className="unseen">{t('bar.shield')}: </span>
        {t(`shield.short.${glance}`)}
      </AriaButton>
    </div>
  )
}

function Clock() {
  const { i18n } = useTranslation()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time className="room-clock" dateTime={new Date(now).toISOString()}>
      {formatTime(i18n.language, now)}
    </time>
  )
}
