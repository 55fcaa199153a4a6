/** How the pictures are shown: layout, page size, oneself, pins, full screen, a window apart, and how one's screen is sent. */
import { Maximize, Minimize, PictureInPicture2, PinOff } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { Picker, Switch } from '../parts/Field.tsx'
import { Panel } from './Panel.tsx'
import { SHARE_CHOICES, TILE_CHOICES } from './room-look.ts'
import type { RoomViewControls } from './use-room-view.ts'
import './view-panel.css'

export interface ViewPanelProps {
  controls: RoomViewControls
  canShareScreen: boolean
  onClose: () => void
}

export function ViewPanel({ controls, canShareScreen, onClose }: ViewPanelProps) {
  const { t } = useTranslation()
  const { look, change } = controls
  return (
    <Panel title={t('view.heading')} onClose={onClose}>
      <LayoutChoice controls={controls} />
      <Picker
        label={t('view.mostTiles')}
        value={String(look.mostTiles)}
        onChange={(value) => change({ mostTiles: Number(value) })}
        options={TILE_CHOICES.map((count) => ({ value: String(count), label: t('view.tiles', { count }) }))}
      />
      <Switch
        label={t('view.selfView')}
        hint={t('view.selfViewHint')}
        on={look.selfView}
        onChange={(selfView) => change({ selfView })}
      />
      <Switch
        label={t('view.mirror')}
        hint={t('view.mirrorHint')}
        on={look.mirror}
        onChange={(mirror) => change({ mirror })}
      />
      <ViewButtons controls={controls} />
      {canShareScreen ? (
        <Picker
          label={t('view.share')}
          value={look.share}
          onChange={(value) => {
            const share = SHARE_CHOICES.find((choice) => choice === value)
            if (share !== undefined) change({ share })
          }}
          options={SHARE_CHOICES.map((choice) => ({ value: choice, label: t(`view.shares.${choice}`) }))}
        >
          <p className="field-hint">{t('view.shareHint')}</p>
        </Picker>
      ) : null}
    </Panel>
  )
}

function LayoutChoice({ controls }: { controls: RoomViewControls }) {
  const { t } = useTranslation()
  const name = useId()
  const { look, change } = controls
  return (
    <fieldset className="view-choice">
      <legend>{t('view.layout')}</legend>
      {(['gallery', 'speaker'] as const).map((layout) => (
        <label key={layout} className="view-option">
          <input
            type="radio"
            name={name}
            value={layout}
            checked={look.layout === layout}
            onChange={() => change({ layout })}
          />
          <span>
            {layout === 'gallery' ? t('bar.gallery') : t('bar.speaker')}
            <span className="field-hint">{t(`view.${layout}Hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function ViewButtons({ controls }: { controls: RoomViewControls }) {
  const { t } = useTranslation()
  const { fullScreen, separate, pins, unpinAll } = controls
  return (
    <div className="view-buttons">
      {fullScreen.possible ? (
        <Button wide onPress={fullScreen.toggle}>
          {fullScreen.on ? <Minimize size={20} aria-hidden /> : <Maximize size={20} aria-hidden />}
          {fullScreen.on ? t('view.leaveFullScreen') : t('view.fullScreen')}
        </Button>
      ) : null}
      {separate.possible ? (
        <Button wide onPress={separate.toggle}>
          <PictureInPicture2 size={20} aria-hidden />
          {separate.on ? t('view.closeSeparate') : t('view.separate')}
        </Button>
      ) : null}
      <Button wide disabled={pins.length === 0} onPress={unpinAll}>
        <PinOff size={20} aria-hidden />
        {t('view.unpinAll')}
      </Button>
    </div>
  )
}
