/**
 * Our own removal (GRP7, ORD3): an accepted commit removes us, after time for a strike to undo it; the server's word
 * alone is contested first where we refused the commit it rests on, and otherwise ends the stay in the server's name.
 * Nothing may be sent while either is pending.
 */
import type { EndReason } from './meeting-view.ts'
import type { Clock, Ms } from './ports.ts'

export interface UnseatingDeps {
  clock: Clock
  /** Votes against the commit that unseats us (ORD3); false: we hold none against it. */
  contest(): boolean
  /** Whether something is pending changed. */
  changed(): void
  /** Comes back by our own signature (GRP10). */
  restart(): void
  ended(why: EndReason, by?: string): void
}

/** Time for a strike to undo a removal that breaks the rules (ORD3). */
const REMOVED_MS = 3_000
/** The server counts the votes of those it unseated for 10 s; then we come back by our own signature (GRP10). */
const CONTESTED_MS = 11_000
/** Unseated again within this, we do not come back once more. */
const AGAIN_MS = 60_000

export class Unseating {
  readonly #deps: UnseatingDeps
  #cancel: (() => void) | null = null
  #contestedAt: Ms = Number.NEGATIVE_INFINITY

  constructor(deps: UnseatingDeps) {
    this.#deps = deps
  }

  get pending(): boolean {
    return this.#cancel !== null
  }

  /** An accepted commit removed us. `by`: the name of who made it; empty: unknown. */
  removed(by: string): void {
    if (this.pending) return
    this.#after(REMOVED_MS, () => this.#deps.ended('removed', by))
  }

  /** The server says that we were removed. */
  unseated(): void {
    if (this.pending) return
    const { clock, contest } = this.#deps
    const contested = contest()
    const again = clock.now() - this.#contestedAt < AGAIN_MS
    this.#after(contested ? CONTESTED_MS : REMOVED_MS, () => {
      this.#contestedAt = clock.now()
      if (contested && !again) this.#deps.restart()
      else this.#deps.ended('unseated')
    })
  }

  /** A strike gave the seat back. */
  reinstated(): void {
    this.reset()
    this.#deps.changed()
  }

  /** The stay is over. */
  reset(): void {
    this.#cancel?.()
    this.#cancel = null
  }

  #after(delayMs: Ms, over: () => void): void {
    this.#cancel = this.#deps.clock.setTimer(delayMs, () => {
      this.#cancel = null
      over()
    })
    this.#deps.changed()
  }
}
