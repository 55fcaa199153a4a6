import { expect, test } from 'vitest'
import { FRAME_SAMPLES } from '../audio/samples.ts'
import { MeetingMix } from './meeting-mix.ts'

const loud = new Int16Array(FRAME_SAMPLES).fill(3_000)
const noise = new Int16Array(FRAME_SAMPLES).fill(40)
const silence = new Int16Array(FRAME_SAMPLES)

test('[TEL5] who does not speak adds nothing, and all of those hear one and the same frame', () => {
  const mix = new MeetingMix()
  mix.speak(0, loud)
  for (const caller of [1, 2, 3]) mix.speak(caller, noise)
  mix.pulse()
  expect(mix.heardBy(1)).toEqual(loud)
  expect(mix.heardBy(2)).toBe(mix.heardBy(1))
  expect(mix.heardBy(0)).toEqual(silence)
  expect(mix.heardBy(0)).not.toBe(mix.heardBy(1))
})

test('[TEL5] the end of a word is heard to its end, and then no more of the line', () => {
  const mix = new MeetingMix()
  const heardAfter = (frames: number) => {
    for (let i = 0; i < frames; i += 1) {
      mix.speak(0, noise)
      mix.pulse()
    }
    return mix.heardBy(1)
  }
  mix.speak(0, loud)
  mix.pulse()
  expect(heardAfter(10)).toEqual(noise)
  expect(heardAfter(10)).toEqual(silence)
  mix.speak(0, loud)
  mix.pulse()
  expect(mix.heardBy(1)).toEqual(loud)
})

test('[TEL3] a caller who has gone is heard no more', () => {
  const mix = new MeetingMix()
  mix.speak(0, loud)
  mix.silence(0)
  mix.pulse()
  expect(mix.heardBy(1)).toEqual(silence)
})
