/** The room's keys, and the switch for those that are single letters (WCAG 2.1.4). */
import { useTranslation } from 'react-i18next'
import { InfoDialog } from '../parts/Dialog.tsx'
import { Switch } from '../parts/Field.tsx'
import './help.css'

export interface HelpDialogProps {
  open: boolean
  onClose: () => void
  letters: boolean
  onLetters: (on: boolean) => void
}

type Row = readonly [
  words:
    | 'mic'
    | 'camera'
    | 'talk'
    | 'hand'
    | 'chat'
    | 'people'
    | 'share'
    | 'layout'
    | 'captions'
    | 'fullScreen'
    | 'pages'
    | 'help'
    | 'regions'
    | 'escape',
  letter: string,
  other: string,
]
const ROWS: readonly Row[] = [
  ['mic', 'M', 'Ctrl/⌘ D'],
  ['camera', 'V', 'Ctrl/⌘ E'],
  ['talk', '', ' '],
  ['hand', 'H', ''],
  ['chat', 'C', ''],
  ['people', 'P', ''],
  ['share', 'S', ''],
  ['layout', 'L', ''],
  ['fullScreen', 'F', ''],
  ['captions', 'T', ''],
  ['pages', '', 'PgUp, PgDn'],
  ['help', '?', ''],
  ['regions', '', 'F6'],
  ['escape', '', 'Esc'],
]

export function HelpDialog({ open, onClose, letters, onLetters }: HelpDialogProps) {
  const { t } = useTranslation()
  return (
    <InfoDialog open={open} onClose={onClose} title={t('help.heading')}>
      <dl className="keys">
        {ROWS.map(([words, letter, other]) => (
          <div key={words}>
            <dt>{t(`help.${words}`)}</dt>
            <dd>
              {letter === '' ? null : <kbd className={letters ? 'key' : 'key key-off'}>{letter}</kbd>}
              {letter !== '' && other !== '' ? ` ${t('help.or')} ` : ''}
              {other === '' ? null : <kbd className="key">{other === ' ' ? t('help.space') : other}</kbd>}
            </dd>
          </div>
        ))}
      </dl>
      <Switch label={t('help.letters')} hint={t('help.lettersHint')} on={letters} onChange={onLetters} />
    </InfoDialog>
  )
}
