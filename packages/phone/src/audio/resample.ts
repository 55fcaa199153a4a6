/**
 * From 8 to 16 kHz and back, by windowed sincs: of 64 taps when halving; when doubling every other sample is there already,
 * and 32 neighbours give the one between. A library would do any ratio; these cost 2 ms of delay and few multiplications.
 * Keep their memory between frames.
 */
import { clip } from './samples.ts'

const TAPS = 64
const HALF = TAPS / 2
/** Of the higher rate: 3.7 kHz at 16 kHz, where telephone speech ends. */
const CUTOFF = 3700 / 16_000

/** Blackman's window; unity gain at 0 Hz. Symmetric: read forwards or backwards alike. */
const KERNEL = (() => {
  const taps = Float64Array.from({ length: TAPS }, (_, n) => {
    const x = n - (TAPS - 1) / 2
    const phase = (2 * Math.PI * n) / (TAPS - 1)
    const window = 0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase)
    return (window * Math.sin(2 * Math.PI * CUTOFF * x)) / (Math.PI * x)
  })
  const sum = taps.reduce((total, tap) => total + tap, 0)
  return taps.map((tap) => tap / sum)
})()

/** What 16 samples weigh in the one that follows them half a step later; the 16 after it weigh the same, mirrored. */
const BETWEEN = (() => {
  const taps = Float64Array.from({ length: HALF / 2 }, (_, i) => {
    const x = i - (HALF - 1) / 2
    const phase = (2 * Math.PI * (i + 0.5)) / HALF
    const window = 0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase)
    return (window * Math.sin(Math.PI * x)) / (Math.PI * x)
  })
  const sum = 2 * taps.reduce((total, tap) => total + tap, 0)
  return taps.map((tap) => tap / sum)
})()

/** The past and then the frame, as the filters read them. */
class History {
  readonly #past: number
  #all: Float64Array

  constructor(past: number) {
    this.#past = past
    this.#all = new Float64Array(past)
  }

  follow(samples: Int16Array): Float64Array {
    const past = this.#past
    const end = this.#all.length
    if (end === past + samples.length) this.#all.copyWithin(0, end - past)
    else {
      const all = new Float64Array(past + samples.length)
      all.set(this.#all.subarray(end - past))
      this.#all = all
    }
    this.#all.set(samples, past)
    return this.#all
  }
}

/** 16 kHz in, 8 kHz out: an even number of samples each time. */
export class Halver {
  readonly #history = new History(TAPS)

  push(samples: Int16Array): Int16Array {
    const all = this.#history.follow(samples)
    const out = new Int16Array(samples.length >> 1)
    for (let i = 0; i < out.length; i += 1) {
      // The newest sample that counts is the second of each pair.
      const from = 2 * i + 2
      let sum = 0
      for (let tap = 0; tap < TAPS; tap += 1) sum += (all[from + tap] as number) * (KERNEL[tap] as number)
      out[i] = clip(sum)
    }
    return out
  }

  /** What a halver gives for `samples` after it has had `before`, or nothing. */
  static once(samples: Int16Array, before: Int16Array | null): Int16Array {
    const halver = new Halver()
    if (before) halver.#history.follow(before.subarray(-TAPS))
    return halver.push(samples)
  }
}

/** 8 kHz in, 16 kHz out. */
export class Doubler {
  readonly #history = new History(HALF)

  push(samples: Int16Array): Int16Array {
    const all = this.#history.follow(samples)
    const out = new Int16Array(samples.length * 2)
    for (let i = 0; i < samples.length; i += 1) {
      const [from, to] = [i + 1, i + HALF]
      let sum = 0
      for (let tap = 0; tap < BETWEEN.length; tap += 1)
        sum += (BETWEEN[tap] as number) * ((all[from + tap] as number) + (all[to - tap] as number))
      out[2 * i] = all[from + HALF / 2 - 1] as number
      out[2 * i + 1] = clip(sum)
    }
    return out
  }
}
