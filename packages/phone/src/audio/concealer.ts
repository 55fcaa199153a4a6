/**
 * What is played where a packet is missing: the last pitch period again, fading out over 60 ms (after G.711 Appendix I),
 * and a short cross-fade back into real sound. Used for every codec towards the meeting.
 */
import { clip, FRAME_SAMPLES, RATE } from './samples.ts'

const MIN_LAG = RATE / 400
const MAX_LAG = RATE / 66
const HISTORY = FRAME_SAMPLES + Math.ceil(MAX_LAG)
const FADE_SAMPLES = RATE * 0.06
const BACK_SAMPLES = RATE * 0.004

export class Concealer {
  #history = new Int16Array(HISTORY)
  /** What is repeated. */
  #period = new Int16Array(1)
  /** Samples made up in a row. */
  #made = 0

  /** Real sound goes through here; right after a gap its beginning is blended with what was made up. */
  real(samples: Int16Array): Int16Array {
    if (this.#made === 0) {
      this.#remember(samples)
      return samples
    }
    const out = Int16Array.from(samples)
    const bridge = this.#make(Math.min(BACK_SAMPLES, out.length))
    bridge.forEach((made, i) => {
      const share = (i + 1) / (bridge.length + 1)
      out[i] = clip((out[i] ?? 0) * share + made * (1 - share))
    })
    this.#made = 0
    this.#remember(out)
    return out
  }

  /** One frame in place of a lost one. */
  missing(): Int16Array {
    if (this.#made >= FADE_SAMPLES) return new Int16Array(FRAME_SAMPLES)
    const frame = this.#make(FRAME_SAMPLES)
    this.#made += frame.length
    this.#remember(frame)
    return frame
  }

  #make(count: number): Int16Array {
    if (this.#made === 0) this.#period = this.#history.slice(-this.#pitch())
    const lag = this.#period.length
    return Int16Array.from({ length: count }, (_, i) => {
      const at = this.#made + i
      return clip((this.#period[at % lag] ?? 0) * Math.max(0, 1 - at / FADE_SAMPLES))
    })
  }

  /** The lag at which the last frame is most like what came before it. */
  #pitch(): number {
    const history = this.#history
    let best = { lag: MIN_LAG, likeness: Number.NEGATIVE_INFINITY }
    for (let lag = MIN_LAG; lag <= MAX_LAG; lag += 1) {
      let product = 0
      let energy = 1
      for (let i = HISTORY - FRAME_SAMPLES; i < HISTORY; i += 2) {
        const past = history[i - lag] ?? 0
        product += (history[i] ?? 0) * past
        energy += past * past
      }
      const likeness = product / Math.sqrt(energy)
      if (likeness > best.likeness) best = { lag, likeness }
    }
    return Math.round(best.lag)
  }

  #remember(samples: Int16Array): void {
    const history = this.#history
    const newest = samples.subarray(-HISTORY)
    history.copyWithin(0, newest.length)
    history.set(newest, HISTORY - newest.length)
  }
}
