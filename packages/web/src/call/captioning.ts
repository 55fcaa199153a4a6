/**
 * Captions that this person gives (CAP5): of the own voice, heard on this device, only while they want it and their
 * microphone is on, and what they type. Nobody's voice is recognised by anybody else's wish. View model without React.
 */
import type { CaptionWords, MeetingView } from '@huisclos/participant'
import type { OnDeviceSpeech } from '../platform/on-device-speech.ts'
import type { CaptioningPort, CaptioningView } from '../ui/ports.ts'
import type { DevicesModel } from './devices-model.ts'
import { Snapshot } from './snapshot.ts'

export interface CaptioningDeps {
  speech: Pick<OnDeviceSpeech, 'offer' | 'install' | 'listen'>
  devices: Pick<DevicesModel, 'view' | 'track' | 'subscribe' | 'onTrack'>
  say(words: CaptionWords): boolean
  /** What this person speaks, as the browser knows it. */
  language: string
}

/** What can be chosen; whether the browser can do it, it says when asked. */
const SPOKEN = [
  'en-US',
  'fr-FR',
  'de-DE',
  'es-ES',
  'it-IT',
  'pt-BR',
  'pl-PL',
  'tr-TR',
  'ja-JP',
  'ko-KR',
] as const

export class Captioning extends Snapshot<CaptioningView> implements CaptioningPort {
  readonly languages = SPOKEN
  readonly #deps: CaptioningDeps
  readonly #ends: (() => void)[]
  #isIn = false
  #listening: { track: MediaStreamTrack; lang: string; stop: () => void } | null = null

  constructor(deps: CaptioningDeps) {
    super({ offer: 'checking', voice: 'off', lang: deps.language, installFailed: false })
    this.#deps = deps
    const settle = (): void => this.#settle()
    this.#ends = [deps.devices.subscribe(settle), deps.devices.onTrack(settle)]
  }

  look = (): void => void this.#ask()

  setVoice = (on: boolean): void => {
    if (on && this.view.offer !== 'available') return
    this.patch({ voice: on ? 'waiting' : 'off' })
    this.#settle()
  }

  setLanguage = (lang: string): void => {
    this.patch({ lang, offer: 'checking', voice: 'off', installFailed: false })
    this.#settle()
    void this.#ask()
  }

  install = async (): Promise<void> => {
    const { lang } = this.view
    this.patch({ offer: 'downloading', installFailed: false })
    const done = await this.#deps.speech.install(lang)
    if (lang !== this.view.lang) return
    this.patch({ installFailed: !done })
    await this.#ask()
  }

  type = (text: string, final: boolean): boolean =>
    this.#deps.say({ how: 'typed', text, final, lang: this.view.lang })

  /** To be called when the meeting has changed. */
  meet(view: MeetingView<MediaStreamTrack>): void {
    const self = view.people.find((person) => person.self)
    this.#isIn = view.phase.at === 'in' && self?.mayUnmute !== false
    if (view.phase.at === 'ended') this.patch({ voice: 'off' })
    this.#settle()
  }

  close(): void {
    for (const end of this.#ends) end()
    this.patch({ voice: 'off' })
    this.#settle()
  }

  async #ask(): Promise<void> {
    const { lang } = this.view
    const offer = await this.#deps.speech.offer(lang)
    if (lang === this.view.lang) this.patch({ offer })
  }

  /** Listens exactly while it is wanted, the microphone is on and somebody may hear it. */
  #settle(): void {
    const { devices } = this.#deps
    const { voice, lang } = this.view
    const isWanted = voice !== 'off' && voice !== 'failed'
    const track = isWanted && this.#isIn && devices.view.microphone.on ? devices.track('microphone') : null
    const now = this.#listening
    if (now && (now.track !== track || now.lang !== lang)) {
      this.#listening = null
      now.stop()
    }
    if (track && !this.#listening) this.#listening = { track, lang, stop: this.#listen(track, lang) }
    if (isWanted) this.patch({ voice: track ? 'on' : 'waiting' })
  }

  #listen(track: MediaStreamTrack, lang: string): () => void {
    return this.#deps.speech.listen(track, lang, {
      heard: (text, final) => void this.#deps.say({ how: 'speech', text, final, lang }),
      failed: () => {
        this.#listening = null
        this.patch({ voice: 'failed' })
        void this.#ask()
      },
    })
  }
}

/** The first of the browser's languages that is among them. */
export function spokenLanguage(wanted: readonly string[]): string {
  const known = wanted.map((tag) => SPOKEN.find((each) => each.slice(0, 2) === tag.slice(0, 2).toLowerCase()))
  return known.find((each) => each !== undefined) ?? SPOKEN[0]
}
