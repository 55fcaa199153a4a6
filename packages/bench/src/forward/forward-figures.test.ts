import { expect, test } from 'vitest'
import type { ForwardRun } from './forward-figures.ts'
import { summarize } from './forward-figures.ts'

const run = (name: string, more: Partial<ForwardRun> = {}): ForwardRun => ({
  name,
  seconds: 6,
  coreSeconds: 1,
  sent: 2_400,
  received: 48_000,
  delaysMs: [1, 2, 3],
  loopBusy: 0.5,
  ...more,
})
const ours = run('Huis clos', { coreSeconds: 1.25, delaysMs: [2, 2, 9] })
const bare = run('mediasoup alone')
const floor = run('bare UDP', { coreSeconds: 0.5, delaysMs: [0.5, 0.5, 0.5] })

test('rates are per core of the forwarder, delays medians and 99th percentiles, ratios of what ran side by side', () => {
  const slow = { ...ours, coreSeconds: 2.5 }
  const slowBare = { ...bare, coreSeconds: 2 }
  const { figures, doubts } = summarize([ours, bare, floor, slow, slowBare, floor])
  expect(doubts).toEqual([])
  const value = (id: string) => figures.find((figure) => figure.id === id)?.value
  expect(value('huis-clos.rate')).toBe((38_400 + 19_200) / 2)
  expect(value('mediasoup-alone.delay')).toBe(2)
  expect(value('huis-clos.delay99')).toBe(9)
  expect(value('rate.bare')).toBeCloseTo(0.8)
  expect(value('delay.floor')).toBe(4)
})

test.each([
  [{ sent: 2_000, received: 40_000 }, 'Huis clos: the sender made only 333 packets/s'],
  [{ received: 44_000 }, 'Huis clos: 92 % of the packets arrived'],
  [{ loopBusy: 0.93 }, "Huis clos: the bots' event loop was 93 % busy"],
] as [Partial<ForwardRun>, string][])('a run is refused: %j', (more, doubt) => {
  expect(summarize([{ ...ours, ...more }, bare, floor]).doubts).toEqual([doubt])
})

test('where nothing arrived there are doubts and no figures', () => {
  const { figures, doubts } = summarize([{ ...ours, received: 0, delaysMs: [] }, bare, floor])
  expect(figures).toEqual([])
  expect(doubts).toEqual(['Huis clos: 0 % of the packets arrived'])
})
