/** Captions: how one reads them, those one gives (one's voice, on this device; or typed), and the log to copy. */
import type { MeetingView } from '@huisclos/participant'
import type { FormEvent, KeyboardEvent } from 'react'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatTime } from '../format-time.ts'
import { Button } from '../parts/Button.tsx'
import { Picker, Switch } from '../parts/Field.tsx'
import { CopyButton } from '../parts/ShareLink.tsx'
import type { CaptioningPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { CaptionMark } from './CaptionOverlay.tsx'
import { captionLog } from './caption-window.ts'
import { Panel } from './Panel.tsx'
import type { CaptionControls } from './use-captions.ts'
import { CAPTION_SIZES } from './use-captions.ts'

export interface CaptionsPanelProps {
  view: MeetingView<MediaStreamTrack>
  captioning: CaptioningPort
  controls: CaptionControls
  onClose: () => void
}

export function CaptionsPanel({ view, captioning, controls, onClose }: CaptionsPanelProps) {
  const { t } = useTranslation()
  const { look } = controls
  const mayType = view.selfHost || view.rules.chat
  useEffect(() => captioning.look(), [captioning])
  return (
    <Panel
      title={t('captions.heading')}
      onClose={onClose}
      foot={mayType ? <TypingForm captioning={captioning} /> : <p>{t('hosts.chatOff')}</p>}
    >
      <Switch
        label={t('captions.show')}
        hint={t('captions.showHint')}
        on={look.shown}
        onChange={controls.toggle}
      />
      <Picker
        label={t('captions.size')}
        value={look.size}
        onChange={(value) => controls.setSize(CAPTION_SIZES.find((size) => size === value) ?? 'medium')}
        options={CAPTION_SIZES.map((size) => ({ value: size, label: t(`captions.sizes.${size}`) }))}
      />
      <Switch
        label={t('captions.aloud')}
        hint={t('captions.aloudHint')}
        on={look.aloud}
        onChange={controls.setAloud}
      />
      <Voice captioning={captioning} />
      <Log view={view} />
    </Panel>
  )
}

/** One's own voice: offered where the browser recognises it on this device, explained where it does not. */
function Voice({ captioning }: { captioning: CaptioningPort }) {
  const { t, i18n } = useTranslation()
  const { offer, voice, lang, installFailed } = useStore(captioning)
  const names = new Intl.DisplayNames(i18n.language, { type: 'language', languageDisplay: 'standard' })
  const nameOf = (tag: string) => names.of(tag.slice(0, 2)) ?? tag
  const language = nameOf(lang)
  return (
    <section className="captions-voice">
      <Picker
        label={t('captions.language')}
        value={lang}
        onChange={(value) => captioning.setLanguage(value)}
        options={captioning.languages.map((tag) => ({ value: tag, label: nameOf(tag) }))}
      />
      {offer === 'available' ? (
        <Switch
          label={t('captions.voice')}
          hint={t('captions.voiceHint')}
          on={voice !== 'off' && voice !== 'failed'}
          onChange={(on) => captioning.setVoice(on)}
        />
      ) : null}
      <p className="soft small" aria-live="polite">
        {voice === 'failed' ? t('captions.failed') : null}
        {voice === 'waiting' ? t('captions.waiting') : null}
        {offer === 'unsupported' ? t('captions.unsupported') : null}
        {offer === 'unavailable' ? t('captions.unavailable', { language }) : null}
        {offer === 'downloading' ? t('captions.downloading', { language }) : null}
        {offer === 'downloadable'
          ? installFailed
            ? t('captions.installFailed', { language })
            : t('captions.downloadable', { language })
          : null}
      </p>
      {offer === 'downloadable' ? (
        <Button onPress={() => void captioning.install()}>{t('captions.install', { language })}</Button>
      ) : null}
    </section>
  )
}

function Log({ view }: { view: MeetingView<MediaStreamTrack> }) {
  const { t, i18n } = useTranslation()
  const { captions } = view
  const log = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The log alone: the panel stays where the person has it.
    if (captions.length > 0) log.current?.scrollTo(0, log.current.scrollHeight)
  }, [captions.length])
  const nameOf = (line: (typeof captions)[number]) =>
    line.self ? t('room.you') : line.name === '' ? t('room.someone') : line.name
  const text = captionLog(captions, (line) => `${formatTime(i18n.language, line.at)} ${nameOf(line)}`)
  return (
    <section>
      <h3>{t('captions.log')}</h3>
      <p className="soft small">{t('captions.logHint')}</p>
      {captions.length === 0 ? null : (
        <>
          <div
            ref={log}
            className="captions-log"
            role="log"
            aria-live="off"
            aria-label={t('captions.log')}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a log that scrolls must be reachable by keyboard.
            tabIndex={0}
          >
            {captions.map((line) => (
              <div key={line.id} className="caption-line">
                <p>
                  <strong>{nameOf(line)}</strong>
                  <span>{formatTime(i18n.language, line.at)}</span>
                  <CaptionMark how={line.how} />
                </p>
                <p className="chat-text" lang={line.lang} dir="auto">
                  {line.text}
                </p>
              </div>
            ))}
          </div>
          <CopyButton text={text} />
        </>
      )}
    </section>
  )
}

/** Longer than anyone reads at once; the engine begins another line there. */
const LONGEST = 280
const PAUSE_MS = 1_200

/** A line goes out when its writer pauses, and is finished by Enter. */
function TypingForm({ captioning }: { captioning: CaptioningPort }) {
  const { t } = useTranslation()
  const id = useId()
  const [text, setText] = useState('')
  const shared = useRef('')
  useEffect(() => {
    if (text.trim() === shared.current.trim()) return undefined
    const timer = setTimeout(() => {
      shared.current = text
      captioning.type(text, false)
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, captioning])
  const finish = () => {
    if (text.trim() === '' && shared.current.trim() === '') return
    captioning.type(text, true)
    shared.current = ''
    setText('')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    finish()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.nativeEvent.isComposing) event.preventDefault()
  }
  return (
    <form className="field" onSubmit={submit}>
      <label htmlFor={id}>{t('captions.type')}</label>
      <input
        id={id}
        className="field-input"
        type="text"
        autoComplete="off"
        maxLength={LONGEST}
        value={text}
        aria-describedby={`${id}h`}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <p id={`${id}h`} className="field-hint">
        {t('captions.typeHint')}
      </p>
    </form>
  )
}
