/** Everyone but oneself: the sum of all, less one's own, limited softly where it would clip (TEL5). */
import { FRAME_SAMPLES } from './samples.ts'

const KNEE = 24_000
const ROOM = 32_767 - KNEE

const soft = (value: number): number => {
  const size = Math.abs(value)
  if (size <= KNEE) return value
  return Math.round(Math.sign(value) * (KNEE + ROOM * Math.tanh((size - KNEE) / ROOM)))
}

export class Mix {
  readonly #sum = new Int32Array(FRAME_SAMPLES)
  #all: Int16Array | null = null

  add(frame: Int16Array): void {
    const sum = this.#sum
    for (let i = 0; i < FRAME_SAMPLES; i += 1) sum[i] = (sum[i] as number) + (frame[i] ?? 0)
    this.#all = null
  }

  /** `own`: what this listener added, or null; all of those get one and the same frame, which nobody changes. */
  without(own: Int16Array | null): Int16Array {
    if (own) return this.#limited(own)
    this.#all ??= this.#limited(null)
    return this.#all
  }

  #limited(own: Int16Array | null): Int16Array {
    const sum = this.#sum
    const out = new Int16Array(FRAME_SAMPLES)
    if (own) for (let i = 0; i < FRAME_SAMPLES; i += 1) out[i] = soft((sum[i] as number) - (own[i] ?? 0))
    else for (let i = 0; i < FRAME_SAMPLES; i += 1) out[i] = soft(sum[i] as number)
    return out
  }
}
