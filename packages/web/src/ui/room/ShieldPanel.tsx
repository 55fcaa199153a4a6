/** The shield: one glance, one gesture to compare, alarms, and plainly all that the server sees (SEE1). */

import type { Alarm, MeetingControls, MeetingView } from '@huisclos/participant'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatTime } from '../format-time.ts'
import { Button } from '../parts/Button.tsx'
import { Mark } from '../parts/Mark.tsx'
import { SeenByServer } from '../parts/SeenByServer.tsx'
import { glanceOf } from './glance.ts'
import { Panel } from './Panel.tsx'

export interface ShieldPanelProps {
  view: MeetingView<MediaStreamTrack>
  meeting: MeetingControls<MediaStreamTrack>
  onClose: () => void
}

export function ShieldPanel({ view, meeting, onClose }: ShieldPanelProps) {
  const { t } = useTranslation()
  const glance = glanceOf(view)
  const body = glance === 'closed' && !view.hosted ? t('shield.unhostedBody') : t(`shield.${glance}Body`)
  return (
    <Panel title={t('shield.heading')} onClose={onClose}>
      <div className={`glance glance-${glance}`}>
        <Mark size={44} open={glance === 'alarm'} />
        <p>
          <strong>{t(`shield.${glance}`)}</strong>
          {body}
        </p>
      </div>
      <Bridges view={view} />
      <Recorders view={view} />
      {view.security.sending ? null : <p role="status">{t('room.notSending')}</p>}
      <Alarms view={view} onDismiss={(id) => meeting.dismissAlarm(id)} />
      <Compare view={view} meeting={meeting} />
      <details>
        <summary>{t('shield.see')}</summary>
        <p>{t('shield.seeLead')}</p>
        <SeenByServer />
      </details>
      <details>
        <summary>{t('shield.how')}</summary>
        <p className="soft">
          {t('shield.howBody', {
            members: t('shield.members', { count: view.security.members }),
            epoch: view.security.epoch,
          })}
        </p>
        {view.network.tcpOnly ? <p className="soft">{t('room.tcpOnly')}</p> : null}
      </details>
    </Panel>
  )
}

/** TEL3: whose telephones are in, and where their sound is in clear. */
function Bridges({ view }: { view: MeetingView<MediaStreamTrack> }) {
  const { t } = useTranslation()
  const bridges = view.people.flatMap(({ leaf, bridge }) => (bridge ? [{ leaf, ...bridge }] : []))
  if (bridges.length === 0) return null
  return (
    <ul className="small">
      {bridges.map(({ leaf, runBy, callers }) => (
        <li key={leaf}>{t('phones.present', { runBy, count: callers.length })}</li>
      ))}
    </ul>
  )
}

function Recorders({ view }: { view: MeetingView<MediaStreamTrack> }) {
  const { t } = useTranslation()
  const { local, ordered } = view.recording
  if (local.length === 0 && ordered === null) return null
  return (
    <ul className="small">
      {ordered === null ? null : (
        <li>
          {t('ordered.running')}{' '}
          {ordered.owner === ''
            ? t('ordered.key', { fingerprint: ordered.fingerprint })
            : t('ordered.owner', { owner: ordered.owner, fingerprint: ordered.fingerprint })}
        </li>
      )}
      {local.map(({ id, self, name }) => (
        <li key={id}>
          {self ? t('record.own') : t('record.other', { name: name === '' ? t('room.someone') : name })}
        </li>
      ))}
    </ul>
  )
}

function Compare({ view, meeting }: Omit<ShieldPanelProps, 'onClose'>) {
  const { t, i18n } = useTranslation()
  const [busy, setBusy] = useState(false)
  const compare = () => {
    setBusy(true)
    // Success shows as the code on screen; failure brings the button back.
    meeting.compare().then(
      () => setBusy(false),
      () => setBusy(false),
    )
  }
  const { compared } = view.security
  const said = (() => {
    if (compared === null) return t('shield.notCompared')
    const time = formatTime(i18n.language, compared.at)
    if (compared.joinedSince.length === 0) return t('shield.comparedNobody', { time })
    const names = new Intl.ListFormat(i18n.language).format(compared.joinedSince)
    return t('shield.comparedSince', { time, names })
  })()
  return (
    <section aria-labelledby="compare">
      <h3 id="compare">{t('shield.compare')}</h3>
      <p className="soft">{t('shield.compareLead')}</p>
      <p role="status">{said}</p>
      <div className="row">
        <Button look="primary" onPress={compare} disabled={busy || view.security.code?.opened === true}>
          {busy ? t('shield.comparing') : t('shield.compare')}
        </Button>
      </div>
    </section>
  )
}

interface AlarmsProps {
  view: MeetingView<MediaStreamTrack>
  onDismiss: (id: number) => void
}

/** The name behind an alarm's leaf, where it has one on screen. */
const accused = (view: MeetingView<MediaStreamTrack>, alarm: Alarm): string =>
  view.people.find((person) => person.leaf === alarm.leaf)?.name ?? ''

/** Alarms about media in somebody's name. */
const bearsName = (kind: Alarm['kind']): kind is 'forged-frame' | 'unsent-frames' =>
  kind === 'forged-frame' || kind === 'unsent-frames'

function Alarms({ view, onDismiss }: AlarmsProps) {
  const { t, i18n } = useTranslation()
  if (view.alarms.length === 0) return null
  return (
    <section aria-labelledby="alarms">
      <h3 id="alarms">{t('shield.alarms')}</h3>
      <ul className="alarm-list">
        {view.alarms.map((alarm) => (
          <li key={alarm.id} className="alarm">
            <h4>
              {formatTime(i18n.language, alarm.at)} · {t(`alarm.${alarm.kind}.title`)}
            </h4>
            <p>
              {t(`alarm.${alarm.kind}.body`)}{' '}
              {bearsName(alarm.kind) && accused(view, alarm) !== ''
                ? t(`alarm.${alarm.kind}-by`, { name: accused(view, alarm) })
                : ''}
            </p>
            <Button small onPress={() => onDismiss(alarm.id)}>
              {t('shield.dismiss')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
