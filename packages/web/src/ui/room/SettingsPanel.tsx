/** Settings in the call: devices, pictures, language, single-letter keys, and a report of a problem. All at once. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { Switch } from '../parts/Field.tsx'
import { LanguagePicker } from '../parts/Preferences.tsx'
import type { CallPort } from '../ports.ts'
import { BlurSwitch, DevicePickers, NoiseSwitch } from '../prejoin/DevicePickers.tsx'
import { DeviceProblems } from '../prejoin/SelfView.tsx'
import { Panel } from './Panel.tsx'
import { PicturesPicker } from './PicturesPicker.tsx'
import { ProblemReportDialog } from './ProblemReportDialog.tsx'

export interface SettingsPanelProps {
  call: CallPort
  letters: boolean
  onLetters: (on: boolean) => void
  onClose: () => void
}

export function SettingsPanel({ call, letters, onLetters, onClose }: SettingsPanelProps) {
  const { t } = useTranslation()
  const [reporting, setReporting] = useState(false)
  const { devices, hearing } = call
  return (
    <Panel title={t('bar.settingsTitle')} onClose={onClose}>
      <DeviceProblems devices={devices} inCall />
      <DevicePickers devices={devices} kinds={['microphone', 'speaker', 'camera']} />
      <NoiseSwitch devices={devices} />
      <BlurSwitch devices={devices} />
      <PicturesPicker hearing={hearing} />
      <LanguagePicker />
      <Switch label={t('help.letters')} hint={t('help.lettersHint')} on={letters} onChange={onLetters} />
      <Button onPress={() => setReporting(true)}>{t('report.open')}</Button>
      <ProblemReportDialog
        open={reporting}
        onClose={() => setReporting(false)}
        makeReport={() => call.problemReport()}
      />
    </Panel>
  )
}
