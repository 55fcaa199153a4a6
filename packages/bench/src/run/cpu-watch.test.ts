import { expect, test } from 'vitest'
import { cpuShares, parseCpuTicks, watchCpu } from './cpu-watch.ts'

const STAT =
  'cpu  100 20 30 800 50 5 15 10 7 3\ncpu0 50 10 15 400 25 2 8 5 0 0\nintr 12345\nbtime 1700000000\n'

test('idle and waiting for disks are not busy, steal is, guest time counts once', () => {
  expect(parseCpuTicks(STAT)).toEqual({ busy: 180, total: 1030 })
  expect(() => parseCpuTicks('cpu0 1 2 3 4\n')).toThrow('without a cpu line')
})

test("others' part is what is busy without us", () => {
  const from = { busy: 100, total: 1000 }
  // Two cores over one second: 200 ticks, half of them busy, 0.6 s of that ours.
  const shares = cpuShares(from, { busy: 200, total: 1200 }, 0.6)
  expect(shares.busy).toBeCloseTo(0.5)
  expect(shares.others).toBeCloseTo(0.2)
  expect(cpuShares(from, { busy: 110, total: 1200 }, 0.9).others).toBe(0)
  expect(cpuShares(from, from, 0)).toEqual({ busy: 0, others: 0 })
})

test('on this machine shares are shares', async () => {
  const watch = watchCpu()
  const end = performance.now() + 60
  while (performance.now() < end);
  const { busy, others } = watch()
  expect(busy).toBeGreaterThan(0)
  expect(busy).toBeLessThanOrEqual(1)
  expect(others).toBeLessThanOrEqual(busy)
})
