/** Something takes its time: what, how far it is, and a way out. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/parts/Button.tsx'

export interface WaitScreenProps {
  at: 'fetching' | 'key' | 'recording'
  /** 0 to 1. */
  part: number
  onCancel: () => void
}

export function WaitScreen({ at, part, onCancel }: WaitScreenProps) {
  const { t } = useTranslation('recordings')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const percent = Math.round(part * 100)
  return (
    <div className="wait">
      <h1 ref={heading} tabIndex={-1}>
        {t(`wait.${at}`)}
      </h1>
      {at === 'key' ? <p className="soft">{t('wait.keyHint')}</p> : null}
      {/* How far Argon2id is cannot be known. */}
      {at === 'key' ? (
        <progress className="check-progress" aria-label={t('wait.key')} />
      ) : (
        <progress className="check-progress" aria-label={t(`wait.${at}`)} max={100} value={percent} />
      )}
      <p className="wait-figure">{at === 'key' ? '' : t('wait.percent', { percent })}</p>
      <div className="row">
        <Button onPress={onCancel}>{t('wait.cancel')}</Button>
      </div>
    </div>
  )
}
