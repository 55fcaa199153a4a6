import { expect, test } from 'vitest'
import { parseSchedstat, residentBytes, timesOf } from './process-costs.ts'

test('a schedstat tells nanoseconds on a core and in wait for one', () => {
  expect(parseSchedstat('97675000000 79628 2\n')).toEqual({ ran: 97.675, waited: 79_628e-9 })
  expect(() => parseSchedstat('')).toThrow('schedstat')
})

test('what this process burns and holds is seen, over all its threads', () => {
  const before = timesOf([process.pid])
  const end = process.cpuUsage().user + 1e5
  while (process.cpuUsage().user < end);
  const { ran, waited } = timesOf([process.pid])
  expect(ran - before.ran).toBeGreaterThan(0.05)
  expect(waited).toBeGreaterThanOrEqual(before.waited)
  const held = residentBytes([process.pid])
  const block = Buffer.alloc(64 * 1024 * 1024, 1)
  expect(residentBytes([process.pid]) - held).toBeGreaterThan(block.length / 2)
  expect(residentBytes([process.pid, process.pid])).toBeGreaterThan(1.5 * held)
})

test('a process that is gone is an error and not nothing', () => {
  expect(() => timesOf([2 ** 30])).toThrow('ENOENT')
  expect(() => residentBytes([2 ** 30])).toThrow('ENOENT')
})
