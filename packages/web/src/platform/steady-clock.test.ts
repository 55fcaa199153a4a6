import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { steadyClock } from './steady-clock.ts'

test('a clock that is put back goes on from where it was, at its own pace', () => {
  let wall = 5_000_000
  const now = steadyClock(() => wall)
  expect(now()).toBe(5_000_000)
  wall -= 3_600_000
  expect(now()).toBe(5_000_000)
  wall += 1_000
  expect(now()).toBe(5_001_000)
})

test('a clock that is put forward is believed, as after sleep', () => {
  let wall = 1_000
  const now = steadyClock(() => wall)
  now()
  wall += 60_000
  expect(now()).toBe(61_000)
})

test('whatever the wall clock does, time never runs back', () => {
  void fc.assert(
    fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 })), (jumps) => {
      let wall = 0
      const now = steadyClock(() => wall)
      let before = now()
      for (const jump of jumps) {
        wall += jump
        const after = now()
        expect(after).toBeGreaterThanOrEqual(before)
        before = after
      }
    }),
  )
})
