/**
 * Before one records: where, what is recorded, who is told, who can open it, and who is left out. Offers what the
 * operator allows and what this person may begin, and nothing else.
 */
import type { RecordingView } from '@huisclos/participant'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { InfoDialog } from '../parts/Dialog.tsx'
import type { CallPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { OrderRecording } from './OrderRecording.tsx'
import './record-dialog.css'
import './view-panel.css'

export type RecordPlace = 'local' | 'server'
/** The menu's entry; null where nothing can be begun now. */
export type RecordOffer = { readonly where: RecordPlace | 'both'; readonly run: () => void }

type Call = Pick<CallPort, 'recorder' | 'serverRecording'>

export function useRecordDialog(
  call: Call,
  recording: RecordingView,
): { record: RecordOffer | null; recordDialog: ReactNode } {
  const [open, setOpen] = useState(false)
  const { at } = useStore(call.recorder)
  const { allowed } = useStore(call.serverRecording)
  const places: RecordPlace[] = []
  if (allowed.local && at === 'off') places.push('local')
  if (allowed.server && recording.mayOrder && recording.ordered === null) places.push('server')
  const [first] = places
  const where = places.length > 1 ? 'both' : first
  return {
    record: where === undefined ? null : { where, run: () => setOpen(true) },
    recordDialog: (
      <RecordDialog
        call={call}
        open={open && first !== undefined}
        places={places}
        onClose={() => setOpen(false)}
      />
    ),
  }
}

interface RecordDialogProps {
  call: Call
  open: boolean
  places: readonly RecordPlace[]
  onClose: () => void
}

function RecordDialog({ call, open, places, onClose }: RecordDialogProps) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<RecordPlace>('local')
  const place = places.includes(chosen) ? chosen : places[0]
  const start = () => {
    onClose()
    call.recorder.start()
  }
  const title = places.length > 1 ? 'order.titleBoth' : place === 'server' ? 'order.title' : 'record.title'
  return (
    <InfoDialog open={open} onClose={onClose} title={t(title)}>
      {places.length > 1 ? <PlaceChoice place={place} onChange={setChosen} /> : null}
      {place === 'server' ? (
        <OrderRecording recording={call.serverRecording} onClose={onClose} />
      ) : (
        <OnThisComputer onStart={start} onClose={onClose} />
      )}
    </InfoDialog>
  )
}

interface PlaceChoiceProps {
  place: RecordPlace | undefined
  onChange: (place: RecordPlace) => void
}

function PlaceChoice({ place, onChange }: PlaceChoiceProps) {
  const { t } = useTranslation()
  return (
    <fieldset className="view-choice">
      <legend className="unseen">{t('order.where')}</legend>
      {(['local', 'server'] as const).map((each) => (
        <label key={each} className="view-option">
          <input type="radio" name="record-place" checked={place === each} onChange={() => onChange(each)} />
          <span>
            {t(`order.place.${each}.name`)}
            <span className="field-hint">{t(`order.place.${each}.hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function OnThisComputer({ onStart, onClose }: { onStart: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <p>{t('record.body')}</p>
      <ul className="record-facts">
        <li>{t('record.factTold')}</li>
        <li>{t('record.factConsent')}</li>
        <li>{t('record.factWhere')}</li>
      </ul>
      <div className="row dialog-foot">
        <Button onPress={onClose}>{t('app.cancel')}</Button>
        <Button look="primary" onPress={onStart}>
          {t('record.confirm')}
        </Button>
      </div>
    </>
  )
}
