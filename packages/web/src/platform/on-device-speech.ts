/**
 * The browser's speech recognition, on this device or not at all (CAP5): asked for with `processLocally`, checked
 * before each start and read back, so that no sound goes to anybody's server. A browser that cannot promise that has no
 * recogniser here. Facts (Chromium 156): a start that is refused tells `error` and never `end`.
 */

/** What the Web Speech API gives of a recogniser; the parts that are used. */
export interface Recogniser extends EventTarget {
  lang: string
  continuous: boolean
  interimResults: boolean
  processLocally: boolean
  start(track?: MediaStreamTrack): void
  abort(): void
}
interface RecogniserOptions {
  langs: string[]
  processLocally: boolean
}
export interface RecogniserClass {
  new (): Recogniser
  available(options: RecogniserOptions): Promise<string>
  install(options: RecogniserOptions): Promise<boolean>
}

/** `downloadable`: the browser can fetch the language from its maker. `unsupported`: there is no local recogniser at all. */
export type SpeechOffer = 'available' | 'downloadable' | 'downloading' | 'unavailable' | 'unsupported'

export interface SpeechEvents {
  /** All that was heard of the present line. */
  heard(text: string, final: boolean): void
  /** It will hear nothing more; not told after `stop`. */
  failed(): void
}

const OFFERS: ReadonlySet<string> = new Set(['available', 'downloadable', 'downloading', 'unavailable'])
/** It ends by itself after each pause of its own choosing; one that ends at once over and over is broken. */
const SHORT_MS = 1_000
const MOST_SHORT = 5
const AGAIN_MS = 250
const PASSING: ReadonlySet<string> = new Set(['no-speech', 'aborted'])

const isOffer = (text: string): text is SpeechOffer => OFFERS.has(text)

/** This browser's recogniser where it can be kept to the device; null elsewhere. */
export function pageRecogniser(page: object = globalThis): RecogniserClass | null {
  const found: unknown =
    Reflect.get(page, 'SpeechRecognition') ?? Reflect.get(page, 'webkitSpeechRecognition')
  if (typeof found !== 'function') return null
  const isLocal = 'processLocally' in (found.prototype as object)
  return isLocal && 'available' in found && 'install' in found ? (found as unknown as RecogniserClass) : null
}

export class OnDeviceSpeech {
  readonly #class: RecogniserClass | null

  constructor(recogniser: RecogniserClass | null) {
    this.#class = recogniser
  }

  /** Never rejects. */
  async offer(lang: string): Promise<SpeechOffer> {
    if (!this.#class) return 'unsupported'
    const answer = await this.#class
      .available({ langs: [lang], processLocally: true })
      .catch(() => 'unavailable')
    return isOffer(answer) ? answer : 'unavailable'
  }

  /** Has the browser fetch a language from its maker: to be called from a press. Never rejects. */
  async install(lang: string): Promise<boolean> {
    return (await this.#class?.install({ langs: [lang], processLocally: true }).catch(() => false)) ?? false
  }

  /** Listens to this track until the result is called. */
  listen(track: MediaStreamTrack, lang: string, on: SpeechEvents): () => void {
    const hearing = new Hearing(track, on)
    void this.offer(lang).then((offer) => {
      if (offer === 'available' && this.#class) hearing.begin(this.#class, lang)
      else hearing.fail()
    })
    return () => hearing.stop()
  }
}

class Hearing {
  readonly #track: MediaStreamTrack
  readonly #on: SpeechEvents
  #recogniser: Recogniser | null = null
  #isOver = false
  #pending = ''
  #short = 0

  constructor(track: MediaStreamTrack, on: SpeechEvents) {
    this.#track = track
    this.#on = on
  }

  begin(recogniserClass: RecogniserClass, lang: string): void {
    if (this.#isOver) return
    const recogniser = new recogniserClass()
    Object.assign(recogniser, { lang, continuous: true, interimResults: true, processLocally: true })
    // Read back: one that does not take it would be free to send the sound away.
    if (recogniser.processLocally !== true || this.#track.readyState !== 'live') {
      this.fail()
      return
    }
    this.#recogniser = recogniser
    const startedAt = performance.now()
    this.#follow(recogniser, () => {
      this.#short = performance.now() - startedAt < SHORT_MS ? this.#short + 1 : 0
      if (this.#short > MOST_SHORT) this.fail()
      else setTimeout(() => this.begin(recogniserClass, lang), AGAIN_MS)
    })
    try {
      recogniser.start(this.#track)
    } catch {
      this.fail()
    }
  }

  #follow(recogniser: Recogniser, again: () => void): void {
    const ended = () => {
      if (this.#recogniser !== recogniser || this.#isOver) return
      this.#recogniser = null
      this.#finishLine()
      again()
    }
    recogniser.addEventListener('result', (event) => this.#onResult(event))
    recogniser.addEventListener('end', ended)
    recogniser.addEventListener('error', (event) => {
      if (PASSING.has(String(Reflect.get(event, 'error')))) ended()
      else if (this.#recogniser === recogniser) this.fail()
    })
  }

  fail(): void {
    if (this.#isOver) return
    this.stop()
    this.#on.failed()
  }

  /** At once: what was not yet recognised is thrown away, what was shown is finished as it stands. */
  stop(): void {
    if (this.#isOver) return
    this.#finishLine()
    this.#isOver = true
    this.#recogniser?.abort()
    this.#recogniser = null
  }

  #finishLine(): void {
    if (this.#pending !== '') this.#on.heard(this.#pending, true)
    this.#pending = ''
  }

  #onResult(event: Event): void {
    if (this.#isOver) return
    const { resultIndex, results } = event as unknown as ResultEvent
    let interim = ''
    for (let i = resultIndex; i < results.length; i++) {
      const result = results[i]
      const text = result?.[0]?.transcript ?? ''
      if (!result?.isFinal) interim += text
      else {
        this.#on.heard(text, true)
        this.#pending = ''
      }
    }
    if (interim.trim() === '') return
    this.#pending = interim
    this.#on.heard(interim, false)
  }
}

interface ResultEvent {
  readonly resultIndex: number
  readonly results: ArrayLike<{
    readonly isFinal: boolean
    readonly [alternative: number]: { readonly transcript: string }
  }>
}
