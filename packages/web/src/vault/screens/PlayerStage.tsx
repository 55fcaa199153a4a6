/** Everybody's pictures, all at once or one of them large; what has no picture at a moment shows initials. */
import { Maximize2, Minimize2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../ui/parts/Button.tsx'
import { useStore } from '../../ui/use-store.ts'
import type { PlayerPort } from '../model/player.ts'
import type { Lane } from '../model/timeline.ts'
import { isPictured } from '../model/timeline.ts'
import type { ResultPort } from '../opening-port.ts'
import { LOUDNESS_MS } from '../worker/opener-messages.ts'
import { useLaneName } from './use-lane-name.ts'

/** From here on somebody is marked as speaking; 0 to 1. */
const SPEAKING = 0.3

export interface PlayerStageProps {
  result: ResultPort
  /** A file's name; null for all. */
  alone: string | null
  onAlone: (file: string | null) => void
}

export function PlayerStage({ result, alone, onAlone }: PlayerStageProps) {
  const { t } = useTranslation('recordings')
  const { opened, timeline, loudness } = useStore(result)
  const { positionMs, unplayable, state } = useStore(result.player)
  const step = Math.floor(positionMs / LOUDNESS_MS)
  return (
    <section
      className={alone === null ? 'player-stage' : 'player-stage player-stage-alone'}
      aria-label={t('player.stage')}
      data-count={Math.min(9, timeline.lanes.length)}
    >
      {timeline.lanes.map((lane) => (
        <PlayerTile
          key={lane.file}
          lane={lane}
          blob={opened.files.find(({ name }) => name === lane.file)?.blob}
          player={result.player}
          pictured={isPictured(lane.pictures, positionMs)}
          speaking={state === 'playing' && (loudness.get(lane.file)?.[step] ?? 0) > SPEAKING}
          unplayable={unplayable.has(lane.file)}
          large={alone === lane.file}
          onLarge={() => onAlone(alone === lane.file ? null : lane.file)}
        />
      ))}
    </section>
  )
}

/** The first letter as people count letters. Parts of the room are not used here: they would be loaded by whoever meets. */
function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim())
  return first?.segment.toLocaleUpperCase() ?? '·'
}

interface PlayerTileProps {
  lane: Lane
  blob: Blob | undefined
  player: PlayerPort
  pictured: boolean
  speaking: boolean
  unplayable: boolean
  large: boolean
  onLarge: () => void
}

function PlayerTile(props: PlayerTileProps) {
  const { lane, blob, player, pictured, speaking, unplayable, large, onLarge } = props
  const { t } = useTranslation('recordings')
  const name = useLaneName()(lane)
  const looks = [
    'player-tile',
    ...(pictured ? [] : ['player-tile-bare']),
    ...(speaking ? ['player-tile-speaking'] : []),
    ...(large ? ['player-tile-large'] : []),
  ]
  return (
    <figure className={looks.join(' ')} data-file={lane.file}>
      <PlayedVideo file={lane.file} blob={blob} player={player} whole={lane.screen} />
      {pictured ? null : (
        <span className="player-avatar" aria-hidden>
          {initialOf(lane.person)}
        </span>
      )}
      <figcaption>
        <span className="player-name">{name}</span>
        {unplayable ? <span className="player-broken">{t('player.unplayable')}</span> : null}
      </figcaption>
      <IconButton
        label={large ? t('player.shrink') : t('player.enlarge', { name })}
        className="player-enlarge"
        onPress={onLarge}
      >
        {large ? <Minimize2 size={18} aria-hidden /> : <Maximize2 size={18} aria-hidden />}
      </IconButton>
    </figure>
  )
}

interface PlayedVideoProps {
  file: string
  blob: Blob | undefined
  player: PlayerPort
  whole: boolean
}

/** The element belongs to the player for as long as it is on the page. */
function PlayedVideo({ file, blob, player, whole }: PlayedVideoProps) {
  const ref = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const video = ref.current
    if (video === null || blob === undefined) return undefined
    const url = URL.createObjectURL(blob)
    video.src = url
    const detach = player.attach(file, video)
    return () => {
      detach()
      video.removeAttribute('src')
      video.load()
      URL.revokeObjectURL(url)
    }
  }, [file, blob, player])
  // biome-ignore lint/a11y/useMediaCaption: captions are not recorded
  return <video ref={ref} className={whole ? 'player-whole' : ''} playsInline preload="auto" aria-hidden />
}
