/** The words of a device's hint and the one deed that helps, the same before joining and in the call. */
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { DeviceHint, DevicesPort } from '../ports.ts'

/** Empty for no hint. */
export function useHintText(hint: DeviceHint | null): string {
  const { t } = useTranslation()
  if (hint === null) return ''
  switch (hint.what) {
    case 'held':
      return t(`hint.held.${hint.kind}`)
    case 'saved-gone':
      return t(`problem.${hint.kind}.gone`)
    case 'unplugged':
      return hint.kind === 'speaker' || hint.label === ''
        ? t(`hint.unplugged.${hint.kind}`)
        : t(`hint.unpluggedFor.${hint.kind}`, { label: hint.label })
    case 'plugged':
      return t('hint.plugged', { label: hint.label })
    default:
      return t(`hint.${hint.what}`)
  }
}

export interface HintDeedProps {
  devices: DevicesPort
  hint: DeviceHint
  /** Opens where devices are chosen; absent where they are in sight. */
  onChoose?: () => void
  /** Ends being a companion; absent before joining. */
  onSoundHere?: () => void
}

export function HintDeed({ devices, hint, onChoose, onSoundHere }: HintDeedProps) {
  const { t } = useTranslation()
  const deed = deedOf({
    devices,
    hint,
    ...(onChoose ? { onChoose } : {}),
    ...(onSoundHere ? { onSoundHere } : {}),
  })
  if (deed === null) return null
  const act = () => {
    if (deed.name !== 'use') devices.dismissHint()
    deed.run()
  }
  return (
    <Button small look="primary" onPress={act}>
      {t(`hint.${deed.name}`)}
    </Button>
  )
}

type Deed = { name: 'unmute' | 'use' | 'choose' | 'soundHere'; run: () => void }

function deedOf({ devices, hint, onChoose, onSoundHere }: HintDeedProps): Deed | null {
  switch (hint.what) {
    case 'talking-while-muted':
      return { name: 'unmute', run: () => devices.setOn('microphone', true) }
    case 'plugged':
      return { name: 'use', run: () => devices.takeOffer() }
    case 'companion':
      return onSoundHere ? { name: 'soundHere', run: onSoundHere } : null
    case 'held':
      return null
    default:
      return onChoose ? { name: 'choose', run: onChoose } : null
  }
}
