/** The small arrow beside microphone or camera: choose the device without leaving the call. */
import { ChevronUp } from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import type { DeviceKind, DevicesPort } from '../ports.ts'
import { BlurSwitch, DevicePickers, NoiseSwitch } from '../prejoin/DevicePickers.tsx'

export interface DeviceMenuProps {
  devices: DevicesPort
  label: string
  kinds: readonly DeviceKind[]
}

export function DeviceMenu({ devices, label, kinds }: DeviceMenuProps) {
  return (
    <DialogTrigger>
      <AriaButton className="icon-button bar-arrow" aria-label={label}>
        <ChevronUp size={16} aria-hidden />
      </AriaButton>
      <Popover className="popover" placement="top" offset={10}>
        <Dialog className="popover-body" aria-label={label}>
          <DevicePickers devices={devices} kinds={kinds} />
          {kinds.includes('microphone') ? <NoiseSwitch devices={devices} /> : null}
          {kinds.includes('camera') ? <BlurSwitch devices={devices} /> : null}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
