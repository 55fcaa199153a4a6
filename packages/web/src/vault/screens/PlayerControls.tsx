/** Play, move, speed, and whose picture is large. */
import { Gauge, Pause, Play, RotateCcw, RotateCw, Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../../ui/format-time.ts'
import { IconButton } from '../../ui/parts/Button.tsx'
import { Picker } from '../../ui/parts/Field.tsx'
import { useStore } from '../../ui/use-store.ts'
import type { PlayerPort } from '../model/player.ts'
import { SPEEDS } from '../model/player.ts'
import type { Lane } from '../model/timeline.ts'
import { useLaneName } from './use-lane-name.ts'

const STEP_MS = 10_000

export interface PlayerControlsProps {
  player: PlayerPort
  lanes: readonly Lane[]
  alone: string | null
  onAlone: (file: string | null) => void
}

export function PlayerControls({ player, lanes, alone, onAlone }: PlayerControlsProps) {
  const { t, i18n } = useTranslation('recordings')
  const nameOf = useLaneName()
  const { state, positionMs, durationMs, speed } = useStore(player)
  const number = new Intl.NumberFormat(i18n.language)
  return (
    <div className="player-controls">
      <IconButton
        label={t(state === 'paused' ? 'player.play' : 'player.pause')}
        className="player-play"
        onPress={() => player.toggle()}
      >
        {state === 'paused' ? <Play size={24} aria-hidden /> : <Pause size={24} aria-hidden />}
      </IconButton>
      <IconButton label={t('player.back')} onPress={() => player.seek(positionMs - STEP_MS)}>
        <RotateCcw size={20} aria-hidden />
      </IconButton>
      <IconButton label={t('player.on')} onPress={() => player.seek(positionMs + STEP_MS)}>
        <RotateCw size={20} aria-hidden />
      </IconButton>
      <span className="player-time">
        {formatDuration(positionMs)}
        <span className="soft"> / {formatDuration(durationMs)}</span>
      </span>
      <span role="status" className="soft small player-waiting">
        {state === 'waiting' ? t('player.waiting') : ''}
      </span>
      <div className="player-pickers">
        <Picker
          label={t('player.speed')}
          icon={<Gauge size={18} aria-hidden />}
          value={String(speed)}
          onChange={(value) => player.setSpeed(Number(value))}
          options={SPEEDS.map((one) => ({
            value: String(one),
            label: t('player.times', { speed: number.format(one) }),
          }))}
        />
        <Picker
          label={t('player.stage')}
          icon={<Users size={18} aria-hidden />}
          value={alone ?? ''}
          onChange={(value) => onAlone(value === '' ? null : value)}
          options={[
            { value: '', label: t('player.gallery') },
            ...lanes.map((lane) => ({
              value: lane.file,
              label: t('player.alone', { name: nameOf(lane) }),
            })),
          ]}
        />
      </div>
    </div>
  )
}
