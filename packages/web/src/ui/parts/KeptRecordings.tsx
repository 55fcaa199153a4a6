/** Recordings that lie in this browser and wait to be saved or deleted, those that a crash interrupted among them. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../format-time.ts'
import type { KeptRecording, KeptRecordingsPort } from '../recording-ports.ts'
import { useStore } from '../use-store.ts'
import { Button } from './Button.tsx'
import { AskDialog } from './Dialog.tsx'
import { FieldProblem } from './Field.tsx'
import './kept-recordings.css'

export function KeptRecordings({ recordings }: { recordings: KeptRecordingsPort }) {
  const { t } = useTranslation()
  const view = useStore(recordings)
  const [deleting, setDeleting] = useState<KeptRecording | null>(null)
  if (view.kept.length === 0) return null
  return (
    <section className="kept" aria-labelledby="kept-recordings">
      <h2 id="kept-recordings">{t('kept.title')}</h2>
      <p className="soft small">{t('kept.lead')}</p>
      <ul>
        {view.kept.map((one) => (
          <Kept key={one.id} one={one} recordings={recordings} onDelete={() => setDeleting(one)} />
        ))}
      </ul>
      <AskDialog
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        title={t('kept.deleteTitle')}
        body={t('kept.deleteBody')}
        confirm={t('kept.delete')}
        onConfirm={() => {
          if (deleting !== null) recordings.delete(deleting.id)
        }}
      />
    </section>
  )
}

interface KeptProps {
  one: KeptRecording
  recordings: KeptRecordingsPort
  onDelete: () => void
}

function Kept({ one, recordings, onDelete }: KeptProps) {
  const { t, i18n } = useTranslation()
  const { making, saved, problem } = useStore(recordings)
  const words = {
    microphone: t('kept.microphone'),
    camera: t('kept.camera'),
    screen: t('kept.screen'),
    'screen-audio': t('kept.screenAudio'),
    file: t('kept.file'),
  }
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' })
  const size = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(one.sizeBytes / 1e6)
  const mine = making?.id === one.id
  return (
    <li className="kept-one">
      <p>
        <strong>{one.title === '' ? t('prejoin.untitled') : one.title}</strong>
        <span className="soft small">
          {day.format(one.beganAt)} · {formatDuration(one.durationMs)} · {t('kept.size', { size })}
        </span>
      </p>
      <div className="row">
        <Button
          small
          look="primary"
          disabled={making !== null}
          onPress={() => recordings.save(one.id, words)}
        >
          {mine ? t('kept.making', { percent: Math.round(making.done * 100) }) : t('kept.save')}
        </Button>
        <Button small disabled={mine} onPress={onDelete}>
          {t('kept.delete')}
        </Button>
      </div>
      <p role="status" className="small">
        {saved.has(one.id) ? t('kept.saved') : ''}
      </p>
      {problem?.id === one.id ? <FieldProblem>{t(`kept.problem.${problem.why}`)}</FieldProblem> : null}
    </li>
  )
}
