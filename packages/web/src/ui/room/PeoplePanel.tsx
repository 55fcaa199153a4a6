/** Who is here (the MLS tree itself, ROS1), who waits at the door, what a host can do, and the link to invite others. */

import type { MeetingControls, MeetingView, PersonView } from '@huisclos/participant'
import { Hand, MicOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskDialog } from '../parts/Dialog.tsx'
import { FieldProblem } from '../parts/Field.tsx'
import { ShareLink } from '../parts/ShareLink.tsx'
import type { CallPort, HearingPort } from '../ports.ts'
import { CallerRows } from './CallerRows.tsx'
import { HostDoor, HostRules } from './HostTools.tsx'
import { Panel } from './Panel.tsx'
import { PersonMenu } from './PersonMenu.tsx'
import { PersonVolume } from './PersonVolume.tsx'
import { PhonesSection } from './PhonesSection.tsx'
import { shownName } from './shown-name.ts'
import { streamOf } from './stage-plan.ts'

type Person = PersonView<MediaStreamTrack>

export interface PeoplePanelProps {
  view: MeetingView<MediaStreamTrack>
  call: CallPort
  onClose: () => void
}

export function PeoplePanel({ view, call, onClose }: PeoplePanelProps) {
  const { t } = useTranslation()
  const { meeting, hearing, href } = call
  const [failed, setFailed] = useState(false)
  const [leaving, setLeaving] = useState<Person | null>(null)
  const order = (deed: Promise<void>) => {
    setFailed(false)
    deed.catch(() => setFailed(true))
  }
  const leavingName = leaving === null ? '' : shownName(leaving, t)
  return (
    <Panel title={t('people.heading')} onClose={onClose}>
      <div>
        <p className="soft small">{t('people.lead', { count: view.people.length })}</p>
        {view.hosted ? null : <p className="small">{t('people.unhosted')}</p>}
      </div>
      {failed ? <FieldProblem>{t('people.failed')}</FieldProblem> : null}
      {view.selfHost ? <HostDoor call={call} view={view} onOrder={order} /> : null}
      <ul className="people-list">
        {view.people.map((person) => (
          <PersonRow
            key={person.leaf}
            hostOf={view.selfHost ? meeting : null}
            person={person}
            hearing={hearing}
            menu={
              view.selfHost ? (
                <PersonMenu
                  person={person}
                  name={shownName(person, t)}
                  meeting={meeting}
                  spotlit={view.spotlight === person.leaf}
                  onOrder={order}
                  onRemove={() => setLeaving(person)}
                />
              ) : null
            }
          />
        ))}
      </ul>
      <PhonesSection
        phones={view.phones}
        failed={view.selfHost ? (view.people.find(({ bridge }) => bridge)?.bridge?.failed ?? null) : null}
        title={view.title ?? ''}
        meeting={meeting}
      />
      {view.selfHost ? <HostRules call={call} view={view} onOrder={order} /> : null}
      <section aria-label={t('people.invite')}>
        <h3>{t('people.invite')}</h3>
        <ShareLink href={href} label={t('create.link')} hint={t('create.linkHint')} />
      </section>
      <AskDialog
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('people.removeTitle', { name: leavingName })}
        body={t('people.removeBody', { name: leavingName })}
        confirm={t('people.removeConfirm')}
        onConfirm={() => {
          if (leaving !== null) order(meeting.removeMember(leaving.leaf))
        }}
      />
    </Panel>
  )
}

interface PersonRowProps {
  person: Person
  hearing: HearingPort
  /** What a host can do to them. */
  menu: ReactNode
  /** Where we are host. */
  hostOf: MeetingControls<MediaStreamTrack> | null
}

function PersonRow({ person, hearing, menu, hostOf }: PersonRowProps) {
  const { t } = useTranslation()
  const name = shownName(person, t)
  const microphone = streamOf(person, 'microphone')
  const { bridge } = person
  const muted = bridge === undefined && (microphone === undefined || microphone.muted)

  const row = (
    <li className="person">
      <span className="person-name">{person.self ? t('room.youNamed', { name }) : name}</span>
      {person.host ? <span className="tag">{t('room.host')}</span> : null}
      {person.state === 'here' ? null : (
        <span className="soft small">
          {person.state === 'lost' ? t('room.reconnecting') : t('room.silent')}
        </span>
      )}
      <span className="person-marks">
        {person.hand ? <Hand size={18} role="img" aria-label={t('room.handUp')} /> : null}
        {muted ? <MicOff size={18} role="img" aria-label={t('room.muted')} /> : null}
        {person.self ? null : <PersonVolume hearing={hearing} leaf={person.leaf} name={name} />}
        {menu}
      </span>
    </li>
  )
  if (bridge === undefined) return row
  return (
    <>
      {row}
      <CallerRows leaf={person.leaf} bridge={bridge} meeting={hostOf} />
    </>
  )
}
