// A finger turns the page; a tap, a scroll and a slip do not.
import { expect, test } from 'vitest'
import { swipeOf } from './use-swipe.ts'

test.each([
  [-120, 10, 1],
  [120, -10, -1],
  [-40, 0, 0],
  [-120, 80, 0],
  [0, 200, 0],
  [0, 0, 0],
] as const)('[PIC1] %i px sideways and %i px down is %i', (deltaX, deltaY, step) => {
  expect(swipeOf(deltaX, deltaY)).toBe(step)
})
