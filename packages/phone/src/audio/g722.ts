/**
 * G.722 at 64 kbit/s (ITU-T G.722 §3–4): 16 kHz speech in two sub-bands, each by adaptive differential coding, one byte
 * for two samples. Names of blocks are the recommendation's. Integer arithmetic throughout, so that it is bit exact.
 */
import { IHN, IHP, ILB, ILN, ILP, Q6, QM2, QM4, QM6, QMF, RH2, RL42, WH, WL } from './g722-tables.ts'

const saturate = (value: number) => Math.max(-32_768, Math.min(32_767, value))
const limit = (value: number) => Math.max(-16_384, Math.min(16_383, value))
const at = (table: readonly number[] | Int32Array, index: number) => table[index] ?? 0

/** One sub-band's predictor and scale factor. */
class Band {
  s = 0
  det: number
  readonly #top: { nb: number; shift: number }
  #sz = 0
  #nb = 0
  readonly #r = new Int32Array(3)
  readonly #a = new Int32Array(3)
  readonly #p = new Int32Array(3)
  readonly #d = new Int32Array(7)
  readonly #b = new Int32Array(7)

  constructor(det: number, top: { nb: number; shift: number }) {
    this.det = det
    this.#top = top
  }

  /** LOGSCL, SCALEL and their like of the high band: `step` is what the code adds to the logarithm. */
  scale(step: number): void {
    this.#nb = Math.max(0, Math.min(this.#top.nb, ((this.#nb * 127) >> 7) + step))
    const shift = this.#top.shift - (this.#nb >> 11)
    const base = at(ILB, (this.#nb >> 6) & 31)
    this.det = (shift < 0 ? base << -shift : base >> shift) << 2
  }

  /** Block 4: takes the quantised difference in and predicts the next sample. */
  adapt(difference: number): void {
    const [r, a, p, d, b] = [this.#r, this.#a, this.#p, this.#d, this.#b]
    d[0] = difference
    r[0] = saturate(this.s + difference)
    p[0] = saturate(this.#sz + difference)
    const poles = this.#poles()
    this.#zeros()
    for (let i = 2; i > 0; i -= 1) {
      r[i] = at(r, i - 1)
      p[i] = at(p, i - 1)
      a[i] = poles[i - 1] ?? 0
    }
    const pole = (i: number) => (at(a, i) * saturate(2 * at(r, i))) >> 15
    const sp = saturate(pole(1) + pole(2))
    let sz = 0
    for (let i = 6; i > 0; i -= 1) sz += (at(b, i) * saturate(2 * at(d, i))) >> 15
    this.#sz = saturate(sz)
    this.s = saturate(sp + this.#sz)
  }

  /** UPPOL2 and UPPOL1. */
  #poles(): [number, number] {
    const [a, p] = [this.#a, this.#p]
    const same = (i: number) => at(p, 0) >> 15 === at(p, i) >> 15
    const first = saturate(at(a, 1) << 2)
    const turned = Math.min(32_767, same(1) ? -first : first)
    const second = (same(2) ? 128 : -128) + (turned >> 7) + ((at(a, 2) * 32_512) >> 15)
    const a2 = Math.max(-12_288, Math.min(12_288, second))
    const bound = saturate(15_360 - a2)
    const a1 = saturate((same(1) ? 192 : -192) + ((at(a, 1) * 32_640) >> 15))
    return [Math.max(-bound, Math.min(bound, a1)), a2]
  }

  /** UPZERO and DELAYA. */
  #zeros(): void {
    const [d, b] = [this.#d, this.#b]
    const step = at(d, 0) === 0 ? 0 : 128
    for (let i = 6; i > 0; i -= 1) {
      const same = at(d, i) >> 15 === at(d, 0) >> 15
      b[i] = saturate((same ? step : -step) + ((at(b, i) * 32_640) >> 15))
      // Its own sign is needed no more: the difference before it moves here.
      d[i] = at(d, i - 1)
    }
  }
}

const lowBand = () => new Band(32, { nb: 18_432, shift: 8 })
const highBand = () => new Band(8, { nb: 22_528, shift: 10 })

/** The quadrature mirror filter's two sums over the last 24 values. */
function mirror(x: Int32Array): [number, number] {
  let odd = 0
  let even = 0
  for (let i = 0; i < 12; i += 1) {
    odd += at(x, 2 * i) * at(QMF, i)
    even += at(x, 2 * i + 1) * at(QMF, 11 - i)
  }
  return [odd, even]
}

function shiftIn(x: Int32Array, first: number, second: number): void {
  x.copyWithin(0, 2)
  x[22] = first
  x[23] = second
}

const magnitude = (difference: number) => (difference >= 0 ? difference : -(difference + 1))

export class G722Encoder {
  readonly #x = new Int32Array(24)
  readonly #low = lowBand()
  readonly #high = highBand()

  /** An even number of samples at 16 kHz. */
  encode(samples: Int16Array): Uint8Array {
    const out = new Uint8Array(samples.length >> 1)
    for (let i = 0; i < out.length; i += 1) {
      shiftIn(this.#x, samples[2 * i] ?? 0, samples[2 * i + 1] ?? 0)
      const [odd, even] = mirror(this.#x)
      out[i] = (this.#encodeHigh((even - odd) >> 14) << 6) | this.#encodeLow((even + odd) >> 14)
    }
    return out
  }

  #encodeLow(sample: number): number {
    const band = this.#low
    const difference = saturate(sample - band.s)
    const size = magnitude(difference)
    let i = 1
    while (i < 30 && size >= (at(Q6, i) * band.det) >> 12) i += 1
    const code = at(difference < 0 ? ILN : ILP, i)
    const quantised = (band.det * at(QM4, code >> 2)) >> 15
    band.scale(at(WL, at(RL42, code >> 2)))
    band.adapt(quantised)
    return code
  }

  #encodeHigh(sample: number): number {
    const band = this.#high
    const difference = saturate(sample - band.s)
    const step = magnitude(difference) >= (564 * band.det) >> 12 ? 2 : 1
    const code = at(difference < 0 ? IHN : IHP, step)
    const quantised = (band.det * at(QM2, code)) >> 15
    band.scale(at(WH, at(RH2, code)))
    band.adapt(quantised)
    return code
  }
}

export class G722Decoder {
  readonly #x = new Int32Array(24)
  readonly #low = lowBand()
  readonly #high = highBand()

  /** Two samples at 16 kHz for each byte. */
  decode(bytes: Uint8Array): Int16Array {
    const out = new Int16Array(bytes.length * 2)
    bytes.forEach((byte, i) => {
      const low = this.#decodeLow(byte & 0x3f)
      const high = this.#decodeHigh(byte >> 6)
      shiftIn(this.#x, low + high, low - high)
      const [odd, even] = mirror(this.#x)
      out[2 * i] = saturate(even >> 11)
      out[2 * i + 1] = saturate(odd >> 11)
    })
    return out
  }

  #decodeLow(code: number): number {
    const band = this.#low
    const sample = limit(band.s + ((band.det * at(QM6, code)) >> 15))
    const quantised = (band.det * at(QM4, code >> 2)) >> 15
    band.scale(at(WL, at(RL42, code >> 2)))
    band.adapt(quantised)
    return sample
  }

  #decodeHigh(code: number): number {
    const band = this.#high
    const quantised = (band.det * at(QM2, code)) >> 15
    const sample = limit(band.s + quantised)
    band.scale(at(WH, at(RH2, code)))
    band.adapt(quantised)
    return sample
  }
}
