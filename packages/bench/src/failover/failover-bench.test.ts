import { expect, test } from 'vitest'
import type { Kill } from './failover-bench.ts'
import { summarize } from './failover-bench.ts'

const kills: Kill[] = Array.from({ length: 20 }, (_, i) => ({ backMs: [300 + i, 200 + i, 250 + i, 400 + i] }))
const quiet = { loopBusy: 0.2 }

test('the last picture of each kill counts, and the first', () => {
  const { figures, doubts } = summarize({ kills, ...quiet })
  expect(doubts).toEqual([])
  expect(figures.map(({ id, value }) => [id, value])).toEqual([
    ['last.median', 409.5],
    ['last.p95', 418],
    ['first.median', 209.5],
  ])
})

test('a picture that stays away and a busy loop are each refused', () => {
  const oneAway = kills.with(3, { backMs: [300, null, 300, 300] })
  expect(summarize({ kills: oneAway, ...quiet }).doubts).toEqual([
    'after 1 of 20 kills not every picture came back',
  ])
  expect(summarize({ kills, loopBusy: 0.95 }).doubts).toEqual(['the bots kept their event loop 95 % busy'])
  expect(summarize({ kills: [{ backMs: [null] }], ...quiet }).figures).toEqual([])
})
