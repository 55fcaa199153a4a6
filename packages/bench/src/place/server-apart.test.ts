import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterAsBot } from '../meeting/bot-in-meeting.ts'
import { residentBytes } from '../run/process-costs.ts'
import type { ServerApart } from './server-apart.ts'
import { startServerApart } from './server-apart.ts'

let place: ServerApart
beforeAll(async () => {
  place = await startServerApart()
}, 20_000)
afterAll(() => place.close())

test('the server and its media worker are processes of their own, in which a bot meets itself', async () => {
  expect(place.pid).not.toBe(process.pid)
  expect(place.workers).toHaveLength(1)
  for (const pid of [place.pid, ...place.workers]) expect(residentBytes([pid])).toBeGreaterThan(2 ** 20)
  const meeting = await enterAsBot(place, 'Alone')
  expect(meeting.view.people).toHaveLength(1)
  await meeting.leave()
}, 20_000)

test('it throws its garbage away when asked', async () => {
  await expect(place.collectGarbage()).resolves.toBeUndefined()
})

test('closed, it leaves no process behind', async () => {
  const other = await startServerApart()
  await other.close()
  for (const pid of [other.pid, ...other.workers]) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
}, 20_000)
