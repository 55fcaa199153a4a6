/** The left leaf: a title and a lifetime in, a link out. */

import { Video } from 'lucide-react'
import type { FormEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDate } from '../format-time.ts'
import { Button } from '../parts/Button.tsx'
import { Field, FieldProblem, Picker } from '../parts/Field.tsx'
import { ShareLink } from '../parts/ShareLink.tsx'
import type { HomePort, HomeProblem, HomeView, KnownMeeting } from '../ports.ts'
import { problemOf } from './home-problem.ts'

const LIFETIMES_DAYS = [1, 7, 30, 365] as const

export interface NewMeetingProps {
  home: HomePort
  create: HomeView['create']
}

export function NewMeeting({ home, create }: NewMeetingProps) {
  const [made, setMade] = useState<KnownMeeting | null>(null)
  return (
    <section className="leaf leaf-new" aria-labelledby="new-heading">
      <Video className="leaf-sign" size={34} strokeWidth={1.4} aria-hidden />
      {made === null ? (
        <CreateForm home={home} askToken={create === 'token'} onMade={setMade} />
      ) : (
        <Made meeting={made} onStart={() => home.open(made.href)} onAnother={() => setMade(null)} />
      )}
    </section>
  )
}

interface CreateFormProps {
  home: HomePort
  askToken: boolean
  onMade: (meeting: KnownMeeting) => void
}

function CreateForm({ home, askToken, onMade }: CreateFormProps) {
  const { t } = useTranslation()
  const [title, setTitle] = useState('')
  const [expiresInDays, setDays] = useState<number>(30)
  const [operatorToken, setToken] = useState('')
  const [card, setCard] = useState('')
  const [state, setState] = useState<'idle' | 'busy' | HomeProblem>('idle')
  const bridge = home.readCard(card)
  const isNoCard = card.trim() !== '' && bridge === null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isNoCard) return
    setState('busy')
    home
      .create({ title: title.trim(), expiresInDays, operatorToken: operatorToken.trim(), bridge: card })
      .then(onMade, (cause: unknown) => setState(problemOf(cause)))
  }
  const label = (days: number) => (days === 365 ? t('create.year') : t('create.days', { count: days }))
  return (
    <form className="leaf-body" onSubmit={submit}>
      <div>
        <h2 id="new-heading">{t('create.heading')}</h2>
        <p className="soft">{t('create.lead')}</p>
      </div>
      <Field
        label={t('create.title')}
        hint={t('create.titleHint')}
        placeholder={t('create.titlePlaceholder')}
        value={title}
        onChange={setTitle}
        maxLength={80}
        autoComplete="off"
      />
      <Picker
        label={t('create.expiry')}
        value={String(expiresInDays)}
        onChange={(value) => setDays(Number(value))}
        options={LIFETIMES_DAYS.map((days) => ({ value: String(days), label: label(days) }))}
      />
      <details>
        <summary>{t('phones.allow')}</summary>
        <Field
          label={t('phones.card')}
          hint={t('phones.cardHint')}
          value={card}
          onChange={setCard}
          lines
          autoComplete="off"
          error={isNoCard ? t('phones.noCard') : null}
        />
        <p className="small" aria-live="polite">
          {bridge === null
            ? null
            : t('phones.isCard', {
                runBy: bridge.runBy,
                number: bridge.number,
                fingerprint: bridge.fingerprint,
              })}
        </p>
      </details>
      {askToken ? (
        <Field
          label={t('create.token')}
          hint={t('create.tokenHint')}
          value={operatorToken}
          onChange={setToken}
          secret
        />
      ) : null}
      {state === 'idle' || state === 'busy' ? null : <FieldProblem>{t(`homeProblem.${state}`)}</FieldProblem>}
      <Button look="primary" submit wide disabled={state === 'busy'}>
        {state === 'busy' ? t('create.creating') : t('create.submit')}
      </Button>
    </form>
  )
}

interface MadeProps {
  meeting: KnownMeeting
  onStart: () => void
  onAnother: () => void
}

function Made({ meeting, onStart, onAnother }: MadeProps) {
  const { t, i18n } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const date = formatDate(i18n.language, meeting.expiresAt, 'long')
  return (
    <div className="leaf-body">
      <div>
        <h2 id="new-heading" ref={heading} tabIndex={-1}>
          {meeting.title === '' ? t('create.ready') : t('create.readyTitled', { title: meeting.title })}
        </h2>
        <p className="soft">{t('create.until', { date })}</p>
      </div>
      <ShareLink href={meeting.href} label={t('create.link')} hint={t('create.linkHint')} />
      <Button look="primary" wide onPress={onStart}>
        {t('create.start')}
      </Button>
      <Button look="plain" onPress={onAnother}>
        {t('create.another')}
      </Button>
    </div>
  )
}
