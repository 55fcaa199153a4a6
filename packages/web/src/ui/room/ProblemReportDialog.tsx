/** A report for whoever helps: shown whole before it can be copied, sent by nobody but the person (DEV10). */
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { InfoDialog } from '../parts/Dialog.tsx'
import './problem-report.css'

export interface ProblemReportDialogProps {
  open: boolean
  onClose: () => void
  makeReport: () => Promise<string>
}

export function ProblemReportDialog({ open, onClose, makeReport }: ProblemReportDialogProps) {
  const { t } = useTranslation()
  return (
    <InfoDialog open={open} onClose={onClose} title={t('report.title')}>
      <Report makeReport={makeReport} />
    </InfoDialog>
  )
}

function Report({ makeReport }: Pick<ProblemReportDialogProps, 'makeReport'>) {
  const { t } = useTranslation()
  const id = useId()
  // One report a showing: what is copied is what is read.
  const [making] = useState(makeReport)
  const [text, setText] = useState('')
  const [copied, setCopied] = useState<'yes' | 'failed' | null>(null)
  useEffect(() => {
    let over = false
    // Where it cannot be made, there is nothing to copy.
    making.then(
      (made) => (over ? undefined : setText(made)),
      () => undefined,
    )
    return () => {
      over = true
    }
  }, [making])
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('failed'),
    )
  }
  return (
    <div className="report">
      <p id={id}>{t('report.lead')}</p>
      <textarea
        className="field-input report-text"
        aria-label={t('report.text')}
        aria-describedby={id}
        readOnly
        rows={14}
        value={text}
        spellCheck={false}
      />
      <div className="row dialog-foot">
        <Button look="primary" onPress={copy} disabled={text === ''}>
          {copied === 'yes' ? t('app.copied') : t('app.copy')}
        </Button>
      </div>
      <p role="status" className="small">
        {copied === 'failed' ? t('app.copyFailed') : ''}
      </p>
    </div>
  )
}
