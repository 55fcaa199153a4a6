/**
 * What latency is measured with: a short sweep through speech's band, found again in what arrives by correlation. Two
 * kinds that do not look like each other, so that what comes from the meeting is told from what other callers say.
 */

export type ChirpKind = 'up' | 'down'

const CHIRP_MS = 60
const AMPLITUDE = 8_000
const LOW_HZ = 500
const HIGH_HZ = 3_000
/** Of the chirp, at each end. */
const FADE = 0.15

/** Samples at `rate`, 16 bits. */
export function chirpSamples(kind: ChirpKind, rate: number): Int16Array {
  const count = (rate * CHIRP_MS) / 1000
  const [from, to] = kind === 'up' ? [LOW_HZ, HIGH_HZ] : [HIGH_HZ, LOW_HZ]
  return Int16Array.from({ length: count }, (_, i) => {
    const at = i / count
    const fade = Math.min(1, at / FADE, (1 - at) / FADE)
    const seconds = i / rate
    const phase = 2 * Math.PI * (from * seconds + ((to - from) * seconds * at) / 2)
    return Math.round(AMPLITUDE * fade * Math.sin(phase))
  })
}

export interface Found {
  /** Index of the sample at which it begins. */
  at: number
  /** 0 to 1: the part of what is there that is this chirp. */
  likeness: number
}

/** Fine enough for the first look: a fifth of a period of the highest tone is missed nowhere. */
const coarseStep = (rate: number): number => Math.max(1, Math.floor(rate / 4_000))

/** Where in `sound` from sample `from` to `to` the chirp is most likely to begin; null where it is too short. */
export function findChirp(
  sound: Int16Array,
  { kind, rate, from, to }: { kind: ChirpKind; rate: number; from: number; to: number },
): Found | null {
  const chirp = Float32Array.from(chirpSamples(kind, rate))
  const first = Math.max(0, from)
  const last = Math.min(to, sound.length - chirp.length)
  if (first > last) return null
  const energy = chirp.reduce((sum, sample) => sum + sample * sample, 0)
  const likenessAt = (at: number): number => {
    let product = 0
    let there = 1
    for (let i = 0; i < chirp.length; i += 1) {
      const sample = sound[at + i] as number
      product += sample * (chirp[i] as number)
      there += sample * sample
    }
    return Math.abs(product) / Math.sqrt(energy * there)
  }
  const best = (start: number, end: number, step: number): Found => {
    let found = { at: start, likeness: -1 }
    for (let at = start; at <= end; at += step) {
      const likeness = likenessAt(at)
      if (likeness > found.likeness) found = { at, likeness }
    }
    return found
  }
  const step = coarseStep(rate)
  const near = best(first, last, step)
  return best(Math.max(first, near.at - step), Math.min(last, near.at + step), 1)
}
