import { expect, test } from 'vitest'
import type { Watched } from './bots-figures.ts'
import { summarize } from './bots-figures.ts'

const few: Watched = {
  listeners: 2,
  seconds: 10,
  coreSeconds: 1,
  residentBytes: 200 * 2 ** 20,
  loopBusy: 0.1,
  sent: 700,
  opened: 1_400,
}
const many: Watched = {
  ...few,
  listeners: 12,
  coreSeconds: 3,
  residentBytes: 240 * 2 ** 20,
  loopBusy: 0.3,
  opened: 8_400,
}

test('one bot costs what more bots cost more', () => {
  const { figures, doubts } = summarize(few, many)
  expect(doubts).toEqual([])
  expect(figures.map(({ id, value }) => [id, Number(value.toFixed(6))])).toEqual([
    ['cpu', 2],
    ['memory', 4],
  ])
})

test('a busy loop and frames that were not opened are each refused', () => {
  expect(summarize(few, { ...many, loopBusy: 0.95 }).doubts).toEqual([
    "12 listeners kept the bots' event loop 95 % busy",
  ])
  expect(summarize({ ...few, opened: 700 }, many).doubts).toEqual(['2 listeners opened 50 % of the frames'])
})
