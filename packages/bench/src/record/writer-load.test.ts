import { expect, test } from 'vitest'
import { measureWriter } from './writer-load.ts'

test('what is timed is a recording that is really written and synced', async () => {
  const cost = await measureWriter({ packetBytes: 1_000, packetsPerSecond: 2_000, seconds: 1 })
  expect(cost).toMatchObject({ packets: 2_000, dropped: 0 })
  expect(cost.writtenBytes).toBeGreaterThan(2_000 * 1_020)
  expect(cost.syncs).toBeGreaterThanOrEqual(4)
  expect(cost.giveUs).toBeGreaterThan(0)
  expect(cost.cpuUs).toBeGreaterThan(0)
})
