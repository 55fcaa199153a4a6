/**
 * What the room says of devices (DEV1–DEV5, DEV8): a microphone or camera that failed, with Retry; and hints, each with
 * the one deed that helps. Closing hides that problem only.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { DevicesPort } from '../ports.ts'
import { HintDeed, useHintText } from '../prejoin/device-hint.tsx'
import type { DeviceTroubleText } from '../prejoin/device-troubles.ts'
import { retryAll, troublesOf } from '../prejoin/device-troubles.ts'
import { useStore } from '../use-store.ts'

export interface DeviceBannersProps {
  devices: DevicesPort
  onSettings: () => void
  /** Ends being a companion. */
  onSoundHere: () => void
}

export function DeviceBanners({ devices, onSettings, onSoundHere }: DeviceBannersProps) {
  const [closed, setClosed] = useState<readonly string[]>([])
  const troubles = troublesOf(useStore(devices)).filter(({ text }) => !closed.includes(text))
  return (
    <>
      {(['microphone', 'camera'] as const).map((first) => (
        <DeviceTrouble
          key={first}
          devices={devices}
          trouble={troubles.find(({ kinds }) => kinds[0] === first)}
          onClose={(text) => setClosed([...closed, text])}
        />
      ))}
      <Hint devices={devices} onSettings={onSettings} onSoundHere={onSoundHere} />
    </>
  )
}

interface DeviceTroubleProps {
  devices: DevicesPort
  trouble: DeviceTroubleText | undefined
  onClose: (text: string) => void
}

function DeviceTrouble({ devices, trouble, onClose }: DeviceTroubleProps) {
  const { t } = useTranslation()
  return (
    <div role="status">
      {trouble === undefined ? null : (
        <div className="banner banner-warn">
          <p>{t(trouble.text)}</p>
          <Button small onPress={() => retryAll(devices, trouble.kinds)}>
            {t('app.retry')}
          </Button>
          <Button small onPress={() => onClose(trouble.text)}>
            {t('app.close')}
          </Button>
        </div>
      )}
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
