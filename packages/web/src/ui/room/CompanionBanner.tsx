/** Two devices of one person in one room howl (DEV8): asks whoever comes second, and says that the sound is off here. */
import type { PersonView } from '@huisclos/participant'
import { VolumeX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { CallPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { hasTwin } from './companion.ts'
import { useFirstSeconds } from './use-first-seconds.ts'

/** Who has a namesake come later was here first: nothing is asked of them. */
const ASK_WITHIN_MS = 12_000

export interface CompanionBannerProps {
  call: CallPort
  people: readonly PersonView<unknown>[]
}

export function CompanionBanner({ call, people }: CompanionBannerProps) {
  const { t } = useTranslation()
  const { silent } = useStore(call.hearing)
  const [answered, setAnswered] = useState(false)
  const asks = useFirstSeconds(ASK_WITHIN_MS, hasTwin(people)) && !silent && !answered
  const answer = (companion: boolean) => {
    setAnswered(true)
    call.setCompanion(companion)
  }
  return (
    <div role="status">
      {silent ? (
        <div className="banner">
          <VolumeX size={20} aria-hidden />
          <p>{t('companion.silent')}</p>
          <Button small onPress={() => answer(false)}>
            {t('hint.soundHere')}
          </Button>
        </div>
      ) : asks ? (
        <div className="banner banner-warn">
          <p>{t('companion.ask')}</p>
          <Button small onPress={() => answer(true)}>
            {t('companion.silence')}
          </Button>
          <Button small onPress={() => setAnswered(true)}>
            {t('companion.other')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
