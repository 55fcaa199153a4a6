/** The microphone's level as a row of small bars; to a screen reader, one meter. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DevicesPort } from '../ports.ts'

const BARS = Array.from({ length: 16 }, (_, index) => index)

/** The level, 0..16, redrawn only when the number of lit bars changes. */
function useLevel(devices: DevicesPort): number {
  const [lit, setLit] = useState(0)
  useEffect(
    () => devices.onLevel((level) => setLit(Math.round(Math.min(1, Math.max(0, level)) * BARS.length))),
    [devices],
  )
  return lit
}

export function LevelMeter({ devices }: { devices: DevicesPort }) {
  const { t } = useTranslation()
  const lit = useLevel(devices)
  return (
    <div className="meter">
      <meter className="unseen" aria-label={t('prejoin.level')} min={0} max={BARS.length} value={lit} />
      {BARS.map((bar) => (
        <span key={bar} data-lit={bar < lit || undefined} aria-hidden />
      ))}
    </div>
  )
}
