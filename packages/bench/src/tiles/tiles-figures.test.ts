import { expect, test } from 'vitest'
import type { Look } from './tiles-figures.ts'
import { summarize } from './tiles-figures.ts'

const look = (people: number, wanted: number, more: Partial<Look> = {}): Look => ({
  people,
  wanted,
  shown: wanted,
  bitsPerSecond: 100_000 * wanted,
  framesPerSecond: 20 * wanted,
  decodeShare: 0.01 * wanted,
  ...more,
})
const looks = (more: Partial<Look> = {}) => ({ few: [look(4, 3), look(13, 3, more)], all: look(13, 12) })

test('few tiles among many people are held against the same among few', () => {
  const { figures, doubts, plots } = summarize(looks({ bitsPerSecond: 450_000 }), 0.2)
  expect(doubts).toEqual([])
  const value = (id: string) => figures.find((figure) => figure.id === id)?.value
  expect(value('bits.ratio')).toBeCloseTo(1.5)
  expect(value('decode.ratio')).toBeCloseTo(1)
  expect(value('bits.13.12')).toBe(1_200)
  expect(value('decode.13.12')).toBeCloseTo(12)
  expect(plots.map(({ points }) => points.length)).toEqual([3, 3])
})

test.each([
  ['a picture that did not come', { shown: 2 }, 0.2],
  ['a page that falls behind', { framesPerSecond: 30 }, 0.2],
  ['bots at their limit', {}, 0.95],
])('no figures with %s', (_what, more, loopBusy) => {
  expect(summarize(looks(more), loopBusy).doubts).toHaveLength(1)
})
