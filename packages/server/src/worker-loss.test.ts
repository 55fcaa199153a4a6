/** SIG12 with the real media engine: a worker that dies takes a meeting with it for no longer than a rejoin. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireClient } from '../test/wire-client.ts'
import { meet } from '../test/wire-client.ts'
import type { RunningServer } from './start-server.ts'
import { startServer } from './start-server.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer({ port: 0, mediaPort: 0, workers: 2, logLevel: 'silent' })
})
afterAll(() => server.close())

test('[SIG12] media ports are consecutive, one a worker; when workers are killed members are told and get media again', async () => {
  const [first = 0, second] = server.mediaPorts
  expect(second).toBe(first + 1)
  const { group, members } = await meet(server.url, 2)
  const [ann, bob] = members as [WireClient, WireClient]
  const send = { t: 'media.transport' as const, direction: 'send' as const }
  const before = await Promise.all([ann, bob].map((member) => member.ok('media.transport', send)))
  const pids = server.workerPids()
  expect(pids).toHaveLength(2)
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  await Promise.all([ann.event('media.lost'), bob.event('media.lost')])
  const after = await Promise.all([ann, bob].map((member) => member.ok('media.transport', send)))
  for (const [i, each] of after.entries()) {
    expect(each.transport).not.toBe(before[i]?.transport)
    expect(server.mediaPorts).toContain(each.candidates[0]?.port)
  }
  expect(server.workerPids().some((pid) => pids.includes(pid))).toBe(false)
  await ann.ok('group.ready', { t: 'group.ready', group, epoch: 1 })
  expect(ann.closed || bob.closed).toBe(false)
})
