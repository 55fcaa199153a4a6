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
  seconds: 4,
  plainCoreSeconds: 1,
  recordedCoreSeconds: 1.2,
  packetsPerSecond: 500,
  streams: 10,
  loopBusy: 0.4,
  ...more,
})
const valuesOf = (runs: RecordRun[]) =>
  Object.fromEntries(summarize(runs, writer, setting).figures.map(({ id, value }) => [id, value]))

test('the ratio is of what ran side by side, and the cost of a packet is the difference alone', () => {
  const busy = run({ plainCoreSeconds: 2, recordedCoreSeconds: 2.4 })
  const values = valuesOf([run(), busy, run()])
  expect(values['ratio']).toBeCloseTo(1.2)
  expect(values['cpu.plain']).toBeCloseTo(25)
  expect(values['cpu.recorded']).toBeCloseTo(30)
  expect(values['cpu.packet']).toBeCloseTo(100)
  expect(values['writer.packet']).toBe(3)
  expect(summarize([run()], writer, setting).doubts).toEqual([])
})

test.each([
  [{ streams: 8 }, 'a recording holds 8 of 10 streams'],
  [{ packetsPerSecond: 200 }, 'a recording lacks packets'],
  [{ loopBusy: 0.95 }, 'the bots kept their event loop 95 % busy'],
  [{ plainCoreSeconds: 0 }, 'the server used no processor time that could be measured'],
])('a run is refused: %j', (more, doubt) => {
  expect(summarize([run(), run(more)], writer, setting).doubts).toEqual([doubt])
})
