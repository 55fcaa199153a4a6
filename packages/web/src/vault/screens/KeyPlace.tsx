/** The second half of the page: the key, as a file, as shares, or typed from paper. It goes to the opener and no further. */
import { KeyRound, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../ui/parts/Button.tsx'
import { Field, FieldProblem } from '../../ui/parts/Field.tsx'
import type { KeyState } from '../model/key-state.ts'
import type { KeyPart, OpeningPort, OpeningView } from '../opening-port.ts'
import { DropPlace } from './DropPlace.tsx'
import { useProblem } from './use-problem.ts'

export interface KeyPlaceProps {
  opening: OpeningPort
  view: OpeningView
  state: KeyState
  passphrase: string
  onPassphrase: (passphrase: string) => void
}

export function KeyPlace({ opening, view, state, passphrase, onPassphrase }: KeyPlaceProps) {
  const { t } = useTranslation('recordings')
  return (
    <section className="place" aria-labelledby="key">
      <h2 id="key">{t('key.heading')}</h2>
      <ul className="choices">
        {view.keys.map((part) => (
          <Part key={part.id} part={part} onRemove={() => opening.removeKey(part.id)} />
        ))}
      </ul>
      {state.at === 'passphrase' ? (
        <Field
          label={t('key.passphrase')}
          value={passphrase}
          onChange={onPassphrase}
          autoComplete="off"
          secret
        />
      ) : null}
      <p role="status" className="small">
        <KeyWord state={state} />
      </p>
      {state.at === 'passphrase' || state.at === 'ready' ? null : (
        <>
          <DropPlace
            label={t('key.drop')}
            files={t('key.files')}
            folder={null}
            onFiles={(files) => opening.give(files)}
          />
          <Letters opening={opening} />
        </>
      )}
    </section>
  )
}

function KeyWord({ state }: { state: KeyState }) {
  const { t } = useTranslation('recordings')
  if (state.at === 'missing') return t('key.missing', { count: state.shares })
  if (state.at === 'mixed') return t('key.mixed')
  if (state.at === 'ready') return t('key.ready')
  return null
}

function Part({ part: { name, read }, onRemove }: { part: KeyPart; onRemove: () => void }) {
  const { t } = useTranslation('recordings')
  const problem = useProblem()
  const shown = name || t('key.typed')
  return (
    <li className="key-part">
      <KeyRound size={20} aria-hidden />
      <div className="key-words">
        <strong>{shown}</strong>
        {read === null ? <span className="soft small">{t('key.reading')}</span> : null}
        {read !== null && 'code' in read ? <FieldProblem>{problem(read)}</FieldProblem> : null}
        {read !== null && 'kind' in read ? (
          <>
            <span className="small">
              {read.kind === 'share'
                ? t('key.share', { number: read.number, needed: read.needed, of: read.of })
                : read.kind === 'key'
                  ? t('key.whole')
                  : read.owner === ''
                    ? t('key.fileNobody')
                    : t('key.file', { owner: read.owner })}
            </span>
            <span className="soft small fingerprint">
              {t('key.fingerprint', { fingerprint: read.fingerprint })}
            </span>
          </>
        ) : null}
      </div>
      <IconButton label={t('key.removeNamed', { name: shown })} onPress={onRemove}>
        <X size={18} aria-hidden />
      </IconButton>
    </li>
  )
}

function Letters({ opening }: { opening: OpeningPort }) {
  const { t } = useTranslation('recordings')
  const [letters, setLetters] = useState('')
  const add = () => {
    opening.giveLetters(letters)
    setLetters('')
  }
  return (
    <details className="letters">
      <summary>{t('key.letters')}</summary>
      <div className="stack">
        <Field
          label={t('key.lettersField')}
          hint={t('key.lettersHint')}
          value={letters}
          onChange={setLetters}
          autoComplete="off"
          lines
        />
        <div className="row">
          <Button onPress={add}>{t('key.add')}</Button>
        </div>
      </div>
    </details>
  )
}
