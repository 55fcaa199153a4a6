/**
 * Captions as they are shown (CAP1, CAP2): the lines of each speaker, the last ones only, in this page's memory. Judges
 * what comes: nobody changes a finished line or another's, and who floods loses own lines, never the others'. Knows no
 * clock: the time comes with each message.
 */
import type { Caption } from './messages/caption.ts'
import { cleanCaption } from './messages/caption.ts'
import type { Ms } from './ports.ts'

/** Of all speakers together; whoever has most gives up first. */
const KEPT_LINES = 500
/** CAP2: senders keep to two a second; what a network held back comes all at once. */
const PER_SECOND = 3
const BURST = 60

export interface StoredCaption {
  /** Of this page: no sender has a word in it. */
  readonly id: number
  readonly leaf: number
  readonly pseudonym: string
  readonly self: boolean
  readonly line: number
  readonly text: string
  readonly lang: string
  readonly how: Caption['how']
  readonly final: boolean
  /** When it began here. */
  readonly at: Ms
}

interface Speaker {
  lines: StoredCaption[]
  /** The highest line number had. */
  highest: number
  tokens: number
  filledAt: Ms
}

export interface CaptionWriter {
  readonly leaf: number
  readonly pseudonym: string
  readonly self: boolean
}

export class Captions {
  readonly #speakers = new Map<string, Speaker>()
  #lines: readonly StoredCaption[] = []
  #count = 0

  /** In the order in which they began. */
  get lines(): readonly StoredCaption[] {
    return this.#lines
  }

  /** True when something is shown otherwise than before. */
  receive(writer: CaptionWriter, caption: Caption, now: Ms): boolean {
    const speaker = this.#speaker(writer, now)
    if (!writer.self && !hasToken(speaker, now)) return false
    if (!this.#write(speaker, writer, caption, now)) return false
    this.#lines = [...this.#speakers.values()].flatMap(({ lines }) => lines).sort((a, b) => a.id - b.id)
    return true
  }

  /** Forgets all but the lines of members that are gone: a member who comes back is another speaker. */
  retain(pseudonyms: ReadonlySet<string>): void {
    for (const [pseudonym, speaker] of this.#speakers) {
      if (!pseudonyms.has(pseudonym) && speaker.lines.length === 0) this.#speakers.delete(pseudonym)
    }
  }

  #write(speaker: Speaker, writer: CaptionWriter, caption: Caption, now: Ms): boolean {
    const { line, final, lang, how } = caption
    const text = cleanCaption(caption.text)
    const known = speaker.lines.findIndex((each) => each.line === line)
    const former = speaker.lines[known]
    if (former ? former.final || former.how !== how : line <= speaker.highest) return false
    speaker.highest = Math.max(speaker.highest, line)
    if (text === '') {
      if (former) speaker.lines.splice(known, 1)
      return former !== undefined
    }
    if (former) {
      speaker.lines[known] = { ...former, text, lang, final }
      return true
    }
    // Whoever begins another line of this kind has done with the one before, whether that was said or not.
    speaker.lines = speaker.lines.map((each) => (each.how === how ? { ...each, final: true } : each))
    const { leaf, pseudonym, self } = writer
    speaker.lines.push({ id: ++this.#count, leaf, pseudonym, self, line, text, lang, how, final, at: now })
    this.#makeRoom()
    return true
  }

  #makeRoom(): void {
    const all = [...this.#speakers.values()]
    const total = all.reduce((sum, { lines }) => sum + lines.length, 0)
    if (total <= KEPT_LINES) return
    const largest = all.reduce((most, each) => (each.lines.length > most.lines.length ? each : most))
    largest.lines.shift()
  }

  #speaker({ pseudonym }: CaptionWriter, now: Ms): Speaker {
    const known = this.#speakers.get(pseudonym)
    if (known) return known
    const speaker = { lines: [], highest: 0, tokens: BURST, filledAt: now }
    this.#speakers.set(pseudonym, speaker)
    return speaker
  }
}

function hasToken(speaker: Speaker, now: Ms): boolean {
  // A clock that was put back refills nothing.
  const gained = (Math.max(0, now - speaker.filledAt) / 1_000) * PER_SECOND
  speaker.tokens = Math.min(BURST, speaker.tokens + gained)
  speaker.filledAt = now
  if (speaker.tokens < 1) return false
  speaker.tokens--
  return true
}
