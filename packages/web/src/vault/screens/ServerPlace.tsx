/** Recordings on this server, of meetings that this browser hosts. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/parts/Button.tsx'
import { useStore } from '../../ui/use-store.ts'
import type { ServerRecording } from '../model/server-recordings.ts'
import type { OpeningPort } from '../opening-port.ts'
import { useMoment, useSize } from './use-formats.ts'

export function ServerPlace({ opening }: { opening: OpeningPort }) {
  const { t } = useTranslation('recordings')
  const { t: ui } = useTranslation()
  const { server } = opening
  const view = useStore(server)
  useEffect(() => void server.look(), [server])
  return (
    <div className="server">
      <h3>{t('server.heading')}</h3>
      <p className="soft small">{t('server.lead')}</p>
      <p role="status" className="small">
        {view.at === 'looking' || view.at === 'unreachable' ? t(`server.${view.at}`) : ''}
        {view.at === 'listed' && view.recordings.length === 0 ? t('server.empty') : ''}
      </p>
      <ul className="choices">
        {view.at === 'listed'
          ? view.recordings.map((recording) => (
              <Row
                key={recording.id}
                recording={recording}
                title={recording.title || ui('meetings.untitled')}
                opening={opening}
              />
            ))
          : null}
      </ul>
      {view.at === 'none' ? null : (
        <Button small look="plain" onPress={() => void server.look()} disabled={view.at === 'looking'}>
          {t('server.again')}
        </Button>
      )}
    </div>
  )
}

interface RowProps {
  recording: ServerRecording
  title: string
  opening: OpeningPort
}

function Row({ recording, title, opening }: RowProps) {
  const { t } = useTranslation('recordings')
  const size = useSize()
  const moment = useMoment()
  const { id, startedAt, endedAt, sizeBytes } = recording
  const at = moment(startedAt)
  return (
    <li>
      <p>
        <strong>{title}</strong>
        <span className="soft small">
          {at} · {endedAt === null ? t('server.live') : t('what.size', { size: size(sizeBytes) })}
        </span>
      </p>
      <Button
        small
        disabled={endedAt === null}
        onPress={() => opening.choose({ from: 'server', id, title, startedAt, sizeBytes })}
      >
        <span aria-hidden>{t('what.choose')}</span>
        <span className="unseen">{t('what.chooseNamed', { name: `${title}, ${at}` })}</span>
      </Button>
    </li>
  )
}
