/**
 * One's own captions on their way out (CAP2): at most two messages a second however fast the words come, each line in
 * its latest state, nothing that is too old to be of use. Numbers the lines. Never says anything by itself: whoever
 * calls `say` has the speaker's or writer's will for it.
 */
import type { Caption } from './messages/caption.ts'
import { CAPTION_MAX_CHARS, cleanCaption, makeCaption } from './messages/caption.ts'
import { cleanLine } from './messages/clean-text.ts'
import type { Clock, Ms } from './ports.ts'

export interface CaptionWords {
  readonly how: Caption['how']
  /** All of the present line: it replaces what was said of it before. */
  readonly text: string
  /** The line is finished; what is said next begins another. */
  readonly final: boolean
  /** BCP 47, as `fr` or `fr-FR`. */
  readonly lang: string
}

export interface CaptionOutletDeps {
  clock: Clock
  /** Resolves when it was sent or will not be. */
  send(caption: Caption): Promise<unknown>
  /** Shows it here. */
  said(caption: Caption): void
}

const GAP_MS = 500
/** Captions are of the moment: after a cut nobody wants those of a minute ago. */
const FRESH_MS = 15_000

interface OpenLine {
  line: number
  /** How much of the speaker's line went into lines before this one, because it was too long for one. */
  consumed: number
}

export class CaptionOutlet {
  readonly #deps: CaptionOutletDeps
  readonly #open = new Map<Caption['how'], OpenLine>()
  #waiting: { caption: Caption; at: Ms }[] = []
  #count = 0
  #isBusy = false
  #freeAt: Ms = 0
  #cancel: (() => void) | null = null

  constructor(deps: CaptionOutletDeps) {
    this.#deps = deps
  }

  say({ how, text, final, lang }: CaptionWords): void {
    const all = cleanLine(text)
    let rest = all.slice(this.#open.get(how)?.consumed ?? 0).trimStart()
    while (rest.length > CAPTION_MAX_CHARS) {
      const piece = cutOff(rest)
      this.#put(how, piece, true, lang)
      rest = rest.slice(piece.length).trimStart()
      this.#open.set(how, { line: ++this.#count, consumed: all.length - rest.length })
    }
    // A line that was never begun needs no taking back.
    if (rest !== '' || this.#open.has(how)) this.#put(how, rest, final, lang)
    if (final) this.#open.delete(how)
    this.#pump()
  }

  /** Nothing of what waits will be sent. Lines go on counting: their numbers are never used again. */
  stop(): void {
    this.#waiting = []
    this.#open.clear()
    this.#cancel?.()
    this.#cancel = null
  }

  #put(how: Caption['how'], text: string, final: boolean, lang: string): void {
    const open = this.#open.get(how) ?? { line: ++this.#count, consumed: 0 }
    this.#open.set(how, open)
    const caption = makeCaption({ line: open.line, final, lang, how, text })
    const now = this.#deps.clock.now()
    this.#deps.said(caption)
    const waiting = this.#waiting.find((each) => each.caption.line === open.line)
    if (waiting) Object.assign(waiting, { caption, at: now })
    else this.#waiting.push({ caption, at: now })
  }

  #pump(): void {
    const { clock } = this.#deps
    const now = clock.now()
    this.#waiting = this.#waiting.filter(({ at }) => now - at <= FRESH_MS)
    if (this.#isBusy || this.#cancel || this.#waiting.length === 0) return
    if (now < this.#freeAt) {
      // Never longer than the gap, also where the clock was put back.
      this.#cancel = clock.setTimer(Math.min(GAP_MS, this.#freeAt - now), () => {
        this.#cancel = null
        this.#freeAt = 0
        this.#pump()
      })
      return
    }
    const next = this.#waiting.shift()
    if (next) void this.#send(next.caption)
  }

  async #send(caption: Caption): Promise<void> {
    this.#isBusy = true
    this.#freeAt = this.#deps.clock.now() + GAP_MS
    await this.#deps.send(caption)
    this.#isBusy = false
    this.#pump()
  }
}

/** As much as one caption holds, up to the end of a word where there is one. */
function cutOff(text: string): string {
  const whole = cleanCaption(text)
  const space = whole.lastIndexOf(' ')
  return space > CAPTION_MAX_CHARS / 2 ? whole.slice(0, space) : whole
}
