/** One's own picture, 16:9 and mirrored, with the two toggles on it, and what went wrong with a device below. */
import { Mic, MicOff, Video, VideoOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../parts/Button.tsx'
import { TrackVideo } from '../parts/TrackVideo.tsx'
import type { DevicesPort } from '../ports.ts'
import { readSetting } from '../settings.ts'
import { useStore } from '../use-store.ts'
import { HintDeed, useHintText } from './device-hint.tsx'
import { retryAll, troublesOf } from './device-troubles.ts'
import './self-view.css'

export function SelfView({ devices, name }: { devices: DevicesPort; name: string }) {
  const { t } = useTranslation()
  const { camera, cameraTrack, microphone } = useStore(devices)
  return (
    <div className="self-view-box">
      <section className="self-view" aria-label={t('prejoin.selfView')}>
        {cameraTrack === null ? (
          <p className="self-view-off">
            {camera.state === 'starting' ? t('prejoin.cameraStarting') : t('prejoin.cameraOff')}
          </p>
        ) : (
          <TrackVideo track={cameraTrack} mirrored={readSetting('mirror') !== 'off'} />
        )}
        {name.trim() === '' ? null : <p className="self-view-name">{name}</p>}
        <div className="self-view-toggles">
          <IconButton
            className={microphone.on ? 'toggle' : 'toggle toggle-off'}
            label={microphone.on ? t('bar.mute') : t('bar.unmute')}
            pressed={microphone.on}
            onPress={() => devices.setOn('microphone', !microphone.on)}
          >
            {microphone.on ? <Mic aria-hidden /> : <MicOff aria-hidden />}
          </IconButton>
          <IconButton
            className={camera.on ? 'toggle' : 'toggle toggle-off'}
            label={camera.on ? t('bar.cameraOff') : t('bar.cameraOn')}
            pressed={camera.on}
            onPress={() => devices.setOn('camera', !camera.on)}
          >
            {camera.on ? <Video aria-hidden /> : <VideoOff aria-hidden />}
          </IconButton>
        </div>
      </section>
      <DeviceProblems devices={devices} />
      <DeviceHintNote devices={devices} />
    </div>
  )
}

/** What a person would like to know of the devices before joining: the pickers are in sight, so no way there. */
function DeviceHintNote({ devices }: { devices: DevicesPort }) {
  const { t } = useTranslation()
  const { hint } = useStore(devices)
  const text = useHintText(hint)
  return (
    <div role="status">
      {hint === null ? null : (
        <div className="problem">
          <p>{text}</p>
          <HintDeed devices={devices} hint={hint} />
          <Button small onPress={() => devices.dismissHint()}>
            {t('app.close')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** What is wrong with camera and microphone, what to do, and Retry. Says once that joining is possible all the same. */
export function DeviceProblems({ devices, inCall }: { devices: DevicesPort; inCall?: boolean }) {
  const { t } = useTranslation()
  const troubles = troublesOf(useStore(devices))
  return (
    <div aria-live="polite" className="problems">
      {troubles.map(({ kinds, text, problem }) => (
        <div key={kinds[0]} className="problem">
          {kinds[0] === 'camera' ? <VideoOff size={18} aria-hidden /> : <MicOff size={18} aria-hidden />}
          <p>{t(text)}</p>
          {problem === 'gone' ? null : (
            <Button small onPress={() => retryAll(devices, kinds)}>
              {t('app.retry')}
            </Button>
          )}
        </div>
      ))}
      {troubles.length > 0 && inCall !== true ? (
        <p className="soft small">{t('problem.joinAnyway')}</p>
      ) : null}
    </div>
  )
}
