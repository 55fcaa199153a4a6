/**
 * Brings quiet and loud callers to one level: a slow gain towards -20 dBFS, moved by speech alone, and a fast limit so
 * that nothing clips. Line noise is not lifted.
 */
import { clip, loudness } from './samples.ts'

/** Of full scale. */
const TARGET = 32_768 * 10 ** (-20 / 20)
const SPEECH = 32_768 * 10 ** (-46 / 20)
const MAX_GAIN = 10 ** (12 / 20)
const MIN_GAIN = 10 ** (-12 / 20)
const CEILING = 30_000
/** Of the way to the wanted gain, a frame. */
const RISE = 0.02
const FALL = 0.1

export class LevelControl {
  #gain = 1

  get gain(): number {
    return this.#gain
  }

  frame(samples: Int16Array): Int16Array {
    const level = loudness(samples)
    const from = this.#gain
    if (level > SPEECH) {
      const wanted = Math.max(MIN_GAIN, Math.min(MAX_GAIN, TARGET / level))
      this.#gain += (wanted - this.#gain) * (wanted > this.#gain ? RISE : FALL)
    }
    let peak = 1
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
    if (peak * this.#gain > CEILING) this.#gain = CEILING / peak
    const start = Math.min(from, CEILING / peak)
    // From one gain to the other within the frame, so that nothing clicks.
    return samples.map((sample, i) =>
      clip(sample * (start + ((this.#gain - start) * (i + 1)) / samples.length)),
    )
  }
}
