import { expect, test } from 'vitest'
import { judgeRuns } from './forward-doubts.ts'
import { summarize } from './forward-figures.ts'
import type { ForwardRun } from './forward-run.ts'

const MIB = 2 ** 20
const run = (name: string, more: Partial<ForwardRun> = {}): ForwardRun => ({
  name,
  seconds: 6,
  coreSeconds: 1,
  grownBytes: 42 * MIB,
  sent: 2_400,
  received: 48_000,
  delaysMs: [1, 2, 3],
  loopBusy: 0.5,
  ...more,
})
const ours = run('Huis clos', { coreSeconds: 1.26, delaysMs: [2, 2, 9] })
const bare = run('mediasoup alone', { grownBytes: 21 * MIB })
const janus = run('Janus', { coreSeconds: 2.52, grownBytes: 84 * MIB, delaysMs: [4, 4, 18] })
const floor = run('bare UDP', { coreSeconds: 0.5, grownBytes: null, delaysMs: [0.5, 0.5, 0.5] })
const all = [ours, bare, janus, floor]
const valueIn =
  ({ figures }: ReturnType<typeof summarize>) =>
  (id: string) =>
    figures.find((figure) => figure.id === id)?.value

test('rates are per core, costs per participant, delays medians and 99th percentiles', () => {
  const slow = { ...ours, coreSeconds: 2.52 }
  const measured = summarize([...all, slow, bare, janus, floor])
  const value = valueIn(measured)
  expect(value('ours.rate')).toBeCloseTo((48_000 / 1.26 + 48_000 / 2.52) / 2)
  expect(value('ours.memory')).toBe(2)
  expect(summarize(all).figures.find(({ id }) => id === 'ours.cpu')).toMatchObject({
    unit: '%',
    value: 1,
  })
  expect(value('mediasoup-alone.delay')).toBe(2)
  expect(value('ours.delay99')).toBe(9)
  expect(judgeRuns([...all, slow, bare])).toEqual([])
})

test('ratios are of what ran side by side, against each other contestant', () => {
  const value = valueIn(summarize(all))
  expect(value('rate.janus')).toBeCloseTo(2)
  expect(value('cpu.janus')).toBeCloseTo(0.5)
  expect(value('memory.janus')).toBeCloseTo(0.5)
  expect(value('memory.mediasoup-alone')).toBeCloseTo(2)
  expect(value('delay.bare-udp')).toBe(4)
  expect(value('delay99.janus')).toBe(0.5)
  expect(value('memory.bare-udp')).toBeUndefined()
})

test('without Janus there is nothing of Janus, and all else', () => {
  const { figures, plots } = summarize([ours, bare, floor])
  expect(figures.filter(({ id }) => id.includes('janus'))).toEqual([])
  expect(figures.some(({ id }) => id === 'rate.bare-udp')).toBe(true)
  expect(plots.flatMap(({ points }) => points).some(({ series }) => series === 'Janus')).toBe(false)
})

test('a 99th percentile that the bots alone explain is left out, said so, and so are its ratios', () => {
  const late = { ...floor, delaysMs: [0.5, 0.5, 4.6] }
  const measured = summarize([ours, bare, janus, late])
  const value = valueIn(measured)
  expect(value('ours.delay99')).toBeUndefined()
  expect(value('janus.delay99')).toBe(18)
  expect(value('delay99.janus')).toBeUndefined()
  expect(value('bare-udp.delay99')).toBe(4.6)
  expect(measured.omitted).toEqual([
    'Huis clos, 1 to 20 at 400 packets/s: delay, 99th percentile: the bots themselves, as bare UDP shows, make packets that late',
    'mediasoup alone, 1 to 20 at 400 packets/s: delay, 99th percentile: the bots themselves, as bare UDP shows, make packets that late',
  ])
})

test.each([
  [{ sent: 2_000, received: 40_000 }, 'the sender made only 333 packets/s'],
  [{ received: 44_000 }, '92 % of the packets arrived'],
  [{ loopBusy: 0.93 }, "the bots' event loop was 93 % busy"],
  [{ coreSeconds: 0 }, 'the forwarder used no processor time that could be measured'],
] as [Partial<ForwardRun>, string][])('a run is refused: %j', (more, doubt) => {
  expect(judgeRuns([ours, bare, { ...janus, ...more }, floor])).toEqual([`Janus: ${doubt}`])
})

test('where nothing arrived there are doubts and no figures', () => {
  const none = { ...ours, received: 0, delaysMs: [] }
  expect(summarize([none, bare, floor]).figures).toEqual([])
  expect(judgeRuns([none, bare, floor])).toEqual(['Huis clos: 0 % of the packets arrived'])
})
