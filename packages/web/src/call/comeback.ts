/**
 * When to look again for a device that worked and was lost: soon, then less often, then only when something happens (a
 * wake, a plug, the person). Knows nothing of devices.
 */

const AFTER_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

export class Comeback {
  readonly #look: () => void
  #timer: ReturnType<typeof setTimeout> | null = null
  #tries = 0

  constructor(look: () => void) {
    this.#look = look
  }

  /** The device worked: the next loss begins anew. */
  worked(): void {
    this.stop()
    this.#tries = 0
  }

  /** It is lost, or the last look found nothing. */
  again(): void {
    this.stop()
    const delayMs = AFTER_MS[this.#tries++]
    if (delayMs !== undefined) this.#timer = setTimeout(this.#look, delayMs)
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}
