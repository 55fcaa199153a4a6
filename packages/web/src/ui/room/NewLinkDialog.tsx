/** GRP9: a new meeting with a link of its own, for a host who shuts out whoever has the old one. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { InfoDialog } from '../parts/Dialog.tsx'
import { FieldProblem } from '../parts/Field.tsx'
import { ShareLink } from '../parts/ShareLink.tsx'
import type { HomeProblem } from '../ports.ts'
import { HomeError } from '../ports.ts'

export interface NewLinkDialogProps {
  /** Rejects with a `HomeError`. */
  make: () => Promise<string>
  /** Sends it to everybody who is here. */
  onTell: (href: string) => void
  onClose: () => void
}

type State =
  | { at: 'asked' | 'making' }
  | { at: 'failed'; why: HomeProblem }
  | { at: 'made'; href: string; told: boolean }

export function NewLinkDialog({ make, onTell, onClose }: NewLinkDialogProps) {
  const { t } = useTranslation()
  const [state, setState] = useState<State>({ at: 'asked' })
  const begin = () => {
    if (state.at === 'making') return
    setState({ at: 'making' })
    make().then(
      (href) => setState({ at: 'made', href, told: false }),
      (error: unknown) => setState({ at: 'failed', why: error instanceof HomeError ? error.code : 'fault' }),
    )
  }
  return (
    <InfoDialog open onClose={onClose} title={t('hosts.newLink')}>
      <p>{t('hosts.newLinkLead')}</p>
      {state.at === 'failed' ? <FieldProblem>{t(`homeProblem.${state.why}`)}</FieldProblem> : null}
      {state.at === 'made' ? (
        <>
          <ShareLink href={state.href} label={t('create.link')} hint={t('create.linkHint')} />
          {/* Told, it stays pressable: a disabled button would drop the focus out of the dialog. */}
          <Button
            onPress={() => {
              if (!state.told) onTell(state.href)
              setState({ ...state, told: true })
            }}
          >
            <span aria-live="polite">{state.told ? t('hosts.newLinkTold') : t('hosts.newLinkTell')}</span>
          </Button>
        </>
      ) : (
        <Button look="primary" onPress={begin}>
          {state.at === 'making' ? t('create.creating') : t('hosts.newLinkMake')}
        </Button>
      )}
    </InfoDialog>
  )
}
