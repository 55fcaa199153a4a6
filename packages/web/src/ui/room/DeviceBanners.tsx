/**
 * What the room says of devices (DEV1–DEV5, DEV8): a microphone or camera that failed, with Retry; and hints, each with
 * the one deed that helps. Closing hides that problem only.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { DeviceProblem, DevicesPort } from '../ports.ts'
import { HintDeed, useHintText } from '../prejoin/device-hint.tsx'
import { useStore } from '../use-store.ts'

export interface DeviceBannersProps {
  devices: DevicesPort
  onSettings: () => void
  /** Ends being a companion. */
  onSoundHere: () => void
}

export function DeviceBanners({ devices, onSettings, onSoundHere }: DeviceBannersProps) {
  const { camera, microphone } = useStore(devices)
  return (
    <>
      <DeviceTrouble devices={devices} kind="microphone" problem={microphone.problem} />
      <DeviceTrouble devices={devices} kind="camera" problem={camera.problem} />
      <Hint devices={devices} onSettings={onSettings} onSoundHere={onSoundHere} />
    </>
  )
}

interface DeviceTroubleProps {
  devices: DevicesPort
  kind: 'microphone' | 'camera'
  problem: DeviceProblem | null
}

function DeviceTrouble({ devices, kind, problem }: DeviceTroubleProps) {
  const { t } = useTranslation()
  const [closed, setClosed] = useState<DeviceProblem | null>(null)
  const open = problem !== null && closed !== problem
  return (
    <div role="status">
      {open ? (
        <div className="banner banner-warn">
          <p>{t(`problem.${kind}.${problem}`)}</p>
          <Button small onPress={() => devices.retry(kind)}>
            {t('app.retry')}
          </Button>
          <Button small onPress={() => setClosed(problem)}>
            {t('app.close')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function Hint({ devices, onSettings, onSoundHere }: DeviceBannersProps) {
  const { t } = useTranslation()
  const { hint } = useStore(devices)
  const text = useHintText(hint)
  return (
    <div role="status">
      {hint === null ? null : (
        <div className="banner">
          <p>{text}</p>
          <HintDeed devices={devices} hint={hint} onChoose={onSettings} onSoundHere={onSoundHere} />
          <Button small onPress={() => devices.dismissHint()}>
            {t('app.close')}
          </Button>
        </div>
      )}
    </div>
  )
}
