/** What the room says across its top: alarms, a lost path, sound that is held back, a shared screen, a device's hint. */

import type { MeetingView } from '@huisclos/participant'
import { MonitorUp } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { DevicesPort } from '../ports.ts'
import { DeviceBanners } from './DeviceBanners.tsx'
import { wasRefused } from './glance.ts'
import { AlarmBanner } from './NewsRegions.tsx'

/** Shorter interruptions than the first are not worth a word; after the second a banner says what to do. */
const SAY_AFTER_MS = 2000
const BANNER_AFTER_MS = 10_000

export interface BannersProps {
  view: MeetingView<MediaStreamTrack>
  devices: DevicesPort
  sharing: boolean
  onStopSharing: () => void
  onShield: () => void
  onSettings: () => void
  onSoundHere: () => void
  onRejoin: () => void
}

export function Banners({
  view,
  devices,
  sharing,
  onStopSharing,
  onShield,
  onSettings,
  onSoundHere,
  onRejoin,
}: BannersProps) {
  const { t } = useTranslation()
  // The gravest one speaks; the shield lists them all.
  const alarm = view.alarms.findLast((one) => !wasRefused(one)) ?? view.alarms.at(-1)
  return (
    <div className="banners">
      {alarm === undefined ? null : (
        <AlarmBanner
          title={`${t(`alarm.${alarm.kind}.title`)}.`}
          body={t(`alarm.${alarm.kind}.body`)}
          calm={wasRefused(alarm)}
          action={t('bar.shield')}
          onAction={onShield}
        />
      )}
      <Trouble view={view} onRejoin={onRejoin} />
      {sharing ? (
        <div className="banner">
          <MonitorUp size={20} aria-hidden />
          <p>{t('room.sharingYou')}</p>
          <Button small look="danger" onPress={onStopSharing}>
            {t('room.stopSharing')}
          </Button>
        </div>
      ) : null}
      <DeviceBanners devices={devices} onSettings={onSettings} onSoundHere={onSoundHere} />
    </div>
  )
}

function Trouble({ view, onRejoin }: { view: MeetingView<MediaStreamTrack>; onRejoin: () => void }) {
  const { t } = useTranslation()
  const cut = view.network.signalling === 'lost' || view.phase.at === 'reconnecting'
  const dry = view.network.media === 'disconnected' || view.network.media === 'failed'
  const stage = useTroubleStage(cut || dry)
  return (
    <div role="status">
      {stage === 'quiet' ? null : (
        <div className="banner banner-warn">
          <span className="spinner" aria-hidden />
          {stage === 'said' ? (
            <p>{t('room.reconnecting')}</p>
          ) : (
            <>
              <p>
                <strong>{t('trouble.title')}.</strong> {cut ? t('trouble.signalling') : t('trouble.media')}
              </p>
              <Button small onPress={onRejoin}>
                {t('trouble.retry')}
              </Button>
            </>
          )}
        </div>
      )}
    </div>
  )
}

/** How much to say of an interruption, by how long it has lasted. */
function useTroubleStage(inTrouble: boolean): 'quiet' | 'said' | 'explained' {
  const [stage, setStage] = useState<'quiet' | 'said' | 'explained'>('quiet')
  useEffect(() => {
    if (!inTrouble) {
      setStage('quiet')
      return undefined
    }
    const timers = [
      setTimeout(() => setStage('said'), SAY_AFTER_MS),
      setTimeout(() => setStage('explained'), BANNER_AFTER_MS),
    ]
    return () => timers.forEach(clearTimeout)
  }, [inTrouble])
  return stage
}
