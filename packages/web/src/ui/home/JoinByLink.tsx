/** The right leaf: a pasted link, forgiven where it can be, with an error that says what is wrong with it. */
import { DoorOpen } from 'lucide-react'
import type { FormEvent } from 'react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { Field } from '../parts/Field.tsx'
import type { HomePort, LinkProblem } from '../ports.ts'

export function JoinByLink({ home }: { home: HomePort }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<LinkProblem | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = home.readLink(text)
    if (read.ok) {
      home.open(read.href)
      return
    }
    setProblem(read.why)
    input.current?.focus()
  }
  const change = (value: string) => {
    setText(value)
    setProblem(null)
  }
  return (
    <section className="leaf leaf-join" aria-labelledby="join-heading">
      <DoorOpen className="leaf-sign" size={34} strokeWidth={1.4} aria-hidden />
      <form className="leaf-body" onSubmit={submit} noValidate>
        <div>
          <h2 id="join-heading">{t('join.heading')}</h2>
          <p className="soft">{t('join.lead')}</p>
        </div>
        <Field
          ref={input}
          label={t('join.link')}
          value={text}
          onChange={change}
          placeholder={t('join.placeholder')}
          error={problem === null ? null : t(`join.problem.${problem}`)}
          autoComplete="off"
        />
        <Button submit wide>
          {t('join.submit')}
        </Button>
      </form>
    </section>
  )
}
