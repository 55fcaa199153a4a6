/** Everyone but oneself: the sum of all, less one's own, limited softly where it would clip (TEL5). */
import { FRAME_SAMPLES } from './samples.ts'

const KNEE = 24_000
const ROOM = 32_767 - KNEE

const soft = (value: number): number => {
  const size = Math.abs(value)
  if (size <= KNEE) return value
  return Math.sign(value) * (KNEE + ROOM * Math.tanh((size - KNEE) / ROOM))
}

export class Mix {
  readonly #sum = new Int32Array(FRAME_SAMPLES)

  add(frame: Int16Array): void {
    frame.forEach((sample, i) => {
      this.#sum[i] = (this.#sum[i] ?? 0) + sample
    })
  }

  /** `own`: what this listener added, or null. */
  without(own: Int16Array | null): Int16Array {
    return Int16Array.from(this.#sum, (sum, i) => Math.round(soft(sum - (own?.[i] ?? 0))))
  }
}
