/** An opened recording: verdict, pictures, controls, timeline, files to save, report. */
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/parts/Button.tsx'
import { useStore } from '../../ui/use-store.ts'
import type { ResultPort } from '../opening-port.ts'
import { PlayerControls } from './PlayerControls.tsx'
import { PlayerStage } from './PlayerStage.tsx'
import { ReportPart } from './ReportPart.tsx'
import { SavePart } from './SavePart.tsx'
import { TimelinePart } from './TimelinePart.tsx'
import { useMoment } from './use-formats.ts'
import { usePlayerKeys } from './use-player-keys.ts'
import './player.css'

export function ResultScreen({ result, onClose }: { result: ResultPort; onClose: () => void }) {
  const { t } = useTranslation('recordings')
  const moment = useMoment()
  const { opened, timeline, hostTitle } = useStore(result)
  const [alone, setAlone] = useState<string | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  usePlayerKeys(result.player)
  const { startedAtMs } = opened.report
  return (
    <div className="result">
      <header className="result-head">
        <h1 ref={heading} tabIndex={-1}>
          {startedAtMs === null
            ? t('result.headingUnknown')
            : t('result.heading', { date: moment(startedAtMs) })}
        </h1>
        <Button small onPress={onClose}>
          {t('result.close')}
        </Button>
      </header>
      <Verdict whole={opened.whole} />
      {timeline.lanes.length === 0 ? (
        <p>{t('result.nobody')}</p>
      ) : (
        <>
          <PlayerStage result={result} alone={alone} onAlone={setAlone} />
          <PlayerControls player={result.player} lanes={timeline.lanes} alone={alone} onAlone={setAlone} />
          <TimelinePart result={result} />
          <SavePart result={result} />
        </>
      )}
      <ReportPart opened={opened} hostTitle={hostTitle} />
      <p className="soft small">{t('open.forget')}</p>
    </div>
  )
}

function Verdict({ whole }: { whole: boolean }) {
  const { t } = useTranslation('recordings')
  return (
    <p className={whole ? 'verdict verdict-whole' : 'verdict verdict-amiss'}>
      {whole ? <CircleCheck size={20} aria-hidden /> : <TriangleAlert size={20} aria-hidden />}
      {t(whole ? 'result.whole' : 'result.amiss')}
    </p>
  )
}
