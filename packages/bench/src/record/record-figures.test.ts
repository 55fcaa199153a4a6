import { expect, test } from 'vitest'
import type { RecordRun } from './record-figures.ts'
import { summarize } from './record-figures.ts'

const setting = { people: 5, streams: 10 }
const writer = {
  packets: 1_000,
  dropped: 0,
  giveUs: 3,
  cpuUs: 9,
  syncs: 4,
  syncMedianMs: 1,
  syncMaxMs: 2,
  writtenBytes: 1,
}
const run = (more: Partial<RecordRun> = {}): RecordRun => ({
  plain: { server: 0.05, worker: 0.2 },
  recorded: { server: 0.07, worker: 0.23 },
  packetsPerSecond: 500,
  streams: 10,
  loopBusy: 0.4,
  ...more,
})
const valuesOf = (runs: RecordRun[]) =>
  Object.fromEntries(summarize(runs, writer, setting).figures.map(({ id, value }) => [id, value]))

test('the ratio is of what ran side by side, and the cost of a packet is the difference alone', () => {
  const busy = run({ plain: { server: 0.1, worker: 0.4 }, recorded: { server: 0.14, worker: 0.46 } })
  const values = valuesOf([run(), busy, run()])
  expect(values['ratio']).toBeCloseTo(1.2)
  expect(values['cpu.plain']).toBeCloseTo(25)
  expect(values['cpu.recorded']).toBeCloseTo(30)
  expect(values['cpu.server']).toBeCloseTo(40)
  expect(values['cpu.worker']).toBeCloseTo(60)
  expect(values['writer.packet']).toBe(3)
  expect(summarize([run()], writer, setting).doubts).toEqual([])
})

test.each([
  [{ streams: 8 }, 'a recording holds 8 of 10 streams'],
  [{ packetsPerSecond: 200 }, 'a recording lacks packets'],
  [{ loopBusy: 0.95 }, 'the bots kept their event loop 95 % busy'],
  [{ plain: { server: 0, worker: 0 } }, 'the server used no processor time that could be measured'],
])('a run is refused: %j', (more, doubt) => {
  expect(summarize([run(), run(more)], writer, setting).doubts).toEqual([doubt])
})
