/** The whole recording at a glance: a slider to move in it, a lane for each person, pauses and gaps across. */
import { Volume2, VolumeX } from 'lucide-react'
import type { CSSProperties, PointerEvent } from 'react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../../ui/format-time.ts'
import { IconButton } from '../../ui/parts/Button.tsx'
import { useStore } from '../../ui/use-store.ts'
import type { PlayerPort } from '../model/player.ts'
import type { Lane, Mark, MarkKind, Timeline } from '../model/timeline.ts'
import type { ResultPort } from '../opening-port.ts'
import type { Span } from '../worker/opener-messages.ts'
import { HEIGHT, loudnessBars, pictureLine, soundBars, spanBoxes, WIDTH } from './lane-shapes.ts'
import { useLaneName } from './use-lane-name.ts'

const MARKS: readonly MarkKind[] = ['paused', 'missing', 'sealed']

export function TimelinePart({ result }: { result: ResultPort }) {
  const { t } = useTranslation('recordings')
  const { timeline, loudnessKnown } = useStore(result)
  const kinds = MARKS.filter((kind) => timeline.marks.some((mark) => mark.kind === kind))
  const holes = timeline.lanes.some((lane) => lane.holes.length > 0)
  const shown = holes && !kinds.includes('missing') ? [...kinds, 'missing' as const] : kinds
  return (
    <section className="timeline" aria-labelledby="timeline">
      <h2 id="timeline">{t('timeline.heading')}</h2>
      <div className="lanes">
        <Slider player={result.player} />
        {timeline.lanes.map((lane) => (
          <LaneRow key={lane.file} lane={lane} timeline={timeline} result={result} />
        ))}
        <Playhead player={result.player} />
      </div>
      <p className="soft small">
        {t(loudnessKnown ? 'timeline.loud' : 'timeline.sent')}{' '}
        {shown.map((kind) => (
          <span key={kind} className="legend">
            <span className={`legend-box mark-${kind}`} aria-hidden />
            {t(`timeline.${kind}`)}
          </span>
        ))}
      </p>
      <p className="soft small">{t('player.keys')}</p>
    </section>
  )
}

function Slider({ player }: { player: PlayerPort }) {
  const { t } = useTranslation('recordings')
  const { positionMs, durationMs } = useStore(player)
  return (
    <input
      className="slider"
      type="range"
      min={0}
      max={durationMs}
      step={100}
      value={positionMs}
      aria-label={t('player.position')}
      aria-valuetext={t('player.at', { at: formatDuration(positionMs), of: formatDuration(durationMs) })}
      onChange={(event) => player.seek(Number(event.target.value))}
    />
  )
}

function Playhead({ player }: { player: PlayerPort }) {
  const { positionMs, durationMs } = useStore(player)
  const style = { '--at': positionMs / durationMs } as CSSProperties
  return <div className="playhead" style={style} aria-hidden />
}

interface LaneRowProps {
  lane: Lane
  timeline: Timeline
  result: ResultPort
}

function LaneRow({ lane, timeline, result }: LaneRowProps) {
  const { t } = useTranslation('recordings')
  const name = useLaneName()(lane)
  const { player } = result
  const isMuted = useStore(player).muted.has(lane.file)
  const label = t('timeline.lane', {
    name,
    heard: formatDuration(lengthOf(lane.sound)),
    seen: formatDuration(lengthOf(lane.pictures)),
  })
  const point = (event: PointerEvent<SVGSVGElement>) => {
    if (event.type === 'pointermove' && event.buttons === 0) return
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId)
    const { left, width } = event.currentTarget.getBoundingClientRect()
    player.seek(((event.clientX - left) / width) * timeline.durationMs)
  }
  return (
    <>
      <div className="lane-name">
        <IconButton
          label={t(isMuted ? 'player.unmute' : 'player.mute', { name })}
          pressed={isMuted}
          onPress={() => player.setMuted(lane.file, !isMuted)}
        >
          {isMuted ? <VolumeX size={18} aria-hidden /> : <Volume2 size={18} aria-hidden />}
        </IconButton>
        <span>{name}</span>
      </div>
      <svg
        className={isMuted ? 'lane lane-muted' : 'lane'}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
        onPointerDown={point}
        onPointerMove={point}
      >
        <Shapes lane={lane} timeline={timeline} result={result} />
      </svg>
    </>
  )
}

function Shapes({ lane, timeline, result }: LaneRowProps) {
  const { loudness, loudnessKnown } = useStore(result)
  const { durationMs, marks } = timeline
  const own = loudness.get(lane.file)
  const bars = useMemo(
    () => (loudnessKnown ? loudnessBars(own ?? [], durationMs) : soundBars(lane.sound, durationMs)),
    [own, loudnessKnown, lane, durationMs],
  )
  const line = useMemo(() => pictureLine(lane.pictures, durationMs), [lane, durationMs])
  const boxesOf = (kind: MarkKind): string => spanBoxes(ofKind(marks, kind), durationMs)
  return (
    <>
      {MARKS.map((kind) => (
        <path key={kind} className={`mark-${kind}`} d={boxesOf(kind)} />
      ))}
      <path className="mark-missing" d={spanBoxes(lane.holes, durationMs)} />
      <path className="lane-bars" d={bars} />
      <path className="lane-pictures" d={line} />
    </>
  )
}

const ofKind = (marks: readonly Mark[], kind: MarkKind): Mark[] => marks.filter((mark) => mark.kind === kind)
const lengthOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
