/**
 * A recording on the server, before a host orders it (REC1): whose key opens it, with the fingerprint to compare, what is
 * protected and what is not, and whether oneself is in it. Takes public halves of keys alone, and asks for no passphrase.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { FieldProblem, Switch } from '../parts/Field.tsx'
import type { ServerRecordingPort } from '../recording-ports.ts'
import { useStore } from '../use-store.ts'
import { RecordingKeyField } from './RecordingKeyField.tsx'

interface OrderRecordingProps {
  recording: ServerRecordingPort
  onClose: () => void
}

export function OrderRecording({ recording, onClose }: OrderRecordingProps) {
  const { t } = useTranslation()
  const { key, ordering, problem } = useStore(recording)
  // REC17: consent is nobody's default, and not the host's either.
  const [withMe, setWithMe] = useState(false)
  const start = () => void recording.start(withMe).then((runs) => (runs ? onClose() : undefined))
  return (
    <>
      <RecordingKeyField recording={recording} />
      <Switch label={t('order.withMe')} hint={t('order.withMeHint')} on={withMe} onChange={setWithMe} />
      <Facts recording={recording} />
      {problem === null ? null : <FieldProblem>{t(`order.problem.${problem}`)}</FieldProblem>}
      <div className="row dialog-foot">
        <Button onPress={onClose}>{t('app.cancel')}</Button>
        <Button look="primary" onPress={start} disabled={key === null || ordering}>
          {ordering ? t('order.ordering') : t('record.confirm')}
        </Button>
      </div>
    </>
  )
}

function Facts({ recording }: { recording: ServerRecordingPort }) {
  const { t } = useTranslation()
  const { retentionDays } = useStore(recording)
  return (
    <ul className="record-facts">
      <li>{t('order.factSealed')}</li>
      <li>{t('order.factTold')}</li>
      <li>{t('order.factNotHidden')}</li>
      <li>{t('order.factLost')}</li>
      {retentionDays === null ? null : <li>{t('order.factRetention', { count: retentionDays })}</li>}
    </ul>
  )
}
