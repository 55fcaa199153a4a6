import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ownTreeSeconds, parseProcessTimes, processSeconds, sumTree } from './process-times.ts'

test('times are read past any name', () => {
  const stat = '42 (media) worker (1) S 7 42 42 0 -1 4194304 100 200 0 0 250 75 9 11 20 0 1 0 100 0 0'
  expect(parseProcessTimes(stat)).toEqual({ pid: 42, parent: 7, ownSeconds: 3.25, endedSeconds: 0.2 })
  expect(() => parseProcessTimes('nothing')).toThrow('/proc/PID/stat')
  expect(processSeconds(process.pid)).toBeGreaterThan(0)
})

test('a tree is the process, its descendants and what has ended below them, and nobody else', () => {
  const times = (pid: number, parent: number, ownSeconds: number, endedSeconds = 0) => ({
    pid,
    parent,
    ownSeconds,
    endedSeconds,
  })
  const all = [times(1, 0, 100, 100), times(5, 1, 2, 1), times(6, 5, 4), times(7, 6, 8, 16), times(8, 1, 50)]
  expect(sumTree(all, 5)).toBe(2 + 1 + 4 + 8 + 16)
  expect(sumTree(all, 8)).toBe(50)
  expect(sumTree(all, 99)).toBe(0)
})

test('what a child of ours burns is ours, while it runs and after it ended', async () => {
  const before = ownTreeSeconds()
  const code =
    "const end = process.cpuUsage().user + 4e5; while (process.cpuUsage().user < end); console.log('.')"
  const child = spawn(process.execPath, ['-e', `${code}; setTimeout(() => {}, 5000)`])
  await once(child.stdout, 'data')
  expect(ownTreeSeconds() - before).toBeGreaterThan(0.3)
  child.kill()
  await once(child, 'exit')
  expect(ownTreeSeconds() - before).toBeGreaterThan(0.3)
})
