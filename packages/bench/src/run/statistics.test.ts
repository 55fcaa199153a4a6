import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { median, medianRatio, percentile, slope } from './statistics.ts'

test('the median is the middle of odd lists and between the middles of even ones', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([7])).toBe(7)
})

test('sorting is by number, not by text', () => {
  expect(median([100, 9, 20])).toBe(20)
})

test('the 95th percentile of twenty runs is the second slowest', () => {
  const runs = Array.from({ length: 20 }, (_, i) => i + 1)
  expect(percentile(runs, 0.95)).toBe(19)
  expect(percentile(runs, 1)).toBe(20)
  expect(percentile(runs, 0.01)).toBe(1)
  expect(percentile([3], 0.99)).toBe(3)
})

test('of any values, at least the share is at or below the percentile and less than it is below', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 200 })
  void fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (list, hundredths) => {
      const share = hundredths / 100
      const found = percentile(list, share)
      expect(list).toContain(found)
      expect(list.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * list.length - 1e-6)
      expect(list.filter((value) => value < found).length).toBeLessThan(share * list.length)
    }),
  )
})

test('nothing measured has no median, and ratios need pairs', () => {
  expect(() => median([])).toThrow('no values')
  expect(() => percentile([], 0.5)).toThrow('no values')
  expect(() => medianRatio([1, 2], [1])).toThrow('pairs')
})

test('the ratio is the median of ratios, so that what slows both at once changes nothing', () => {
  expect(medianRatio([20, 200, 21], [10, 100, 10])).toBe(2)
})

test('the slope is that of the line through the points, or nearest to them', () => {
  expect(
    slope([
      [2, 10],
      [10, 26],
      [100, 206],
    ]),
  ).toBeCloseTo(2)
  expect(
    slope([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
    ]),
  ).toBeCloseTo(0.2)
  expect(() =>
    slope([
      [5, 1],
      [5, 2],
    ]),
  ).toThrow('two points')
  expect(() => slope([])).toThrow('two points')
})
