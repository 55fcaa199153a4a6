import { expect, test } from 'vitest'
import { levelOf } from '../platform/sound.ts'
import type { Noticed } from './voice-watch.ts'
import { VoiceWatch } from './voice-watch.ts'

/** What is noticed over a time of one level, in steps of 50 ms. */
function listen(watch: VoiceWatch, level: number, on: boolean, ms: number): Noticed[] {
  const noticed: Noticed[] = []
  for (let at = 0; at < ms; at += 50) noticed.push(watch.hear(level, on, 50))
  return noticed.filter((each) => each !== null)
}

test('talking while muted is told once, after more than half a second of speech', () => {
  const watch = new VoiceWatch()
  expect(listen(watch, 0.7, false, 550)).toEqual([])
  expect(listen(watch, 0.7, false, 3_000)).toEqual(['talking-while-muted'])
})

test('a cough or the hum of a room is no talking', () => {
  const watch = new VoiceWatch()
  expect(listen(watch, 0.9, false, 300)).toEqual([])
  expect(listen(watch, 0.2, false, 10_000)).toEqual([])
  expect(listen(watch, 0.9, false, 300)).toEqual([])
})

test('a microphone that is on and gives exact silence is told after six seconds, and its first sound too', () => {
  const watch = new VoiceWatch()
  expect(listen(watch, 0, true, 5_900)).toEqual([])
  expect(listen(watch, 0, true, 5_000)).toEqual(['silent-microphone'])
  expect(listen(watch, 0.1, true, 500)).toEqual(['sound-again'])
})

test('a quiet room is not a silent microphone', () => {
  expect(listen(new VoiceWatch(), 0.02, true, 20_000)).toEqual([])
})

test('the level follows hearing, from nothing to loud', () => {
  const tone = (amplitude: number) =>
    levelOf(Float32Array.from({ length: 960 }, (_, i) => amplitude * Math.sin(i)))
  expect(levelOf(new Float32Array(960))).toBe(0)
  expect(tone(0.001)).toBeLessThan(tone(0.05))
  expect(tone(0.05)).toBeLessThan(tone(0.5))
  expect(tone(1)).toBe(1)
})
