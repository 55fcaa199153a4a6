/** How loud one other person is here (DEV6): a button with a slider from silence to twice as loud. */
import { Volume1, Volume2, VolumeX } from 'lucide-react'
import { useId } from 'react'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../parts/Button.tsx'
import type { HearingPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import './person-volume.css'

const FULL_PERCENT = 100
const MOST_PERCENT = 200

export interface PersonVolumeProps {
  hearing: HearingPort
  leaf: number
  /** As it is shown. */
  name: string
}

export function PersonVolume({ hearing, leaf, name }: PersonVolumeProps) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const percent = useStore(hearing).volumes.get(leaf) ?? FULL_PERCENT
  const shown = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(percent / 100)
  const Icon = percent === 0 ? VolumeX : percent < FULL_PERCENT ? Volume1 : Volume2
  return (
    <DialogTrigger>
      <IconButton label={t('volume.open', { name, percent: shown })}>
        <Icon size={18} aria-hidden />
      </IconButton>
      <Popover className="popover" placement="bottom end">
        <Dialog className="popover-body person-volume" aria-label={t('volume.of', { name })}>
          <label htmlFor={id}>{t('volume.of', { name })}</label>
          <div className="person-volume-line">
            <input
              id={id}
              type="range"
              min={0}
              max={MOST_PERCENT}
              step={10}
              value={percent}
              aria-valuetext={shown}
              onChange={(event) => hearing.setVolume(leaf, event.target.valueAsNumber)}
            />
            <output htmlFor={id}>{shown}</output>
          </div>
          <p className="soft small">{t('volume.hint')}</p>
          <Button
            small
            disabled={percent === FULL_PERCENT}
            onPress={() => hearing.setVolume(leaf, FULL_PERCENT)}
          >
            {t('volume.reset')}
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
