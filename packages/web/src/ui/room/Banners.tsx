/** What the room says across its top: alarms, a lost path, sound that is held back, a shared screen, a device's hint. */

import type { MeetingView } from '@huisclos/participant'
import { MonitorUp } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { DevicesPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
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
  onRejoin: () => void
}

export function Banners({
  view,
  devices,
  sharing,
  onStopSharing,
  onShield,
  onSettings,
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
      <DeviceTrouble devices={devices} />
      <Hint devices={devices} onSettings={onSettings} />
    </div>
  )
}

/** A camera or microphone that failed in the call: what happened, what to do, Retry. Closing hides that problem only. */
function DeviceTrouble({ devices }: { devices: DevicesPort }) {
  const { t } = useTranslation()
  const { camera, microphone } = useStore(devices)
  const [closed, setClosed] = useState('')
  const kind = camera.problem === null ? 'microphone' : 'camera'
  const problem = camera.problem ?? microphone.problem
  const open = problem !== null && closed !== `${kind} ${problem}`
  return (
    <div role="status">
      {open ? (
        <div className="banner banner-warn">
          <p>{t(`problem.${kind}.${problem}`)}</p>
          <Button small onPress={() => devices.retry(kind)}>
            {t('app.retry')}
          </Button>
          <Button small onPress={() => setClosed(`${kind} ${problem}`)}>
            {t('app.close')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function Hint({ devices, onSettings }: { devices: DevicesPort; onSettings: () => void }) {
  const { t } = useTranslation()
  const { hint } = useStore(devices)
  const act = () => {
    devices.dismissHint()
    if (hint === 'talking-while-muted') devices.setOn('microphone', true)
    else onSettings()
  }
  return (
    <div role="status">
      {hint === null ? null : (
        <div className="banner">
          <p>{t(`hint.${hint}`)}</p>
          <Button small look="primary" onPress={act}>
            {hint === 'talking-while-muted' ? t('hint.unmute') : t('hint.choose')}
          </Button>
          <Button small onPress={() => devices.dismissHint()}>
            {t('app.close')}
          </Button>
        </div>
      )}
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
