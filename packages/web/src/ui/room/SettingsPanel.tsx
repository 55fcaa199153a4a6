/** Settings in the call: devices, language, single-letter keys. All take effect at once. */
import { useTranslation } from 'react-i18next'
import { Switch } from '../parts/Field.tsx'
import { LanguagePicker } from '../parts/Preferences.tsx'
import type { DevicesPort } from '../ports.ts'
import { DevicePickers, NoiseSwitch } from '../prejoin/DevicePickers.tsx'
import { DeviceProblems } from '../prejoin/SelfView.tsx'
import { Panel } from './Panel.tsx'

export interface SettingsPanelProps {
  devices: DevicesPort
  letters: boolean
  onLetters: (on: boolean) => void
  onClose: () => void
}

export function SettingsPanel({ devices, letters, onLetters, onClose }: SettingsPanelProps) {
  const { t } = useTranslation()
  return (
    <Panel title={t('bar.settingsTitle')} onClose={onClose}>
      <DeviceProblems devices={devices} />
      <DevicePickers devices={devices} kinds={['microphone', 'speaker', 'camera']} />
      <NoiseSwitch devices={devices} />
      <LanguagePicker />
      <Switch label={t('help.letters')} hint={t('help.lettersHint')} on={letters} onChange={onLetters} />
    </Panel>
  )
}
