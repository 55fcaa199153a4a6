/**
 * Before joining, in the design's order: title and shield, self-view, pickers, name, Join, Join without devices, the
 * network's verdict, the policy. Nothing here waits for a device: joining is always possible.
 */
import { Info, Network } from 'lucide-react'
import type { FormEvent } from 'react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { Field } from '../parts/Field.tsx'
import { Mark } from '../parts/Mark.tsx'
import { PageFrame } from '../parts/PageFrame.tsx'
import type { JoinChoice, LobbyCheckView, MeetingPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { BlurSwitch, DevicePickers, NoiseSwitch } from './DevicePickers.tsx'
import { SelfView } from './SelfView.tsx'
import './prejoin.css'

export interface PrejoinScreenProps {
  meeting: MeetingPort
  onJoin: (choice: JoinChoice) => void
  onHome: () => void
  onCheck: () => void
}

export function PrejoinScreen({ meeting, onJoin, onHome, onCheck }: PrejoinScreenProps) {
  const { t } = useTranslation()
  const check = useStore(meeting.check)
  const [name, setName] = useState(meeting.rememberedName)
  const [missing, setMissing] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const join = (how: Omit<JoinChoice, 'name'>) => {
    if (name.trim() === '') {
      setMissing(true)
      input.current?.focus()
    } else onJoin({ name: name.trim(), ...how })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    join({ withDevices: true, companion: false })
  }
  const change = (value: string) => {
    setName(value)
    setMissing(false)
  }
  const title = check.title ?? t('prejoin.untitled')
  return (
    <PageFrame title={title} onHome={onHome}>
      <form className="prejoin" onSubmit={submit} noValidate>
        <div className="prejoin-head">
          <h1>{title}</h1>
          <p className="prejoin-shield">
            <Mark size={20} />
            {t('shield.closedBody')}
          </p>
        </div>
        <div className="prejoin-view">
          <SelfView devices={meeting.devices} name={name} />
        </div>
        <div className="prejoin-side">
          <DevicePickers devices={meeting.devices} kinds={['microphone', 'speaker', 'camera']} />
          <NoiseSwitch devices={meeting.devices} />
          <BlurSwitch devices={meeting.devices} />
          <Field
            ref={input}
            label={t('prejoin.name')}
            hint={t('prejoin.nameHint')}
            value={name}
            onChange={change}
            maxLength={64}
            autoComplete="name"
            error={missing ? t('prejoin.nameMissing') : null}
          />
          <div className="prejoin-join">
            <Button look="primary" submit wide>
              {check.lobby ? t('prejoin.ask') : t('prejoin.join')}
            </Button>
            <Button look="plain" wide onPress={() => join({ withDevices: false, companion: false })}>
              {t('prejoin.joinBare')}
            </Button>
            <Button look="plain" wide onPress={() => join({ withDevices: false, companion: true })}>
              {t('companion.join')}
            </Button>
          </div>
          <Verdicts check={check} onAgain={() => meeting.checkAgain()} onCheck={onCheck} />
        </div>
      </form>
    </PageFrame>
  )
}

interface VerdictsProps {
  check: LobbyCheckView
  onAgain: () => void
  onCheck: () => void
}

function Verdicts({ check, onAgain, onCheck }: VerdictsProps) {
  const { t } = useTranslation()
  if (check.room === 'unreachable') {
    return (
      <div className="problem" role="status">
        <p>{t('prejoin.unreachable')}</p>
        <Button small onPress={onAgain}>
          {t('app.retry')}
        </Button>
      </div>
    )
  }
  const policy = check.lobby ? 'policyLobby' : check.hosted ? 'policy' : 'policyUnhosted'
  return (
    <>
      <ul className="verdicts" aria-live="polite">
        <li>
          <Network size={16} aria-hidden />
          {check.room === 'checking' ? t('prejoin.checking') : t(`prejoin.network.${check.network}`)}
        </li>
        {check.room === 'open' ? (
          <li>
            <Info size={16} aria-hidden />
            {check.phones === null
              ? t(`prejoin.${policy}`)
              : t(check.lobby ? 'prejoin.policyPhonesLobby' : 'prejoin.policyPhones', {
                  runBy: check.phones,
                })}
          </li>
        ) : null}
      </ul>
      <p className="verdicts-test">
        <button type="button" className="link" onClick={onCheck}>
          {t('prejoin.testConnection')}
        </button>
      </p>
    </>
  )
}
