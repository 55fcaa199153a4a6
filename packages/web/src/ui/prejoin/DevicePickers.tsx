/** Choosing microphone, speaker and camera, before the call and in it; the level meter; the speaker's test. */
import { Volume2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { Picker, Switch } from '../parts/Field.tsx'
import { LevelMeter } from '../parts/LevelMeter.tsx'
import type { DeviceKind, DevicesPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import './device-pickers.css'

export interface DevicePickersProps {
  devices: DevicesPort
  kinds: readonly DeviceKind[]
}

export function DevicePickers({ devices, kinds }: DevicePickersProps) {
  const view = useStore(devices)
  return (
    <div className="pickers">
      {kinds.includes('microphone') ? (
        <DevicePicker devices={devices} kind="microphone">
          {view.microphone.state === 'live' ? <LevelMeter devices={devices} /> : null}
        </DevicePicker>
      ) : null}
      {kinds.includes('speaker') ? <SpeakerPicker devices={devices} /> : null}
      {kinds.includes('camera') ? <DevicePicker devices={devices} kind="camera" /> : null}
    </div>
  )
}

interface DevicePickerProps {
  devices: DevicesPort
  kind: DeviceKind
  children?: React.ReactNode
}

function DevicePicker({ devices, kind, children }: DevicePickerProps) {
  const { t } = useTranslation()
  const view = useStore(devices)
  const label = t(`prejoin.${kind}`)
  const known = view.options[kind].map((option, index) => ({
    value: option.id,
    label: option.label === '' ? t('prejoin.unnamed', { kind: label, number: index + 1 }) : option.label,
  }))
  const options = known.length === 0 ? [{ value: '', label: t('prejoin.defaultDevice') }] : known
  return (
    <Picker
      label={label}
      // What was chosen may be gone.
      value={view.inUse[kind] === '' ? view.chosen[kind] : view.inUse[kind]}
      onChange={(id) => devices.choose(kind, id)}
      options={options}
    >
      {children}
    </Picker>
  )
}

function SpeakerPicker({ devices }: { devices: DevicesPort }) {
  const { t } = useTranslation()
  const view = useStore(devices)
  const [playing, setPlaying] = useState(false)
  const test = () => {
    setPlaying(true)
    // Whether it played or the browser refused, the button comes back.
    devices.testSpeaker().then(
      () => setPlaying(false),
      () => setPlaying(false),
    )
  }
  return (
    <div className="speaker">
      {view.speakerSelectable ? <DevicePicker devices={devices} kind="speaker" /> : null}
      <Button look="plain" small onPress={test} disabled={playing}>
        <Volume2 size={16} aria-hidden />
        {playing ? t('prejoin.testing') : t('prejoin.test')}
      </Button>
    </div>
  )
}

export function NoiseSwitch({ devices }: { devices: DevicesPort }) {
  const { t } = useTranslation()
  const view = useStore(devices)
  return (
    <Switch
      label={t('prejoin.noise')}
      on={view.noiseSuppression}
      onChange={(on) => devices.setNoiseSuppression(on)}
    />
  )
}

/** Only where the browser itself can. */
export function BlurSwitch({ devices }: { devices: DevicesPort }) {
  const { t } = useTranslation()
  const { backgroundBlur } = useStore(devices)
  if (backgroundBlur === null) return null
  return (
    <Switch label={t('prejoin.blur')} on={backgroundBlur} onChange={(on) => devices.setBackgroundBlur(on)} />
  )
}
