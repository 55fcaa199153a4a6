import { expect, test } from 'vitest'
import { toFirstFrame } from './first-frame-probe.ts'

test('without both moments there is no time', () => {
  expect(toFirstFrame({ pressedAt: null, firstFrameAt: 5, longTasks: [] })).toBeNull()
  expect(toFirstFrame({ pressedAt: 5, firstFrameAt: null, longTasks: [] })).toBeNull()
})

test('long tasks count as far as they lie between the click and the frame', () => {
  const longTasks = [
    { from: 0, to: 90 },
    { from: 50, to: 150 },
    { from: 200, to: 260 },
    { from: 480, to: 900 },
    { from: 950, to: 1000 },
  ]
  const first = toFirstFrame({ pressedAt: 100, firstFrameAt: 500, longTasks })
  expect(first?.ms).toBe(400)
  expect(first?.heldUp).toBeCloseTo((50 + 60 + 20) / 400)
})
