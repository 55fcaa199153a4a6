/** What the small window above all others shows: one tile, and the two switches that one looks for in a hurry. */
import type { PersonView } from '@huisclos/participant'
import { Mic, MicOff, Video, VideoOff } from 'lucide-react'
import { useEffect } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { CallPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import type { Speaking } from './speaking.ts'
import type { TileId } from './stage-plan.ts'
import { streamOf } from './stage-plan.ts'
import { Tile } from './Tile.tsx'
import type { SeparateWindow } from './use-separate-window.ts'
import './separate.css'

export interface SeparatePictureProps {
  call: CallPort
  separate: SeparateWindow
  tile: TileId
  people: readonly PersonView<MediaStreamTrack>[]
  speaking: Speaking
}

export function SeparatePicture({ call, separate, tile, people, speaking }: SeparatePictureProps) {
  const person = people.find((one) => one.leaf === tile.leaf)
  if (person === undefined) return null
  if (separate.window !== null) {
    const content = (
      <div className="separate">
        <ul className="separate-tile">
          <Tile
            tile={tile}
            person={person}
            speaking={speaking.leaves.has(tile.leaf)}
            pinned={false}
            spotlit={false}
            mirror={false}
            selfTrack={null}
          />
        </ul>
        <SeparateBar call={call} />
      </div>
    )
    return createPortal(content, separate.window.document.body)
  }
  if (!separate.byVideo) return null
  const stream = streamOf(person, tile.kind === 'screen' ? 'screen' : 'camera')
  return <FloatingVideo separate={separate} track={stream?.muted === true ? null : (stream?.track ?? null)} />
}

/** Plain buttons: the library's presses listen to the room's own window. */
function SeparateBar({ call }: { call: CallPort }) {
  const { t } = useTranslation()
  const { microphone, camera } = useStore(call.devices)
  return (
    <div className="separate-bar">
      <button
        type="button"
        className={microphone.on ? 'icon-button bar-button' : 'icon-button bar-button bar-off'}
        aria-label={microphone.on ? t('bar.mute') : t('bar.unmute')}
        onClick={() => call.devices.setOn('microphone', !microphone.on)}
      >
        {microphone.on ? <Mic aria-hidden /> : <MicOff aria-hidden />}
      </button>
      <button
        type="button"
        className={camera.on ? 'icon-button bar-button' : 'icon-button bar-button bar-off'}
        aria-label={camera.on ? t('bar.cameraOff') : t('bar.cameraOn')}
        onClick={() => call.devices.setOn('camera', !camera.on)}
      >
        {camera.on ? <Video aria-hidden /> : <VideoOff aria-hidden />}
      </button>
    </div>
  )
}

interface FloatingVideoProps {
  separate: SeparateWindow
  track: MediaStreamTrack | null
}

/** Where no window of a document can be had: the picture that the browser lifts out. Keeps the last one. */
function FloatingVideo({ separate, track }: FloatingVideoProps) {
  const { video } = separate
  useEffect(() => {
    const element = video.current
    if (element === null || track === null) return
    element.srcObject = new MediaStream([track])
    element.play().catch(() => undefined)
  }, [track, video])
  return <video ref={video} className="unseen" muted playsInline tabIndex={-1} aria-hidden />
}
