import { expect, test } from 'vitest'
import { chirpSamples, findChirp } from './chirp.ts'

const RATE = 8_000
/** The same noise each time. */
function noise(count: number, amplitude: number): Int16Array {
  let state = 4417
  return Int16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.round(((state / 2 ** 32) * 2 - 1) * amplitude)
  })
}

function put(sound: Int16Array, chirp: Int16Array, at: number): void {
  chirp.forEach((sample, i) => {
    sound[at + i] = (sound[at + i] ?? 0) + sample
  })
}

test.each([8_000, 16_000])('at %i Hz a chirp in noise as loud as itself is found to the sample', (rate) => {
  const sound = noise(rate, 6_000)
  put(sound, chirpSamples('up', rate), 3_333)
  const found = findChirp(sound, { kind: 'up', rate, from: 0, to: sound.length })
  expect(found?.at).toBe(3_333)
  expect(found?.likeness).toBeGreaterThan(0.5)
})

test('the other kind of chirp is not taken for it, and silence is like nothing', () => {
  const sound = noise(RATE, 20)
  put(sound, chirpSamples('down', RATE), 2_000)
  const range = { rate: RATE, from: 0, to: sound.length }
  expect(findChirp(sound, { kind: 'up', ...range })?.likeness).toBeLessThan(0.35)
  expect(findChirp(sound, { kind: 'down', ...range })?.likeness).toBeGreaterThan(0.95)
  expect(findChirp(new Int16Array(RATE), { kind: 'up', ...range })?.likeness).toBe(0)
})

test('what is shorter than a chirp holds none', () => {
  expect(findChirp(new Int16Array(100), { kind: 'up', rate: RATE, from: 0, to: 100 })).toBeNull()
})
