/** How many pictures are worth their bandwidth here (DEV7): all, small ones, or sound alone. */
import { useTranslation } from 'react-i18next'
import { Picker } from '../parts/Field.tsx'
import type { HearingPort, PictureMode } from '../ports.ts'
import { useStore } from '../use-store.ts'

const MODES: readonly PictureMode[] = ['all', 'saver', 'none']

export function PicturesPicker({ hearing }: { hearing: HearingPort }) {
  const { t } = useTranslation()
  const { pictures } = useStore(hearing)
  return (
    <Picker
      label={t('pictures.label')}
      value={pictures}
      onChange={(value) => {
        const mode = MODES.find((each) => each === value)
        if (mode) hearing.setPictures(mode)
      }}
      options={MODES.map((mode) => ({ value: mode, label: t(`pictures.${mode}`) }))}
    >
      <p className="field-hint">{t(`pictures.hint.${pictures}`)}</p>
    </Picker>
  )
}
