/** The meetings that this browser knows, what can be done with each, and hosting one made elsewhere. */

import { Ellipsis } from 'lucide-react'
import type { FormEvent } from 'react'
import { useState } from 'react'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { useTranslation } from 'react-i18next'
import { formatDate } from '../format-time.ts'
import { Button, IconButton } from '../parts/Button.tsx'
import { AskDialog, InfoDialog } from '../parts/Dialog.tsx'
import { Field } from '../parts/Field.tsx'
import { CopyButton, useCopy } from '../parts/ShareLink.tsx'
import type { HomePort, HomeProblem, KnownMeeting } from '../ports.ts'
import { problemOf } from './home-problem.ts'

export interface MyMeetingsProps {
  home: HomePort
  meetings: readonly KnownMeeting[]
}

export function MyMeetings({ home, meetings }: MyMeetingsProps) {
  const { t } = useTranslation()
  return (
    <section className="mine" aria-labelledby="mine-heading">
      {meetings.length === 0 ? (
        <h2 id="mine-heading" className="unseen">
          {t('meetings.heading')}
        </h2>
      ) : (
        <>
          <div className="mine-head">
            <h2 id="mine-heading">{t('meetings.heading')}</h2>
            <p className="soft small">{t('meetings.lead')}</p>
          </div>
          <ul className="mine-list">
            {meetings.map((meeting) => (
              <MeetingRow key={meeting.room} home={home} meeting={meeting} />
            ))}
          </ul>
        </>
      )}
      <ImportKey home={home} />
    </section>
  )
}

function MeetingRow({ home, meeting }: { home: HomePort; meeting: KnownMeeting }) {
  const { t, i18n } = useTranslation()
  const { copy } = useCopy(meeting.href)
  const [open, setOpen] = useState<'nothing' | 'forget' | 'export'>('nothing')
  const title = meeting.title === '' ? t('meetings.untitled') : meeting.title
  const date = formatDate(i18n.language, meeting.expiresAt, 'medium')
  const run = (key: string | number) => {
    if (key === 'copy') copy()
    else if (key === 'export') setOpen('export')
    else setOpen('forget')
  }
  return (
    <li className="mine-row">
      <div className="mine-name">
        <h3>{title}</h3>
        <p className="soft small">
          {meeting.hosted ? `${t('meetings.host')} · ` : ''}
          {meeting.expiresAt > Date.now() ? t('meetings.expires', { date }) : t('meetings.expired')}
        </p>
      </div>
      <Button small onPress={() => home.open(meeting.href)}>
        <span aria-hidden>{t('meetings.open')}</span>
        <span className="unseen">{t('meetings.openTitled', { title })}</span>
      </Button>
      <MenuTrigger>
        <IconButton label={t('meetings.more', { title })}>
          <Ellipsis size={20} aria-hidden />
        </IconButton>
        <Popover className="popover" placement="bottom end">
          <Menu className="menu" onAction={run}>
            <MenuItem id="copy" className="menu-item">
              {t('meetings.copyLink')}
            </MenuItem>
            {meeting.hosted ? (
              <MenuItem id="export" className="menu-item">
                {t('meetings.exportKey')}
              </MenuItem>
            ) : null}
            <MenuItem id="forget" className="menu-item menu-danger">
              {t('meetings.forget')}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <AskDialog
        open={open === 'forget'}
        onClose={() => setOpen('nothing')}
        title={t('meetings.forgetTitle', { title })}
        body={t('meetings.forgetBody')}
        confirm={t('meetings.forgetConfirm')}
        onConfirm={() => home.forget(meeting.room)}
      />
      <ExportKey
        home={home}
        room={meeting.room}
        title={title}
        open={open === 'export'}
        onClose={() => setOpen('nothing')}
      />
    </li>
  )
}

interface ExportKeyProps {
  home: HomePort
  room: string
  title: string
  open: boolean
  onClose: () => void
}

function ExportKey({ home, room, title, open, onClose }: ExportKeyProps) {
  const { t } = useTranslation()
  return (
    <InfoDialog open={open} onClose={onClose} title={t('hostKey.exportTitle', { title })}>
      <p>{t('hostKey.exportLead')}</p>
      <KeyText home={home} room={room} />
    </InfoDialog>
  )
}

/** Mounted only while its dialog is open: the key is asked for then, and forgotten with it. */
function KeyText({ home, room }: { home: HomePort; room: string }) {
  const { t } = useTranslation()
  const [key, setKey] = useState<string | null>(null)
  const [problem, setProblem] = useState<HomeProblem | null>(null)
  const show = () => home.exportHostKey(room).then(setKey, (cause: unknown) => setProblem(problemOf(cause)))
  if (key === null) {
    return (
      <>
        {problem === null ? null : <p role="alert">{t(`homeProblem.${problem}`)}</p>}
        <Button look="primary" onPress={show} autoFocus>
          {t('meetings.exportKey')}
        </Button>
      </>
    )
  }
  return (
    <>
      <Field label={t('hostKey.field')} value={key} onChange={() => undefined} lines />
      <div className="row">
        <CopyButton text={key} look="primary" />
      </div>
    </>
  )
}

function ImportKey({ home }: { home: HomePort }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<HomeProblem | null>(null)
  const [added, setAdded] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAdded(null)
    home.importHostKey(text.trim()).then(
      (meeting) => {
        setText('')
        setAdded(meeting.title === '' ? t('meetings.untitled') : meeting.title)
      },
      (cause: unknown) => setProblem(problemOf(cause)),
    )
  }
  return (
    <details className="import">
      <summary>{t('hostKey.import')}</summary>
      <form className="stack" onSubmit={submit}>
        <Field
          label={t('hostKey.importField')}
          hint={t('hostKey.importLead')}
          value={text}
          onChange={(value) => {
            setText(value)
            setProblem(null)
          }}
          error={problem === null ? null : t(`homeProblem.${problem}`)}
          lines
        />
        <div className="row">
          <Button submit>{t('hostKey.importSubmit')}</Button>
          <span role="status">{added === null ? '' : t('hostKey.imported', { title: added })}</span>
        </div>
      </form>
    </details>
  )
}
