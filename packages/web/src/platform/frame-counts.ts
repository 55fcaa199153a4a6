/** Totals of what became of frames, by code, for the page's diagnostics. Counts and sums only: nothing of a frame is kept. */
import type { FrameCounts, OpenRefusal, SendRefusal } from './frame-messages.ts'

export const NOTHING_COUNTED: FrameCounts = {
  sealed: 0,
  opened: 0,
  sealMs: 0,
  openMs: 0,
  notSent: {},
  notOpened: {},
}

export class FrameCounter {
  readonly #counts: FrameCounts = { ...NOTHING_COUNTED, notSent: {}, notOpened: {} }
  #changed = false

  sealed(tookMs: number): void {
    this.#counts.sealed++
    this.#counts.sealMs += tookMs
    this.#changed = true
  }

  opened(tookMs: number): void {
    this.#counts.opened++
    this.#counts.openMs += tookMs
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
