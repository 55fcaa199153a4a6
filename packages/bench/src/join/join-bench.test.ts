import { expect, test } from 'vitest'
import { summarize } from './join-bench.ts'
import type { JoinRound } from './join-round.ts'

const round = (times: number[], more: Partial<JoinRound> = {}): JoinRound => ({
  joins: times.map((ms) => ({ ms, heldUp: 0.3, machineBusy: 0.6 })),
  dropped: [],
  restingBusy: 0.4,
  ...more,
})
const twenty = Array.from({ length: 20 }, (_, i) => 1000 + i * 10)

test('medians, 95th percentiles and their ratio come out of the runs', () => {
  const runs = { encrypted: round(twenty), clear: round(twenty.map((ms) => ms / 2)) }
  const { figures, doubts } = summarize(runs, 20)
  expect(doubts).toEqual([])
  expect(figures.map(({ id, value }) => [id, value])).toEqual([
    ['encrypted.median', 1095],
    ['encrypted.p95', 1180],
    ['clear.median', 547.5],
    ['clear.p95', 590],
    ['ratio', 2],
  ])
})

test('a build that ran alone has its own figures and no ratio', () => {
  const { figures, doubts, checks } = summarize({ encrypted: round(twenty) }, 20)
  expect(doubts).toEqual([])
  expect(figures.map(({ id }) => id)).toEqual(['encrypted.median', 'encrypted.p95'])
  expect(checks[0]).toMatch(/^20 joins, none dropped/)
})

test('dropped joins, a busy machine and a held-up page are each refused', () => {
  const good = round(twenty)
  const dropped = { encrypted: round(twenty.slice(1), { dropped: ['gave up'] }), clear: good }
  expect(summarize(dropped, 20).doubts).toEqual(['1 of 20 joins (encrypted) gave no picture: gave up'])
  const busy = { encrypted: good, clear: round(twenty, { restingBusy: 0.8 }) }
  expect(summarize(busy, 20).doubts).toEqual([
    'the two who stay (not encrypted (bench build)) kept the machine 80 % busy',
  ])
  const heldUp = round(twenty)
  heldUp.joins[7] = { ms: 900, heldUp: 0.95, machineBusy: 0.9 }
  expect(summarize({ encrypted: heldUp, clear: good }, 20).doubts).toEqual([
    "a joining page's main thread was held up 95 % of the time",
  ])
})

test('no join at all gives a doubt and no figure', () => {
  const none = round([], { dropped: ['x'] })
  const { figures, doubts } = summarize({ encrypted: none, clear: round(twenty) }, 20)
  expect(figures).toEqual([])
  expect(doubts).toEqual(['not one join of a build gave a picture: x'])
})
