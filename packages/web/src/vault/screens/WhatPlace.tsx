/** The first half of the page: which recording, from files or from the server. */
import { FileLock2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/parts/Button.tsx'
import type { ChosenRecording, OpeningPort, OpeningView } from '../opening-port.ts'
import { DropPlace } from './DropPlace.tsx'
import { ServerPlace } from './ServerPlace.tsx'
import { useMoment, useSize } from './use-formats.ts'

export function WhatPlace({ opening, view }: { opening: OpeningPort; view: OpeningView }) {
  const { t } = useTranslation('recordings')
  return (
    <section className="place" aria-labelledby="what">
      <h2 id="what">{t('what.heading')}</h2>
      {view.chosen === null ? (
        <>
          <DropPlace
            label={t('what.drop')}
            files={t('what.files')}
            folder={t('what.folder')}
            onFiles={(files) => opening.give(files)}
          />
          <Several opening={opening} view={view} />
          <ServerPlace opening={opening} />
        </>
      ) : (
        <Chosen chosen={view.chosen} onChange={() => opening.choose(null)} />
      )}
      <p role="status" className="small soft">
        {view.strangers.length === 0
          ? ''
          : t('what.strangers', { names: view.strangers.slice(0, 5).join(', ') })}
      </p>
    </section>
  )
}

/** More than one recording was dropped. */
function Several({ opening, view }: { opening: OpeningPort; view: OpeningView }) {
  const { t } = useTranslation('recordings')
  const size = useSize()
  if (view.found.length === 0) return null
  return (
    <>
      <p role="status">{t('what.several')}</p>
      <ul className="choices">
        {view.found.map((recording) => {
          const name = recording.name || t('what.unnamed')
          return (
            <li key={name}>
              <p>
                <strong>{name}</strong>
                <span className="soft small">{t('what.size', { size: size(recording.sizeBytes) })}</span>
              </p>
              <Button small onPress={() => opening.choose({ from: 'files', recording })}>
                <span aria-hidden>{t('what.choose')}</span>
                <span className="unseen">{t('what.chooseNamed', { name })}</span>
              </Button>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function Chosen({ chosen, onChange }: { chosen: ChosenRecording; onChange: () => void }) {
  const { t } = useTranslation('recordings')
  const size = useSize()
  const moment = useMoment()
  const isFiles = chosen.from === 'files'
  const name = isFiles ? chosen.recording.name || t('what.unnamed') : chosen.title
  const detail = isFiles
    ? t('what.sizeFiles', {
        count: chosen.recording.files.length,
        size: size(chosen.recording.sizeBytes),
      })
    : `${moment(chosen.startedAt)} · ${t('what.size', { size: size(chosen.sizeBytes) })}`
  return (
    <div className="chosen">
      <FileLock2 size={26} strokeWidth={1.5} aria-hidden />
      <p role="status" className="chosen-words">
        <span className="unseen">{t('what.chosen')} </span>
        <strong>{name}</strong>
        <span className="soft small">{detail}</span>
      </p>
      <Button small onPress={onChange}>
        {t('what.change')}
      </Button>
    </div>
  )
}
