/** What is and is not protected, and all that the server sees (SEE1): honest, complete, in plain words. */
import { Check, Minus } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { PageFrame } from '../parts/PageFrame.tsx'
import { SeenByServer } from '../parts/SeenByServer.tsx'
import './protection.css'

const YES = ['yes1', 'yes2', 'yes3', 'yes4', 'yes5'] as const
const NO = ['no1', 'no2', 'no3', 'no4', 'no5'] as const

export function ProtectionScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <PageFrame title={t('protection.page')} onHome={onBack}>
      <article className="protection">
        <header>
          <h1 ref={heading} tabIndex={-1}>
            {t('protection.heading')}
          </h1>
          <p className="home-lead">{t('protection.lead')}</p>
        </header>
        <section aria-labelledby="yes">
          <h2 id="yes">{t('protection.yes')}</h2>
          <ul className="claims">
            {YES.map((key) => (
              <li key={key}>
                <Check className="claim-yes" size={20} aria-hidden />
                {t(`protection.${key}`)}
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="no">
          <h2 id="no">{t('protection.no')}</h2>
          <ul className="claims">
            {NO.map((key) => (
              <li key={key}>
                <Minus className="claim-no" size={20} aria-hidden />
                {t(`protection.${key}`)}
              </li>
            ))}
          </ul>
        </section>
        <section className="protection-wide" aria-labelledby="see">
          <h2 id="see">{t('protection.see')}</h2>
          <SeenByServer />
          <p className="soft">{t('protection.kept')}</p>
        </section>
        <p className="protection-wide">
          <Button onPress={onBack}>{t('app.back')}</Button>
        </p>
      </article>
    </PageFrame>
  )
}
