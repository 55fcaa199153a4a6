/** The page that opens recordings: choose, wait, watch. */
import { useTranslation } from 'react-i18next'
import { PageFrame } from '../../ui/parts/PageFrame.tsx'
import { useStore } from '../../ui/use-store.ts'
import type { OpeningPort } from '../opening-port.ts'
import { ChooseScreen } from './ChooseScreen.tsx'
import { ResultScreen } from './ResultScreen.tsx'
import { WaitScreen } from './WaitScreen.tsx'
import './recordings.css'

export function RecordingsPage({ opening, onHome }: { opening: OpeningPort; onHome: () => void }) {
  const { t } = useTranslation('recordings')
  return (
    <PageFrame title={t('open.page')} onHome={onHome}>
      <Current opening={opening} />
    </PageFrame>
  )
}

function Current({ opening }: { opening: OpeningPort }) {
  const view = useStore(opening)
  const { stage } = view
  if (stage.at === 'choosing') {
    return <ChooseScreen opening={opening} view={view} problem={stage.problem} />
  }
  if (stage.at !== 'opened') {
    return <WaitScreen key={stage.at} at={stage.at} part={stage.part} onCancel={() => opening.cancel()} />
  }
  const { result } = opening
  return result === null ? null : <ResultScreen result={result} onClose={() => opening.close()} />
}
