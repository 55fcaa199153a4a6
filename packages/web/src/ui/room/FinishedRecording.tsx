/** Where a recording on the server is once it has ended, and how its key's owner gets at it. For the holder of the host key. */
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../format-time.ts'
import { Button } from '../parts/Button.tsx'
import { InfoDialog } from '../parts/Dialog.tsx'
import { CopyButton } from '../parts/ShareLink.tsx'
import type { FinishedRecording as Finished, ServerRecordingPort } from '../recording-ports.ts'
import { TOKEN_FILE } from '../recording-ports.ts'
import { useStore } from '../use-store.ts'

export function FinishedRecording({ recording }: { recording: ServerRecordingPort }) {
  const { t } = useTranslation()
  const { finished } = useStore(recording)
  const close = () => recording.dismissFinished()
  return (
    <InfoDialog open={finished !== null} onClose={close} title={t('order.finished')}>
      {finished === null ? null : <Where finished={finished} recording={recording} />}
    </InfoDialog>
  )
}

function Where({ finished, recording }: { finished: Finished; recording: ServerRecordingPort }) {
  const { t } = useTranslation()
  const { retentionDays } = useStore(recording)
  const { owner, fingerprint, address, durationMs } = finished
  const command = `huisclos vault open ${address} --token-file ${TOKEN_FILE} --key KEY.json`
  return (
    <>
      <p>{t('order.finishedLead', { time: formatDuration(durationMs) })}</p>
      <p>
        {owner === '' ? t('ordered.key', { fingerprint }) : t('ordered.owner', { owner, fingerprint })}
        {retentionDays === null ? null : ` ${t('order.factRetention', { count: retentionDays })}`}
      </p>
      <p>
        {t('order.finishedHow')}{' '}
        <a href="/recordings" target="_blank" rel="noopener">
          {t('order.openPage')}
        </a>
      </p>
      <p>{t('order.finishedCommand')}</p>
      <code className="record-command">{command}</code>
      <p className="field-hint">{t('order.tokenHint')}</p>
      <div className="row dialog-foot">
        <Button onPress={() => recording.saveToken()}>{t('order.saveToken')}</Button>
        <CopyButton text={command} />
      </div>
    </>
  )
}
