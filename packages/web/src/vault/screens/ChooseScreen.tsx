/** What is to be opened, and with what. */
import { ShieldCheck } from 'lucide-react'
import type { FormEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/parts/Button.tsx'
import { keyStateOf } from '../model/key-state.ts'
import type { OpeningPort, OpeningView } from '../opening-port.ts'
import type { OpenerRefusal } from '../worker/opener-messages.ts'
import { KeyPlace } from './KeyPlace.tsx'
import { useProblem } from './use-problem.ts'
import { WhatPlace } from './WhatPlace.tsx'

export interface ChooseScreenProps {
  opening: OpeningPort
  view: OpeningView
  problem: OpenerRefusal | null
}

export function ChooseScreen({ opening, view, problem }: ChooseScreenProps) {
  const { t } = useTranslation('recordings')
  const [passphrase, setPassphrase] = useState('')
  const state = keyStateOf(view.keys)
  const able =
    view.chosen !== null && (state.at === 'ready' || (state.at === 'passphrase' && passphrase !== ''))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!able) return
    opening.open(passphrase)
    setPassphrase('')
  }
  return (
    <form className="choose" onSubmit={submit} autoComplete="off" noValidate>
      <header>
        <h1>{t('open.heading')}</h1>
        <p className="home-lead">{t('open.lead')}</p>
        <p className="promise">
          <ShieldCheck size={22} aria-hidden />
          {t('open.private')}
        </p>
      </header>
      {problem === null ? null : <Problem problem={problem} />}
      <div className="places">
        <WhatPlace opening={opening} view={view} />
        <KeyPlace
          opening={opening}
          view={view}
          state={state}
          passphrase={passphrase}
          onPassphrase={setPassphrase}
        />
      </div>
      <div className="row">
        <Button look="primary" submit disabled={!able}>
          {t('open.submit')}
        </Button>
        <p className="soft small" role="status">
          {view.chosen === null ? `${t('need.recording')} ` : ''}
          {state.at === 'none' ? t('need.key') : ''}
        </p>
      </div>
    </form>
  )
}

function Problem({ problem }: { problem: OpenerRefusal }) {
  const { t } = useTranslation('recordings')
  const words = useProblem()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="not-opened" role="alert">
      <h2 ref={heading} tabIndex={-1}>
        {t('problem.heading')}
      </h2>
      <p>{words(problem)}</p>
    </div>
  )
}
