/**
 * The sound of everyone else, on the chosen speaker, each at the volume that was set for them (DEV6). Where the browser
 * refuses to start it, one button lets it all be heard. On a companion nothing is played.
 */
import type { PersonView } from '@huisclos/participant'
import { kindOfSource } from '@huisclos/participant/media-adapter'
import { VolumeX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { HearingPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { TrackSound } from './TrackSound.tsx'

export interface RemoteSoundProps {
  people: readonly PersonView<MediaStreamTrack>[]
  hearing: HearingPort
  /** Device id; empty for the default. */
  speaker: string
}

export function RemoteSound({ people, hearing, speaker }: RemoteSoundProps) {
  const { t } = useTranslation()
  const { silent, volumes } = useStore(hearing)
  const [blocked, setBlocked] = useState(false)
  const [attempt, setAttempt] = useState(0)
  const sounds = people.flatMap(({ self, leaf, streams }) =>
    self || silent
      ? []
      : streams.flatMap(({ source, track }) =>
          track !== null && kindOfSource(source) === 'audio'
            ? [{ key: `${leaf}-${source}`, track, volume: (volumes.get(leaf) ?? 100) / 100 }]
            : [],
        ),
  )
  const hear = () => {
    setBlocked(false)
    setAttempt(attempt + 1)
  }
  return (
    <>
      {sounds.map(({ key, track, volume }) => (
        <TrackSound
          key={key}
          track={track}
          volume={volume}
          speaker={speaker}
          attempt={attempt}
          onBlocked={() => setBlocked(true)}
        />
      ))}
      <div role="alert">
        {blocked && sounds.length > 0 ? (
          <div className="banner banner-warn">
            <VolumeX size={20} aria-hidden />
            <p>{t('room.unheard')}</p>
            <Button look="primary" onPress={hear}>
              {t('room.hear')}
            </Button>
          </div>
        ) : null}
      </div>
    </>
  )
}
