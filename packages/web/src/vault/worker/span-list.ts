/** When a person's sound and pictures came, in spans: what is drawn on the timeline, and when a picture is old. */
import type { Span } from './opener-messages.ts'

export class SpanList {
  readonly #all: Span[] = []
  readonly #apartMs: number

  /** Moments further apart than this are of two spans. */
  constructor(apartMs: number) {
    this.#apartMs = apartMs
  }

  add(atMs: number): void {
    const last = this.#all.at(-1)
    if (last && atMs - last.toMs <= this.#apartMs) last.toMs = Math.max(last.toMs, atMs)
    else this.#all.push({ fromMs: atMs, toMs: atMs })
  }

  get all(): readonly Span[] {
    return this.#all
  }
}
