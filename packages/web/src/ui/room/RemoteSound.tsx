/** The sound of everyone else, on the chosen speaker. Where the browser refuses to start it, a button does. */
import type { PersonView } from '@huisclos/participant'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'

export interface RemoteSoundProps {
  people: readonly PersonView<MediaStreamTrack>[]
  /** Device id; empty for the default. */
  speaker: string
}

export function RemoteSound({ people, speaker }: RemoteSoundProps) {
  const { t } = useTranslation()
  const [blocked, setBlocked] = useState(false)
  const [attempt, setAttempt] = useState(0)
  const sounds = people.flatMap((person) =>
    person.self
      ? []
      : person.streams.flatMap(({ source, track }) =>
          track !== null && (source === 'microphone' || source === 'screen-audio')
            ? [{ key: `${person.leaf}-${source}`, track }]
            : [],
        ),
  )
  return (
    <>
      {sounds.map(({ key, track }) => (
        <TrackSound
          key={key}
          track={track}
          speaker={speaker}
          attempt={attempt}
          onBlocked={() => setBlocked(true)}
        />
      ))}
      {blocked ? (
        <div className="banner" role="alert">
          <p>{t('room.unheard')}</p>
          <Button
            look="primary"
            small
            onPress={() => {
              setBlocked(false)
              setAttempt(attempt + 1)
            }}
          >
            {t('room.hear')}
          </Button>
        </div>
      ) : null}
    </>
  )
}

interface TrackSoundProps {
  track: MediaStreamTrack
  speaker: string
  attempt: number
  onBlocked: () => void
}

function TrackSound({ track, speaker, attempt, onBlocked }: TrackSoundProps) {
  const ref = useRef<HTMLAudioElement>(null)
  const refused = useRef(onBlocked)
  useEffect(() => {
    refused.current = onBlocked
  })
  useEffect(() => {
    const audio = ref.current
    if (audio === null) return undefined
    audio.srcObject = new MediaStream([track])
    return () => {
      audio.srcObject = null
    }
  }, [track])
  useEffect(() => {
    // `attempt` and `track` are named so that each new one starts playing again.
    if (attempt < 0 || track.readyState === 'ended') return
    ref.current?.play().catch((cause: unknown) => {
      if (cause instanceof DOMException && cause.name === 'NotAllowedError') refused.current()
    })
  }, [attempt, track])
  useEffect(() => {
    const audio = ref.current
    if (audio === null || typeof audio.setSinkId !== 'function') return
    // An output that has gone: the browser keeps to the default one.
    audio.setSinkId(speaker).catch(() => undefined)
  }, [speaker])
  // biome-ignore lint/a11y/useMediaCaption: live speech has no caption track.
  return <audio ref={ref} autoPlay />
}
