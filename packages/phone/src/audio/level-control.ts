/**
 * Brings quiet and loud callers to one level: a slow gain towards -20 dBFS, moved by speech alone, and a fast limit so
 * that nothing clips. Line noise is not lifted.
 */

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
    let [energy, peak] = [0, 1]
    for (const sample of samples) {
      energy += sample * sample
      const size = sample < 0 ? -sample : sample
      if (size > peak) peak = size
    }
    const from = this.#gain
    this.#follow(Math.sqrt(energy / Math.max(1, samples.length)))
    const most = CEILING / peak
    if (this.#gain > most) this.#gain = most
    const start = Math.min(from, most)
    // From one gain to the other within the frame, so that nothing clicks.
    const step = (this.#gain - start) / samples.length
    const out = new Int16Array(samples.length)
    for (let i = 0; i < out.length; i += 1) out[i] = (samples[i] as number) * (start + step * (i + 1))
    return out
  }

  #follow(level: number): void {
    if (level <= SPEECH) return
    const wanted = Math.max(MIN_GAIN, Math.min(MAX_GAIN, TARGET / level))
    this.#gain += (wanted - this.#gain) * (wanted > this.#gain ? RISE : FALL)
  }
}
