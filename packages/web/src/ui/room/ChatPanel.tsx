/** The chat: a log that reads itself out, and one field. Text is shown as text. */

import type { ChatLine } from '@huisclos/participant'
import { SendHorizontal } from 'lucide-react'
import type { FormEvent, KeyboardEvent } from 'react'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatTime } from '../format-time.ts'
import { IconButton } from '../parts/Button.tsx'
import { Panel } from './Panel.tsx'

export interface ChatPanelProps {
  lines: readonly ChatLine[]
  /** HOST3: false where only hosts write. */
  mayWrite: boolean
  onSend: (text: string) => void
  onClose: () => void
}

/** Longer than anyone types, shorter than an application message may be. */
const LONGEST = 4000

export function ChatPanel({ lines, mayWrite, onSend, onClose }: ChatPanelProps) {
  const { t } = useTranslation()
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (lines.length > 0) end.current?.scrollIntoView({ block: 'end' })
  }, [lines.length])
  return (
    <Panel
      title={t('chat.heading')}
      onClose={onClose}
      foot={mayWrite ? <ChatForm onSend={onSend} /> : <p>{t('hosts.chatOff')}</p>}
    >
      <p className="soft small">{t('chat.lead')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a log that scrolls must be reachable by keyboard. */}
      <div className="chat-log" role="log" aria-label={t('chat.log')} tabIndex={0}>
        {lines.length === 0 ? <p className="soft">{t('chat.empty')}</p> : null}
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
        <div ref={end} />
      </div>
    </Panel>
  )
}

function Line({ line }: { line: ChatLine }) {
  const { t, i18n } = useTranslation()
  return (
    <div className={line.self ? 'chat-line chat-self' : 'chat-line'}>
      <p className="chat-head">
        <strong>{line.self ? t('room.you') : line.name === '' ? t('room.someone') : line.name}</strong>
        <span>{formatTime(i18n.language, line.at)}</span>
        {line.state === 'sending' ? <span>{t('chat.sending')}</span> : null}
        {line.state === 'failed' ? <span className="chat-failed">{t('chat.failed')}</span> : null}
      </p>
      <p className="chat-text">{line.text}</p>
    </div>
  )
}

function ChatForm({ onSend }: { onSend: (text: string) => void }) {
  const { t } = useTranslation()
  const id = useId()
  const [text, setText] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  const send = () => {
    if (text.trim() === '') return
    onSend(text.trim())
    setText('')
    field.current?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <form className="chat-form" onSubmit={submit}>
      <label htmlFor={id} className="unseen">
        {t('chat.field')}
      </label>
      <textarea
        id={id}
        ref={field}
        className="field-input"
        rows={1}
        maxLength={LONGEST}
        placeholder={t('chat.field')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <IconButton label={t('chat.send')} onPress={send}>
        <SendHorizontal size={20} aria-hidden />
      </IconButton>
    </form>
  )
}
