import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { StreamQuality } from './stream-quality.ts'

const RATE = 90_000
const packet = (n: number, everyMs = 20) => ({
  sequence: n & 0xffff,
  timestamp: (n * everyMs * (RATE / 1_000)) % 2 ** 32,
})

test('a steady stream has no jitter and no loss, over the turns of its numbers', () => {
  const quality = new StreamQuality(RATE, 0)
  for (let n = 65_000; n < 66_500; n++) quality.note(packet(n), n * 20 + 7, false)
  expect(quality.report).toMatchObject({ expected: 1_500, lost: 0 })
  expect(quality.report.jitterMs).toBeLessThan(0.01)
})

test('what does not come is lost, what comes again is not', () => {
  const quality = new StreamQuality(RATE, 0)
  for (let n = 0; n < 100; n++) if (n % 10 !== 5) quality.note(packet(n), n * 20, false)
  expect(quality.report).toMatchObject({ expected: 100, lost: 10 })
  quality.note(packet(5), 2_100, true)
  expect(quality.report).toMatchObject({ expected: 100, lost: 9, jitterMs: expect.closeTo(0, 5) })
})

test('jitter nears the mean difference of neighbours in transit', () => {
  const quality = new StreamQuality(RATE, 0)
  for (let n = 0; n < 2_000; n++) quality.note(packet(n), n * 20 + (n % 2) * 8, false)
  expect(quality.report.jitterMs).toBeCloseTo(8, 1)
})

test('the first opened frame counts from the start of the stream', () => {
  const quality = new StreamQuality(RATE, 1_000)
  expect(quality.report).toEqual({ expected: 0, lost: 0, jitterMs: 0, firstFrameMs: null })
  quality.noteOpened(1_250)
  quality.noteOpened(1_300)
  expect(quality.report.firstFrameMs).toBe(250)
})

test('in whatever order packets come, all of them came', () => {
  const orders = fc.shuffledSubarray(
    Array.from({ length: 40 }, (_, i) => i + 65_520),
    { minLength: 40 },
  )
  void fc.assert(
    fc.property(orders, (order) => {
      const quality = new StreamQuality(RATE, 0)
      for (const n of order) quality.note(packet(n), 0, false)
      expect(quality.report).toMatchObject({ expected: 40, lost: 0 })
    }),
  )
})
