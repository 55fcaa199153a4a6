/** One person or one shared screen: picture or initials, name, microphone, hand, connection and whose it is, "Waiting for keys". */
import type { PersonView } from '@huisclos/participant'
import { CircleSlash, Hand, KeyRound, MicOff, Phone, Pin, PinOff, Star, WifiOff } from 'lucide-react'
import { useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../parts/Button.tsx'
import { TrackVideo } from '../parts/TrackVideo.tsx'
import { PicturesOff } from './pictures-off.ts'
import { shownName } from './shown-name.ts'
import type { TileId } from './stage-plan.ts'
import { streamOf, tileKey } from './stage-plan.ts'
import { TileNetwork } from './TileNetwork.tsx'
import { Unrecorded } from './unrecorded.ts'
import './tile.css'

export interface TileProps {
  tile: TileId
  person: PersonView<MediaStreamTrack>
  speaking: boolean
  pinned: boolean
  /** A host has put this person before everybody. */
  spotlit: boolean
  /** One's own picture as in a mirror. */
  mirror: boolean
  /** Absent where there is nothing to choose between. */
  onPin?: () => void
  /** The name is not needed: one's own small picture. */
  small?: boolean
  /** CSS pixels; the container decides where they are left out. */
  size?: { width: number; height: number }
  /** One's own camera, which comes from the devices. */
  selfTrack: MediaStreamTrack | null
  className?: string
}

/** Up to two initials, by grapheme, so that no name is cut in the middle of a letter. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s'’-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  const first = (word: string) =>
    [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)][0]?.segment ?? ''
  const last = words.length > 1 ? words.at(-1) : undefined
  return `${first(words[0] ?? '')}${first(last ?? '')}`.toLocaleUpperCase()
}

export function Tile({
  tile,
  person,
  speaking,
  pinned,
  spotlit,
  mirror,
  onPin,
  small,
  size,
  selfTrack,
  className,
}: TileProps) {
  const { t } = useTranslation()
  const off = useContext(PicturesOff)
  const unrecorded = useContext(Unrecorded).has(person.leaf)
  const screen = tile.kind === 'screen'
  const stream = streamOf(person, screen ? 'screen' : 'camera')
  const track = person.self ? selfTrack : off || stream === undefined || stream.muted ? null : stream.track
  const name = shownName(person, t)
  const shown =
    small === true
      ? t('room.you')
      : person.self
        ? t('room.youNamed', { name })
        : screen
          ? t('room.sharing', { name })
          : name
  const look = `tile${speaking && !screen ? ' tile-speaking' : ''}${screen ? ' tile-screen' : ''}${pinned ? ' tile-pinned' : ''} ${className ?? ''}`
  return (
    <li className={look} style={size} data-tint={person.leaf % 6} data-tile={tileKey(tile)}>
      {/* Under the picture too: it shows until the first frame has come. */}
      {screen ? null : (
        <span className="tile-avatar" aria-hidden>
          {person.bridge === undefined ? initialsOf(person.name) || '·' : <Phone size={40} />}
        </span>
      )}
      {track === null ? null : <TrackVideo track={track} mirrored={person.self && mirror} whole={screen} />}
      <TileState person={person} waiting={stream?.waitingForKeys === true || audioWaits(person)} />
      {person.state === 'here' ? <TileNetwork leaf={person.leaf} /> : null}
      <p className="tile-name">
        {screen ? null : <TileMicrophone person={person} />}
        {spotlit ? <Star className="tile-star" size={15} aria-hidden /> : null}
        {unrecorded ? (
          <CircleSlash className="tile-unrecorded" size={15} role="img" aria-label={t('record.tile')} />
        ) : null}
        <span className="tile-name-text">{shown}</span>
        {spotlit ? <span className="unseen">{t('room.spotlit')}</span> : null}
        {speaking && !screen ? <span className="unseen">{t('room.speaking')}</span> : null}
      </p>
      {person.hand && !screen ? (
        <p className="tile-hand">
          <Hand size={18} aria-hidden />
          <span className="unseen">{t('room.handUp')}</span>
        </p>
      ) : null}
      {onPin === undefined ? null : (
        <IconButton
          className="tile-pin"
          label={pinned ? t('room.unpin', { name: shown }) : t('room.pin', { name: shown })}
          onPress={onPin}
        >
          {pinned ? <PinOff size={18} aria-hidden /> : <Pin size={18} aria-hidden />}
        </IconButton>
      )}
    </li>
  )
}

const audioWaits = (person: PersonView<MediaStreamTrack>): boolean =>
  streamOf(person, 'microphone')?.waitingForKeys === true

function TileMicrophone({ person }: { person: PersonView<MediaStreamTrack> }) {
  const { t } = useTranslation()
  const microphone = streamOf(person, 'microphone')
  if (person.bridge !== undefined) return null
  if (microphone !== undefined && !microphone.muted) return null
  return (
    <>
      <MicOff size={15} aria-hidden />
      <span className="unseen">{t('room.muted')}</span>
    </>
  )
}

function TileState({ person, waiting }: { person: PersonView<MediaStreamTrack>; waiting: boolean }) {
  const { t } = useTranslation()
  if (person.self) return null
  if (person.state !== 'here') {
    return (
      <p className="tile-state">
        <WifiOff size={16} aria-hidden />
        {person.state === 'lost' ? t('room.reconnecting') : t('room.silent')}
      </p>
    )
  }
  if (!waiting) return null
  return (
    <p className="tile-state">
      <KeyRound size={16} aria-hidden />
      {t('room.waitingKeys')}
    </p>
  )
}
