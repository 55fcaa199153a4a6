/**
 * The key that a recording is sealed to: a file, or its text, until one is read; then its owner and fingerprint. What is
 * read goes to the port alone, and the text is not kept on the screen.
 */
import { FileKey } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { Field, FieldProblem, Switch } from '../parts/Field.tsx'
import type { ServerRecordingPort } from '../recording-ports.ts'
import { useStore } from '../use-store.ts'

/** A key file has about four thousand characters; no more of a wrong one is read. */
const MOST_BYTES = 64 * 1024

export function RecordingKeyField({ recording }: { recording: ServerRecordingPort }) {
  const { t } = useTranslation()
  const { key } = useStore(recording)
  if (key === null) return <KeyChoice recording={recording} />
  return (
    <section className="record-key" aria-labelledby="record-key-owner">
      <p className="field-hint">{t('order.opens')}</p>
      <p id="record-key-owner" className="record-key-owner">
        {key.owner === '' ? t('order.nameless') : key.owner}
      </p>
      <p className="record-fingerprint">{key.fingerprint}</p>
      <p className="field-hint">{t('order.compare')}</p>
      <Switch
        label={t('order.remember')}
        hint={t('order.rememberHint')}
        on={key.remembered}
        onChange={(on) => recording.rememberKey(on)}
      />
      <Button small onPress={() => recording.forgetKey()}>
        {t('order.otherKey')}
      </Button>
    </section>
  )
}

function KeyChoice({ recording }: { recording: ServerRecordingPort }) {
  const { t } = useTranslation()
  const { keyProblem } = useStore(recording)
  const [text, setText] = useState('')
  const take = (file: File | undefined) =>
    void file
      ?.slice(0, MOST_BYTES)
      .text()
      .then((read) => recording.readKey(read))
  return (
    <section className="record-key">
      <p>{t('order.keyLead')}</p>
      <FileButton onFile={take} />
      <details>
        <summary>{t('order.paste')}</summary>
        <div className="record-paste">
          <Field label={t('order.text')} value={text} onChange={setText} lines autoComplete="off" />
          <Button small onPress={() => void recording.readKey(text)} disabled={text.trim() === ''}>
            {t('order.take')}
          </Button>
        </div>
      </details>
      {keyProblem === null ? null : <FieldProblem>{t(`order.keyProblem.${keyProblem}`)}</FieldProblem>}
    </section>
  )
}

function FileButton({ onFile }: { onFile: (file: File | undefined) => void }) {
  const { t } = useTranslation()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <label htmlFor={id} className="unseen">
        {t('order.file')}
      </label>
      <input
        ref={input}
        id={id}
        type="file"
        accept=".json,application/json"
        className="unseen"
        tabIndex={-1}
        onChange={(event) => onFile(event.target.files?.[0])}
      />
      <Button onPress={() => input.current?.click()}>
        <FileKey size={18} aria-hidden />
        {t('order.file')}
      </Button>
    </>
  )
}
