/**
 * The page that opens recordings (OPEN1): a document of its own, without socket, group or camera. Joins what it consists
 * of; the worker that holds the key is started when a key is given.
 */
import { encodeHex } from '@huisclos/crypto/bytes'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { createRoot } from 'react-dom/client'
import { useTranslation } from 'react-i18next'
import { indexedDbShelf } from '../call/meeting-shelf.ts'
import { startI18n } from '../ui/i18n/i18n.ts'
import { FaultBoundary } from '../ui/status/FaultBoundary.tsx'
import { Opening } from './model/opening.ts'
import { ServerRecordings } from './model/server-recordings.ts'
import { startOpener } from './opener-link.ts'
import type { OpeningPort } from './opening-port.ts'
import { saveBlob } from './save-blob.ts'
import { RecordingsPage } from './screens/RecordingsPage.tsx'
import { RECORDINGS_TEXTS } from './texts/texts.ts'

const TICK_MS = 100

function Localised({ opening }: { opening: OpeningPort }) {
  const { i18n } = useTranslation()
  return (
    <I18nProvider locale={i18n.language}>
      <FaultBoundary>
        <RecordingsPage opening={opening} onHome={() => location.assign('/')} />
      </FaultBoundary>
    </I18nProvider>
  )
}

export async function showRecordings(place: HTMLElement): Promise<void> {
  const shelf = indexedDbShelf()
  const opening = new Opening({
    start: startOpener,
    server: new ServerRecordings(() => shelf.all()),
    save: saveBlob,
    titleOfHost: async (host) =>
      (await shelf.all()).find(({ link }) => encodeHex(link.hostHash) === host)?.title ?? null,
    timers: {
      now: () => performance.now(),
      tick: (run) => {
        const timer = setInterval(run, TICK_MS)
        return () => clearInterval(timer)
      },
    },
  })
  await startI18n({ recordings: RECORDINGS_TEXTS })
  createRoot(place).render(<Localised opening={opening} />)
}
