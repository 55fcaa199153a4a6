/** REC3: the meeting is being recorded on the server, and nothing of us leaves before we have said how we come in. */
import type { OrderedRecording } from '@huisclos/participant'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { StatusScreen } from './StatusScreen.tsx'

export interface RecordedGateProps {
  recording: OrderedRecording
  onAnswer: (yes: boolean) => void
  onLeave: () => void
}

export function RecordedGate({ recording, onAnswer, onLeave }: RecordedGateProps) {
  const { t } = useTranslation()
  const { owner, fingerprint } = recording
  const key = owner === '' ? t('ordered.key', { fingerprint }) : t('ordered.owner', { owner, fingerprint })
  return (
    <StatusScreen title={t('ordered.gate')} body={[key, t('ordered.gateBody')]} tone="waiting">
      <Button look="primary" onPress={() => onAnswer(true)}>
        {t('ordered.joinRecorded')}
      </Button>
      <Button onPress={() => onAnswer(false)}>{t('ordered.joinWithout')}</Button>
      <Button onPress={onLeave}>{t('bar.leave')}</Button>
    </StatusScreen>
  )
}
