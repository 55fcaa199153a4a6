/** Captions over the pictures: who, how it was made, the words. Readable over any picture; never in a pointer's way. */
import type { CaptionLine } from '@huisclos/participant'
import { Cpu, Keyboard } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CaptionWindow, tailOf } from './caption-window.ts'
import type { CaptionLook } from './use-captions.ts'
import './captions.css'

export function CaptionOverlay({ lines, look }: { lines: readonly CaptionLine[]; look: CaptionLook }) {
  return look.shown ? <Shown lines={lines} look={look} /> : null
}

function Shown({ lines, look }: { lines: readonly CaptionLine[]; look: CaptionLook }) {
  const { t } = useTranslation()
  const shown = useShown(lines)
  return (
    <>
      {/* Silent by itself: the words grow letter by letter, and whoever listens hears the voice. */}
      <div
        className={`captions captions-${look.size}`}
        role="log"
        aria-live="off"
        aria-label={t('captions.heading')}
      >
        {shown.map((line) => (
          <div key={line.id} className="caption">
            <p className="caption-head">
              <strong>{nameOf(t('room.you'), t('room.someone'), line)}</strong>
              <CaptionMark how={line.how} />
            </p>
            <p className="caption-text" lang={line.lang} dir="auto">
              {tailOf(line.text)}
            </p>
          </div>
        ))}
      </div>
      {look.aloud ? <Aloud lines={lines} /> : null}
    </>
  )
}

const nameOf = (you: string, someone: string, { self, name }: CaptionLine): string =>
  self ? you : name === '' ? someone : name

/** How the line was made, as its sender says: in words, not by an icon alone. */
export function CaptionMark({ how }: Pick<CaptionLine, 'how'>) {
  const { t } = useTranslation()
  const Icon = how === 'speech' ? Cpu : Keyboard
  return (
    <span className="caption-mark">
      <Icon size={14} aria-hidden />
      {t(how === 'speech' ? 'captions.bySpeech' : 'captions.byHand')}
    </span>
  )
}

/** Others' finished lines that have come since this was turned on, for a screen reader. */
function Aloud({ lines }: { lines: readonly CaptionLine[] }) {
  const { t } = useTranslation()
  const [from] = useState(() => lines.at(-1)?.id ?? 0)
  const finished = lines.filter((line) => line.final && !line.self && line.id > from).slice(-5)
  return (
    <div className="unseen" role="log" aria-live="polite" aria-label={t('captions.aloud')}>
      {finished.map((line) => (
        <p key={line.id} lang={line.lang}>
          {`${line.name === '' ? t('room.someone') : line.name}: ${line.text}`}
        </p>
      ))}
    </div>
  )
}

function useShown(lines: readonly CaptionLine[]): readonly CaptionLine[] {
  const [window] = useState(() => new CaptionWindow())
  const [, setTurn] = useState(0)
  const now = performance.now()
  const { shown, untilMs } = window.show(lines, now)
  useEffect(() => {
    if (untilMs === null) return undefined
    const timer = setTimeout(() => setTurn((turn) => turn + 1), Math.max(50, untilMs - performance.now()))
    return () => clearTimeout(timer)
  }, [untilMs])
  return shown
}
