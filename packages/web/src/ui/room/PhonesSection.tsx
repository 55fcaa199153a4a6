/**
 * Telephones (TEL2, TEL3) in the people panel: for the host who may, the invitation with number and PIN; for everybody,
 * what the bridge is that this room names.
 */
import type { MeetingControls, MeetingError, PhonesView } from '@huisclos/participant'
import { Phone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { FieldProblem } from '../parts/Field.tsx'
import { CopyButton } from '../parts/ShareLink.tsx'

type Problem = 'bridge-away' | 'bridge-refused' | 'failed'

export interface PhonesSectionProps {
  phones: PhonesView
  /** Wrong PINs at the bridge while it is in; null: it is not. */
  failed: number | null
  title: string
  meeting: MeetingControls<MediaStreamTrack>
}

/** As people read it out: 246 813 579. */
const spacedPin = (pin: string): string => pin.replace(/(\d{3})(?=\d)/g, '$1 ')

export function PhonesSection({ phones, failed, title, meeting }: PhonesSectionProps) {
  const { t } = useTranslation()
  const { bridge, mayInvite, invitation } = phones
  if (bridge === null) return null
  return (
    <section aria-labelledby="phones">
      <h3 id="phones">{t('phones.heading')}</h3>
      <p className="small">{t('phones.lead', { runBy: bridge.runBy })}</p>
      {mayInvite ? (
        <>
          {invitation === null ? null : (
            <Invitation number={bridge.number} runBy={bridge.runBy} pin={invitation.pin} title={title} />
          )}
          <Invite again={invitation !== null} meeting={meeting} />
        </>
      ) : null}
      {failed === null || failed === 0 ? null : (
        <p className="small">{t('phones.tries', { count: failed })}</p>
      )}
      <p className="soft small">{t('phones.fingerprint', { fingerprint: bridge.fingerprint })}</p>
    </section>
  )
}

function Invite({ again, meeting }: { again: boolean; meeting: MeetingControls<MediaStreamTrack> }) {
  const { t } = useTranslation()
  const [state, setState] = useState<'idle' | 'busy' | Problem>('idle')
  const invite = () => {
    setState('busy')
    meeting.invitePhones().then(
      () => setState('idle'),
      (error: unknown) => setState(problemOf(error)),
    )
  }
  return (
    <>
      <div className="row">
        <Button small={again} look={again ? 'quiet' : 'primary'} disabled={state === 'busy'} onPress={invite}>
          <Phone size={16} aria-hidden />
          {state === 'busy' ? t('phones.inviting') : again ? t('phones.inviteAgain') : t('phones.invite')}
        </Button>
      </div>
      {state === 'idle' || state === 'busy' ? null : (
        <FieldProblem>{t(`phones.problem.${state}`)}</FieldProblem>
      )}
    </>
  )
}

function problemOf(error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? (error as MeetingError).code : null
  return code === 'bridge-away' || code === 'bridge-refused' ? code : 'failed'
}

interface InvitationProps {
  number: string
  runBy: string
  pin: string
  title: string
}

/** The same words on screen and in what is copied. */
function Invitation({ number, runBy, pin, title }: InvitationProps) {
  const { t } = useTranslation()
  const shown = spacedPin(pin)
  const about = title === '' ? t('phones.textUntitled') : t('phones.textTitled', { title })
  const text = [about, t('phones.textHow', { number, pin: shown }), t('phones.textOpen', { runBy })].join(
    '\n',
  )
  return (
    <div role="status" className="phones-invitation">
      <dl>
        <dt>{t('phones.number')}</dt>
        <dd>{number}</dd>
        <dt>{t('phones.pin')}</dt>
        <dd className="phones-pin">{shown}</dd>
      </dl>
      <p className="soft small">{t('phones.pinHint')}</p>
      <CopyButton text={text} look="primary" label={t('phones.copy')} />
    </div>
  )
}
