/** Totals of what became of frames, by code, for the page's diagnostics. Counts only: nothing of a frame is kept. */
import type { FrameCounts, OpenRefusal, SendRefusal } from './frame-messages.ts'

export class FrameCounter {
  readonly #counts: FrameCounts = { sealed: 0, opened: 0, notSent: {}, notOpened: {} }
  #changed = false

  sealed(): void {
    this.#counts.sealed++
    this.#changed = true
  }

  opened(): void {
    this.#counts.opened++
    this.#changed = true
  }

  notSent(code: SendRefusal): void {
    this.#counts.notSent[code] = (this.#counts.notSent[code] ?? 0) + 1
    this.#changed = true
  }

  notOpened(code: OpenRefusal): void {
    this.#counts.notOpened[code] = (this.#counts.notOpened[code] ?? 0) + 1
    this.#changed = true
  }

  /** A copy of the totals, or null when nothing happened since the last one. */
  takeIfChanged(): FrameCounts | null {
    if (!this.#changed) return null
    this.#changed = false
    return structuredClone(this.#counts)
  }
}
