/** The tools, and the server's media workers under them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startMeetingPlace } from '../meeting-place.ts'
import { halt, killHard, stateOf } from './processes.ts'

const until = async (holds: () => boolean, ms = 6_000): Promise<void> => {
  for (const end = performance.now() + ms; !holds() && performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(holds()).toBe(true)
}

test('a halted process does nothing until it goes on', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => process.stdout.write("."), 10)'])
  let ticks = 0
  child.stdout.on('data', (data: Buffer) => {
    ticks += data.length
  })
  try {
    await until(() => ticks > 3)
    {
      using _halt = halt([child.pid ?? -1])
      await until(() => stateOf(child.pid ?? -1) === 'T')
      await new Promise((resolve) => setTimeout(resolve, 50))
      const before = ticks
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(ticks).toBe(before)
    }
    const before = ticks
    await until(() => ticks > before + 3)
  } finally {
    killHard(child.pid ?? -1)
  }
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  expect(killHard(child.pid ?? -1)).toBe(false)
})

test('[SIG12] a media worker that is killed is started anew; one that is halted goes on as itself', async () => {
  const place = await startMeetingPlace()
  try {
    const [first = -1] = place.server.workerPids()
    {
      using _halt = halt([first])
      await until(() => stateOf(first) === 'T')
    }
    await until(() => ['S', 'R'].includes(stateOf(first) ?? ''))
    expect(place.server.workerPids()).toEqual([first])
    expect(killHard(first)).toBe(true)
    await until(() => place.server.workerPids().length === 1 && !place.server.workerPids().includes(first))
  } finally {
    await place.close()
  }
})
