/** Who is here (the MLS tree itself, ROS1), who waits at the door, what a host can do, and the link to invite others. */

import type { LobbyView, MeetingControls, MeetingView, PersonView } from '@huisclos/participant'
import { Ellipsis, Hand, MicOff } from 'lucide-react'
import { useState } from 'react'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { useTranslation } from 'react-i18next'
import { formatTime } from '../format-time.ts'
import { Button, IconButton } from '../parts/Button.tsx'
import { AskDialog } from '../parts/Dialog.tsx'
import { FieldProblem, Switch } from '../parts/Field.tsx'
import { ShareLink } from '../parts/ShareLink.tsx'
import type { HearingPort } from '../ports.ts'
import { Panel } from './Panel.tsx'
import { PersonVolume } from './PersonVolume.tsx'
import { streamOf } from './stage-plan.ts'

type Meeting = MeetingControls<MediaStreamTrack>
type Person = PersonView<MediaStreamTrack>

export interface PeoplePanelProps {
  view: MeetingView<MediaStreamTrack>
  meeting: Meeting
  hearing: HearingPort
  href: string
  onClose: () => void
}

export function PeoplePanel({ view, meeting, hearing, href, onClose }: PeoplePanelProps) {
  const { t } = useTranslation()
  const [failed, setFailed] = useState(false)
  const [leaving, setLeaving] = useState<Person | null>(null)
  const order = (deed: Promise<void>) => {
    setFailed(false)
    deed.catch(() => setFailed(true))
  }
  const leavingName = leaving === null || leaving.name === '' ? t('room.someone') : leaving.name
  return (
    <Panel title={t('people.heading')} onClose={onClose}>
      <div>
        <p className="soft small">{t('people.lead', { count: view.people.length })}</p>
        {view.hosted ? null : <p className="small">{t('people.unhosted')}</p>}
      </div>
      {failed ? <FieldProblem>{t('people.failed')}</FieldProblem> : null}
      {view.selfHost ? <Door lobby={view.lobby} meeting={meeting} onOrder={order} /> : null}
      <ul className="people-list">
        {view.people.map((person) => (
          <PersonRow
            key={person.leaf}
            person={person}
            hearing={hearing}
            canOrder={view.selfHost && !person.self}
            onMute={() => meeting.requestMute(person.leaf)}
            onHost={() => order(meeting.makeHost(person.leaf))}
            onRemove={() => setLeaving(person)}
          />
        ))}
      </ul>
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

interface DoorProps {
  lobby: LobbyView
  meeting: Meeting
  onOrder: (deed: Promise<void>) => void
}

function Door({ lobby, meeting, onOrder }: DoorProps) {
  const { t, i18n } = useTranslation()
  return (
    <section aria-label={t('people.door')}>
      <Switch
        label={t('people.lobby')}
        hint={t('people.lobbyHint')}
        on={lobby.on}
        onChange={(on) => onOrder(meeting.setLobby(on))}
      />
      {lobby.knocking.length === 0 ? null : <h3>{t('people.door')}</h3>}
      {lobby.knocking.map((knock) => (
        <div key={knock.id} className="person">
          <span className="person-name">
            {t('people.knock', { time: formatTime(i18n.language, knock.since) })}
          </span>
          <Button small look="primary" onPress={() => meeting.admit(knock.id)}>
            {t('people.admit')}
          </Button>
          <Button small onPress={() => meeting.turnAway(knock.id)}>
            {t('people.turnAway')}
          </Button>
        </div>
      ))}
    </section>
  )
}

interface PersonRowProps {
  person: Person
  hearing: HearingPort
  canOrder: boolean
  onMute: () => void
  onHost: () => void
  onRemove: () => void
}

function PersonRow({ person, hearing, canOrder, onMute, onHost, onRemove }: PersonRowProps) {
  const { t } = useTranslation()
  const name = person.name === '' ? t('room.someone') : person.name
  const microphone = streamOf(person, 'microphone')
  const muted = microphone === undefined || microphone.muted
  const run = (key: string | number) => {
    if (key === 'mute') onMute()
    else if (key === 'host') onHost()
    else onRemove()
  }
  return (
    <li className="person">
      <span className="person-name">{person.self ? t('room.youNamed', { name }) : name}</span>
      {person.host ? <span className="tag">{t('room.host')}</span> : null}
      {person.state === 'here' ? null : (
        <span className="soft small">
          {person.state === 'lost' ? t('room.reconnecting') : t('room.silent')}
        </span>
      )}
      {person.hand ? <Hand size={18} role="img" aria-label={t('room.handUp')} /> : null}
      {muted ? <MicOff size={18} role="img" aria-label={t('room.muted')} /> : null}
      {person.self ? null : <PersonVolume hearing={hearing} leaf={person.leaf} name={name} />}
      {canOrder ? (
        <MenuTrigger>
          <IconButton label={t('people.actions', { name })}>
            <Ellipsis size={20} aria-hidden />
          </IconButton>
          <Popover className="popover" placement="bottom end">
            <Menu className="menu" onAction={run}>
              {muted ? null : (
                <MenuItem id="mute" className="menu-item">
                  {t('people.askMute')}
                </MenuItem>
              )}
              {person.host ? null : (
                <MenuItem id="host" className="menu-item">
                  {t('people.makeHost')}
                </MenuItem>
              )}
              <MenuItem id="remove" className="menu-item menu-danger">
                {t('people.remove')}
              </MenuItem>
            </Menu>
          </Popover>
        </MenuTrigger>
      ) : null}
    </li>
  )
}
