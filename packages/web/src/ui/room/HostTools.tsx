/** What a host does to the whole meeting (HOST3, HOST6, HOST7, GRP9): the door, the rules for everybody else, a new link. */
import type { LobbyView, MeetingControls, MeetingView, RulesView } from '@huisclos/participant'
import { Bell, Hand, MicOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatTime } from '../format-time.ts'
import { Button } from '../parts/Button.tsx'
import { Switch } from '../parts/Field.tsx'
import type { CallPort, DoorBellPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { MuteAllDialog } from './MuteAllDialog.tsx'
import { NewLinkDialog } from './NewLinkDialog.tsx'

type Meeting = MeetingControls<MediaStreamTrack>
type Order = (deed: Promise<void>) => void

export interface HostToolsProps {
  call: CallPort
  view: MeetingView<MediaStreamTrack>
  onOrder: Order
}

/** Who waits at the door, and how it stands: above the list. */
export function HostDoor({ call, view, onOrder }: HostToolsProps) {
  return <Door lobby={view.lobby} call={call} onOrder={onOrder} />
}

/** What everybody else may do: below the list. */
export function HostRules({ call, view, onOrder }: HostToolsProps) {
  return (
    <>
      <RuleSwitches rules={view.rules} meeting={call.meeting} onOrder={onOrder} />
      <Everybody view={view} meeting={call.meeting} onOrder={onOrder} />
    </>
  )
}

function Door({ lobby, call, onOrder }: { lobby: LobbyView; call: CallPort; onOrder: Order }) {
  const { t, i18n } = useTranslation()
  const { meeting, bell, renewLink } = call
  const { knocking, removed } = lobby
  return (
    <section aria-label={t('people.door')}>
      <Switch
        label={t('people.lobby')}
        hint={t('people.lobbyHint')}
        on={lobby.on}
        onChange={(on) => onOrder(meeting.setLobby(on))}
      />
      <Switch
        label={t('hosts.lock')}
        hint={t('hosts.lockHint')}
        on={lobby.lock}
        onChange={(on) => onOrder(meeting.order({ do: 'lock', on }))}
      />
      {knocking.length === 0 ? null : <h3>{t('people.door')}</h3>}
      {knocking.length > 0 && lobby.lock ? <p className="small">{t('hosts.locked')}</p> : null}
      {knocking.map((knock) => (
        <div key={knock.id} className="person knocker">
          <span className="person-name">
            {t('people.knock', { time: formatTime(i18n.language, knock.since) })}
          </span>
          <Button small look="primary" disabled={lobby.lock} onPress={() => meeting.admit(knock.id)}>
            {t('people.admit')}
          </Button>
          <Button small onPress={() => meeting.turnAway(knock.id)}>
            {t('people.turnAway')}
          </Button>
        </div>
      ))}
      <div className="row">
        {knocking.length > 1 ? (
          <Button small disabled={lobby.lock} onPress={() => onOrder(meeting.order({ do: 'admit-all' }))}>
            {t('hosts.admitAll')}
          </Button>
        ) : null}
        <BellButton bell={bell} />
        {renewLink === null ? null : (
          <NewLink
            make={renewLink}
            onTell={(href) => meeting.sendChat(t('hosts.newLinkMessage', { href }))}
          />
        )}
      </div>
      {removed.length === 0 ? null : (
        <p className="small">
          {t('hosts.removed', { names: removed.map((n) => n || t('room.someone')).join(', ') })}
        </p>
      )}
    </section>
  )
}

function BellButton({ bell }: { bell: DoorBellPort }) {
  const { t } = useTranslation()
  const { notices } = useStore(bell)
  return notices === 'default' ? (
    <Button small onPress={() => bell.ask()}>
      <Bell size={16} aria-hidden />
      {t('hosts.bell')}
    </Button>
  ) : null
}

function NewLink({ make, onTell }: { make: () => Promise<string>; onTell: (href: string) => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small onPress={() => setOpen(true)}>
        {t('hosts.newLink')}
      </Button>
      {open ? <NewLinkDialog make={make} onTell={onTell} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

const RULES = { chat: 'hosts.ruleChat', share: 'hosts.ruleShare', unmute: 'hosts.ruleUnmute' } as const

function RuleSwitches({ rules, meeting, onOrder }: { rules: RulesView; meeting: Meeting; onOrder: Order }) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('hosts.heading')}>
      <h3>{t('hosts.heading')}</h3>
      {(['chat', 'share', 'unmute'] as const).map((rule) => (
        <Switch
          key={rule}
          label={t(RULES[rule])}
          on={rules[rule]}
          onChange={(on) => onOrder(meeting.order({ do: 'rules', change: { [rule]: on } }))}
        />
      ))}
    </section>
  )
}

interface EverybodyProps {
  view: MeetingView<MediaStreamTrack>
  meeting: Meeting
  onOrder: Order
}

function Everybody({ view, meeting, onOrder }: EverybodyProps) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const hands = view.people.some((person) => person.hand)
  return (
    <div className="row">
      <Button small disabled={view.people.length < 2} onPress={() => setAsking(true)}>
        <MicOff size={16} aria-hidden />
        {t('hosts.muteAll')}
      </Button>
      {hands ? (
        <Button small onPress={() => onOrder(lowerAll(view, meeting))}>
          <Hand size={16} aria-hidden />
          {t('hosts.lowerAll')}
        </Button>
      ) : null}
      <MuteAllDialog
        open={asking}
        onClose={() => setAsking(false)}
        onMute={(mayUnmute) => onOrder(meeting.order({ do: 'mute-all', mayUnmute }))}
      />
    </div>
  )
}

/** Everybody's, hosts' and one's own among them. */
async function lowerAll({ people }: MeetingView<MediaStreamTrack>, meeting: Meeting): Promise<void> {
  for (const { self, host, hand, leaf } of people) {
    if (self && hand) meeting.setHand(false)
    else if (host && hand) await meeting.order({ do: 'lower-hands', leaf })
  }
  await meeting.order({ do: 'lower-hands', leaf: null })
}
