/** Says that pictures are off here by choice, and brings them back: what one forgot looks like a fault. */
import { VideoOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { HearingPort } from '../ports.ts'
import { useStore } from '../use-store.ts'

export function PicturesBanner({ hearing }: { hearing: HearingPort }) {
  const { t } = useTranslation()
  const { pictures } = useStore(hearing)
  return (
    <div role="status">
      {pictures === 'none' ? (
        <div className="banner">
          <VideoOff size={20} aria-hidden />
          <p>{t('pictures.hint.none')}</p>
          <Button small onPress={() => hearing.setPictures('all')}>
            {t('pictures.show')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
