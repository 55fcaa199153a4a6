/** Before one records on this computer: what is recorded, who is told, where it lies, and who is left out. */
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskDialog } from '../parts/Dialog.tsx'
import type { LocalRecorderPort } from '../recording-ports.ts'
import { useStore } from '../use-store.ts'

interface RecordDialogProps {
  open: boolean
  onClose: () => void
  onStart: () => void
}

function RecordDialog({ open, onClose, onStart }: RecordDialogProps) {
  const { t } = useTranslation()
  return (
    <AskDialog
      open={open}
      onClose={onClose}
      title={t('record.title')}
      body={t('record.body')}
      confirm={t('record.confirm')}
      look="primary"
      onConfirm={onStart}
    >
      <ul className="record-facts">
        <li>{t('record.factTold')}</li>
        <li>{t('record.factConsent')}</li>
        <li>{t('record.factWhere')}</li>
      </ul>
    </AskDialog>
  )
}

/** `onRecord`: opens the dialog; null where this computer records already. */
export function useRecordDialog(recorder: LocalRecorderPort): {
  onRecord: (() => void) | null
  recordDialog: ReactNode
} {
  const [open, setOpen] = useState(false)
  const { at } = useStore(recorder)
  return {
    onRecord: at === 'off' ? () => setOpen(true) : null,
    recordDialog: (
      <RecordDialog open={open} onClose={() => setOpen(false)} onStart={() => recorder.start()} />
    ),
  }
}
