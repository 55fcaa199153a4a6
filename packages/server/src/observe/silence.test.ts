/** SIG14 by experiment: a whole meeting leaves neither a file behind nor a word about anyone in the log. */
import { readdirSync, statSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { b64, letIn, newGroupId, putRoom, WireClient } from '../../test/wire-client.ts'
import { openedForWriting } from '../../test/write-trace.ts'
import { startServer } from '../start-server.ts'
import { createLog, faultFields } from './log.ts'

const PROJECT = fileURLToPath(new URL('../../../..', import.meta.url))

/** A meeting with everything in it that a log might be tempted to write down; returns all that must not be there. */
async function eventfulMeeting(url: string): Promise<string[]> {
  const room = await putRoom(url)
  const group = newGroupId()
  const ann = await WireClient.enter(url, room)
  await ann.ok('group.create', { t: 'group.create', group })
  const bob = await WireClient.enter(url, room)
  await letIn({ group, host: ann, guest: bob, leaf: 1, epoch: 0 })
  const body = b64(40)
  await bob.ok('group.app', { t: 'group.app', group, epoch: 1, body })
  await bob.ok('media.transport', { t: 'media.transport', direction: 'send' })
  bob.socket.send('not json at all')
  const stranger = await WireClient.open(url)
  await stranger.ask('hello', { t: 'hello', versions: [1], room: room.id, access: b64(32) })
  await fetch(`${url}/m/${room.id}`)
  await fetch(`${url}/api/rooms/${room.id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${room.owner}` },
  })
  bob.drop()
  await ann.event('room.peers', (e) => e.peers.some((p) => !p.connected))
  await ann.ok('leave', { t: 'leave' })
  const tokens = [ann, bob].map((c) => c.entered?.token ?? '')
  return [room.id, room.access, room.owner, group, ann.peer, bob.peer, body, ...tokens, '127.0.0.1', '::1']
}

function capture(): { write: (line: string) => void; text: () => string } {
  let text = ''
  const write = (line: string) => {
    text += line
  }
  return { write, text: () => text }
}

test('[SIG14] at the default level the log has no address, room, peer, token or content', async () => {
  const logDestination = capture()
  const server = await startServer({ sfu: 'fake', port: 0, logDestination })
  const secrets = await eventfulMeeting(server.url)
  await server.close()
  const log = logDestination.text()
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string })
  expect(lines.map(({ msg }) => msg)).toEqual(['server started', 'server stopped'])
  for (const secret of secrets) expect(log).not.toContain(secret)
})

test('[SIG14] of a defect the log gets class and place, never what was said', () => {
  const destination = capture()
  const written = createLog('info', destination)
  written.error(faultFields(new TypeError('room abcdefgh23456723 from 192.0.2.1')), 'a defect of the server')
  written.error(faultFields('192.0.2.1'), 'a defect of the server')
  const log = destination.text()
  expect(log).toContain('"class":"TypeError"')
  expect(log).toContain('silence.test.ts')
  expect(log).not.toContain('abcdefgh23456723')
  expect(log).not.toContain('192.0.2.1')
  expect(log).not.toContain('hostname')
})

/** Path, size and time of change of each file that a server could have written to. */
function filesUnder(folder: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || path.includes('node_modules')) continue
    const { size, mtimeMs } = statSync(path)
    found.set(path, `${size} ${mtimeMs}`)
  }
  return found
}

test('[SIG14] the trace of writes sees one', async () => {
  const opened = await openedForWriting(async () => {
    const path = join(tmpdir(), `huisclos-trace-${process.pid}`)
    const file = await open(path, 'w')
    await new Promise((resolve) => setTimeout(resolve, 50))
    await file.close()
    await rm(path)
  })
  expect(opened).toHaveLength(1)
})

test('[SIG14] a meeting opens no file for writing and changes none beside the server', async () => {
  const folders = [join(PROJECT, 'packages/server/src/signalling'), join(PROJECT, 'packages/protocol')]
  const before = folders.map(filesUnder)
  const opened = await openedForWriting(async () => {
    const server = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent' })
    await eventfulMeeting(server.url)
    await server.close()
  })
  expect(opened).toEqual([])
  expect(folders.map(filesUnder)).toEqual(before)
})
