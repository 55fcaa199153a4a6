/** The live server over real sockets: sessions, limits, removal, malformed input, media on the fake engine. */
import { readFileSync } from 'node:fs'
import type { RequestOf } from '@huisclos/protocol'
import { ERROR_CODES } from '@huisclos/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { audioRtp, clientCapabilities, dtlsParameters } from '../../test/media-parameters.ts'
import { b64, letIn, meet, newGroupId, newRoomId, putRoom, WireClient } from '../../test/wire-client.ts'
import type { RunningServer } from '../start-server.ts'
import { startServer } from '../start-server.ts'

let server: RunningServer
let url: string
beforeAll(async () => {
  server = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent', roomsPerAddressPerHour: 10_000 })
  url = server.url
})
afterAll(() => server.close())

const bodyOf = (group: RequestOf<'group.app'>['group'], epoch: number) => ({
  t: 'group.app' as const,
  group,
  epoch,
  body: b64(20),
})
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('[SIG7] sockets are counted by household: an IPv6 network does not get a share for each address', async () => {
  const small = await startServer({
    sfu: 'fake',
    port: 0,
    logLevel: 'silent',
    behindProxy: true,
    socketsPerAddress: 1,
  })
  const open = (from: string) =>
    new Promise<boolean>((resolve) => {
      const headers = { 'x-forwarded-for': from }
      const socket = new WebSocket(`ws://127.0.0.1:${small.port}/ws`, { headers })
      socket.on('open', () => resolve(true)).on('error', () => resolve(false))
    })
  try {
    expect(await open('2001:db8::1')).toBe(true)
    expect(await open('2001:db8::2')).toBe(false)
    expect(await open('2001:db8:1::1')).toBe(true)
  } finally {
    await small.close()
  }
})

describe('entering', () => {
  test('[SIG4] an unknown room and a wrong access are refused by code, nothing else is said, and the socket closes', async () => {
    const room = await putRoom(url)
    for (const [wrong, code] of [
      [{ ...room, id: newRoomId() }, 'room-unknown'],
      [{ ...room, access: b64(32) }, 'access-refused'],
    ] as const) {
      const client = await WireClient.open(url)
      const hello = { t: 'hello' as const, versions: [1], room: wrong.id, access: wrong.access }
      expect(await client.ask('hello', hello)).toEqual({ ok: false, code })
      await client.gone()
      expect(client.goodbye).toBe(code)
      expect(client.texts).toHaveLength(2)
    }
  })

  test('[SIG2] no common version ends with version-unsupported', async () => {
    const room = await putRoom(url)
    const client = await WireClient.open(url)
    const hello = { t: 'hello' as const, versions: [99], room: room.id, access: room.access }
    expect(await client.ask('hello', hello)).toEqual({ ok: false, code: 'version-unsupported' })
    await client.gone()
  })

  test('[SIG4] before hello everything else is not-ready; after it another hello is refused', async () => {
    const room = await putRoom(url)
    const client = await WireClient.open(url)
    expect(await client.ask('group.create', { t: 'group.create', group: newGroupId() })).toEqual({
      ok: false,
      code: 'not-ready',
    })
    const hello = { t: 'hello' as const, versions: [1], room: room.id, access: room.access }
    const both = await Promise.all([client.ask('hello', hello), client.ask('hello', hello)])
    expect(both.filter((reply) => reply.ok)).toHaveLength(1)
    expect(await client.ask('hello', hello)).toEqual({ ok: false, code: 'bad-message' })
    expect(await client.ask('resume', { t: 'resume', versions: [1], token: b64(32), seen: 0 })).toEqual({
      ok: false,
      code: 'bad-message',
    })
  })

  test('[SIG7] a room takes so many people and no more', async () => {
    const small = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent', peersPerRoom: 2 })
    try {
      const room = await putRoom(small.url)
      await WireClient.enter(small.url, room)
      await WireClient.enter(small.url, room)
      await expect(WireClient.enter(small.url, room)).rejects.toThrow('room-full')
    } finally {
      await small.close()
    }
  })
})

describe('resuming', () => {
  test('[SIG6][ORD4] the rest of the events comes, in order, and the seat is kept', async () => {
    const { group, members } = await meet(url, 2)
    const [ann, bob] = members as [WireClient, WireClient]
    await bob.settle()
    const seen = bob.lastSeq
    bob.drop()
    await ann.event('room.peers', (e) => e.peers.some((p) => p.peer === bob.peer && !p.connected))
    for (let i = 0; i < 3; i += 1) await ann.ok('group.app', bodyOf(group, 1))
    const again = await WireClient.open(url)
    const token = bob.entered?.token ?? ''
    const resumed = await again.ok('resume', { t: 'resume', versions: [1], token, seen })
    expect(resumed.peer).toBe(bob.peer)
    await again.until(() => again.lastSeq >= resumed.lastSeq, 'replay')
    expect(again.events.map((e) => e.seq)).toEqual(again.events.map((_, i) => seen + 1 + i))
    expect(again.of('group.said')).toHaveLength(3)
    await again.ok('group.app', bodyOf(group, 1))
    expect(await ann.event('group.said')).toMatchObject({ from: bob.peer })
  })

  test('[SIG6] a wrong token and events that were never sent are session-unknown, and the socket may still enter', async () => {
    const room = await putRoom(url)
    const client = await WireClient.enter(url, room)
    const other = await WireClient.open(url)
    const resume = (token: string, seen: number) =>
      other.ask('resume', { t: 'resume', versions: [1], token, seen })
    const refused = { ok: false, code: 'session-unknown' }
    expect(await resume(b64(32), 0)).toEqual(refused)
    expect(await resume(client.entered?.token ?? '', 99)).toEqual(refused)
    expect(await resume(client.entered?.token ?? '', -1)).toEqual(refused)
    await other.ok('hello', { t: 'hello', versions: [1], room: room.id, access: room.access })
  })

  test('[SIG6] after leave there is nothing to resume', async () => {
    const { members } = await meet(url, 2)
    const bob = members[1] as WireClient
    const token = bob.entered?.token ?? ''
    await bob.ok('leave', { t: 'leave' })
    await bob.gone()
    const again = await WireClient.open(url)
    expect(await again.ask('resume', { t: 'resume', versions: [1], token, seen: bob.lastSeq })).toEqual({
      ok: false,
      code: 'session-unknown',
    })
  })

  test('[SIG6] the newest socket wins: the former one is closed and the meeting notices nothing', async () => {
    const { group, members } = await meet(url, 2)
    const [ann, bob] = members as [WireClient, WireClient]
    await bob.settle()
    const again = await WireClient.open(url)
    const token = bob.entered?.token ?? ''
    await again.ok('resume', { t: 'resume', versions: [1], token, seen: bob.lastSeq })
    await bob.gone()
    await ann.ok('group.app', bodyOf(group, 1))
    await again.event('group.said')
    expect(ann.of('room.peers').some((e) => e.peers.some((p) => !p.connected))).toBe(false)
  })
})

describe('asking twice', () => {
  test('[SIG5] the same request number gets the first answer and is not carried out again', async () => {
    const { group, members } = await meet(url, 2)
    const [ann, bob] = members as [WireClient, WireClient]
    const id = bob.takeId()
    const app = bodyOf(group, 1)
    await bob.ok('group.app', app, id)
    await bob.ok('group.app', app, id)
    const commit = { t: 'group.commit' as const, group, epoch: 1, commit: b64(10), joins: [], leaves: [] }
    const won = bob.takeId()
    await bob.ok('group.commit', commit, won)
    await bob.ok('group.commit', commit, won)
    expect(await bob.ask('group.commit', commit)).toEqual({ ok: false, code: 'epoch-taken' })
    await ann.settle()
    expect(ann.of('group.said')).toHaveLength(1)
    expect(ann.of('group.committed').filter((e) => e.epoch === 1)).toHaveLength(1)
  })

  test('[SIG5][SIG6] a request whose answer was lost with the socket is answered on the next one', async () => {
    const { group, members } = await meet(url, 2)
    const [ann, bob] = members as [WireClient, WireClient]
    await bob.settle()
    const seen = bob.lastSeq
    const id = bob.takeId()
    const app = bodyOf(group, 1)
    bob.ask('group.app', app, id).catch(() => undefined)
    await ann.event('group.said')
    bob.drop()
    const again = await WireClient.open(url)
    await again.ok('resume', { t: 'resume', versions: [1], token: bob.entered?.token ?? '', seen })
    await again.ok('group.app', app, id)
    await ann.settle()
    expect(ann.of('group.said')).toHaveLength(1)
  })
})

describe('limits', () => {
  test('[SIG7] more requests than allowed are too-many, and going on closes the connection; others are not disturbed', async () => {
    const { group, members } = await meet(url, 2)
    const [ann, bob] = members as [WireClient, WireClient]
    const codes: string[] = []
    bob.socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { t: string; code?: string }
      if (frame.t === 'error') codes.push(frame.code ?? '')
    })
    for (let i = 0; i < 1_500; i += 1) bob.socket.send(JSON.stringify({ t: 'ping', id: 1_000 + i, seen: 0 }))
    await bob.gone()
    expect(new Set(codes)).toEqual(new Set(['too-many']))
    expect(bob.goodbye).toBe('too-many')
    await ann.ok('group.app', bodyOf(group, 1))
  })

  test('[SIG7] more bytes than allowed are too-many', async () => {
    const { members } = await meet(url, 2)
    const bob = members[1] as WireClient
    const frame = JSON.stringify({ t: 'ping', id: 5_000, seen: 0 }).padEnd(900_000)
    for (let i = 0; i < 40; i += 1) bob.socket.send(frame)
    await bob.gone()
    expect(bob.texts.some((t) => t.includes('too-many'))).toBe(true)
  })

  test('[SIG1] a frame over 1 MiB is too-large, one over the hard cap closes the connection', async () => {
    const { members } = await meet(url, 2)
    const [ann, bob] = members as [WireClient, WireClient]
    bob.socket.send(JSON.stringify({ t: 'ping', id: 7, seen: 0 }).padEnd(1_100_000))
    await bob.until(() => bob.texts.some((t) => t.includes('too-large')), 'too-large')
    bob.socket.send('x'.repeat(3_000_000))
    await bob.gone()
    await ann.settle()
  })

  test('[SIG7] a client that asks and does not read is dropped with its queue bounded, and others go on', async () => {
    const { group, members } = await meet(url, 2)
    const [ann, bob] = members as [WireClient, WireClient]
    const commit = b64(400_000)
    await ann.ok('group.commit', { t: 'group.commit', group, epoch: 1, commit, joins: [], leaves: [] })
    await bob.event('group.committed', (e) => e.epoch === 1)
    bob.socket.pause()
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external
    for (let i = 0; i < 150; i += 1)
      bob.socket.send(JSON.stringify({ t: 'group.refetch', id: 9_000 + i, group, epoch: 1 }))
    await ann.event('room.peers', (e) => e.peers.some((p) => p.peer === bob.peer && !p.connected))
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().external
    // 150 answers would be 80 MB.
    expect(after - before).toBeLessThan(40_000_000)
    await ann.ok('group.app', bodyOf(group, 2))
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(Number(/^huisclos_slow_readers_total (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(0)
    bob.drop()
  })
})

describe('malformed input', () => {
  const lines = (name: string) =>
    readFileSync(new URL(`../../../protocol/corpus/${name}`, import.meta.url), 'utf8')
      .replace(/\n$/, '')
      .split('\n')

  test('[SIG1] every line of the invalid corpus is answered with a documented code and disturbs nobody', async () => {
    const { group, members } = await meet(url, 2)
    const [ann, bob] = members as [WireClient, WireClient]
    const room = await putRoom(url)
    for (const line of lines('requests-invalid.txt')) {
      const client = await WireClient.enter(url, room)
      const count = client.texts.length
      client.socket.send(line)
      await client.until(
        () => client.texts.slice(count).some((t) => t.includes('"error"')),
        `an answer to ${line}`,
      )
      expect(client.texts.some((t) => t.includes('"code":"bad-message"'))).toBe(true)
      await client.settle()
      client.drop()
    }
    await ann.ok('group.app', bodyOf(group, 1))
    await bob.event('group.said')
    expect(bob.closed).toBe(false)
  })

  test('[SIG1] every line of the valid corpus, sent by a stranger to the room’s state, gets an answer and nothing breaks', async () => {
    const room = await putRoom(url)
    for (const line of lines('requests-valid.jsonl')) {
      const client = await WireClient.enter(url, room)
      const { t, id } = JSON.parse(line) as { t: string; id: number }
      client.socket.send(line)
      await client.until(() => client.texts.some((x) => x.includes(`"re":${id}`)), `an answer to ${t}`)
      for (const [, code] of client.texts.join('\n').matchAll(/"code":"([a-z-]+)"/g))
        expect(ERROR_CODES).toContain(code)
      expect(client.texts.join()).not.toContain('server-fault')
      client.drop()
    }
  })

  test('[SIG1] binary frames and garbage are bad-message; enough of it closes the connection', async () => {
    const room = await putRoom(url)
    const client = await WireClient.enter(url, room)
    client.socket.send(Buffer.from([1, 2, 3]))
    await client.until(() => client.texts.some((t) => t.includes('bad-message')), 'bad-message')
    for (let i = 0; i < 40; i += 1) client.socket.send('}{')
    await client.gone()
    expect(client.goodbye).toBe('too-many')
  })
})

describe('removal', () => {
  test('[SIG10][KEY4] the removed member gets the commit, the word, and nothing more; its media is closed at once', async () => {
    const { group, members } = await meet(url, 3)
    const [ann, bob, cy] = members as [WireClient, WireClient, WireClient]
    const { transport } = await bob.ok('media.transport', { t: 'media.transport', direction: 'send' })
    await bob.ok('media.connect', { t: 'media.connect', transport, dtls: dtlsParameters() })
    await bob.ok('media.produce', {
      t: 'media.produce',
      transport,
      kind: 'audio',
      rtp: audioRtp(),
      paused: false,
    })
    const receive = await ann.ok('media.transport', { t: 'media.transport', direction: 'receive' })
    await ann.ok('media.receive', {
      t: 'media.receive',
      transport: receive.transport,
      rtp: clientCapabilities(),
    })
    const consumer = await ann.event('media.consumer', (e) => e.peer === bob.peer)
    // The commits that let people in used the pace up (GRP8).
    await pause(1_100)
    await ann.ok('group.commit', {
      t: 'group.commit',
      group,
      epoch: 2,
      commit: b64(30),
      joins: [],
      leaves: [1],
    })
    await bob.event('group.removed')
    await ann.event('media.consumer-closed', (e) => e.consumer === consumer.consumer)
    const last = bob.lastSeq
    await cy.ok('group.app', bodyOf(group, 3))
    await cy.ok('group.commit', {
      t: 'group.commit',
      group,
      epoch: 3,
      commit: b64(30),
      joins: [],
      leaves: [],
    })
    await pause(400)
    expect(await bob.ask('media.transport', { t: 'media.transport', direction: 'send' })).toEqual({
      ok: false,
      code: 'removed',
    })
    expect(await bob.ask('group.app', bodyOf(group, 3))).toEqual({ ok: false, code: 'removed' })
    expect(bob.lastSeq).toBe(last)
    expect(bob.events.slice(-2).map((e) => e.t)).toEqual(['group.committed', 'group.removed'])
  })
})

describe('media', () => {
  test('[SIG10] only seated peers have media', async () => {
    const room = await putRoom(url)
    const client = await WireClient.enter(url, room)
    expect(await client.ask('media.transport', { t: 'media.transport', direction: 'send' })).toEqual({
      ok: false,
      code: 'not-seated',
    })
    await client.ok('group.create', { t: 'group.create', group: newGroupId() })
    await client.ok('media.transport', { t: 'media.transport', direction: 'send' })
  })

  test('[SIG12] when the media worker dies clients are told, and make new transports on another', async () => {
    const { members } = await meet(url, 2)
    const [ann, bob] = members as [WireClient, WireClient]
    for (const member of [ann, bob])
      await member.ok('media.transport', { t: 'media.transport', direction: 'send' })
    const fake = server.fakeSfu
    const lost = [...(fake?.rooms ?? [])].find((r) => r.peers.has(ann.peer))
    if (fake === null || lost === undefined) throw new Error('no fake media room')
    fake.loseWorker(lost)
    await Promise.all([ann.event('media.lost'), bob.event('media.lost')])
    const again = await ann.ok('media.transport', { t: 'media.transport', direction: 'send' })
    expect(again.transport).not.toBe('')
    const now = [...fake.rooms].find((r) => r.peers.has(ann.peer))
    expect(now).not.toBe(lost)
  })

  test('[SIG1] asking for what does not exist is unknown-target, not a fault', async () => {
    const { members } = await meet(url, 2)
    const bob = members[1] as WireClient
    const consumer = 'aaaaaaaa-bbbb' as RequestOf<'media.want'>['consumer']
    const want = { t: 'media.want' as const, consumer, paused: false }
    expect(await bob.ask('media.want', want)).toEqual({ ok: false, code: 'unknown-target' })
    await bob.ok('media.transport', { t: 'media.transport', direction: 'receive' })
    expect(await bob.ask('media.want', want)).toEqual({ ok: false, code: 'unknown-target' })
  })
})

describe('the server goes', () => {
  test('[SIG9] stopping says goodbye to everyone, in and outside rooms, within 3 s, even to who does not listen', async () => {
    const other = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent' })
    const { members } = await meet(other.url, 2)
    const silent = await WireClient.open(other.url)
    const deaf = await WireClient.open(other.url)
    const raw = deaf.socket as WebSocket
    raw.pause()
    const before = performance.now()
    await other.close()
    expect(performance.now() - before).toBeLessThan(3_000)
    for (const client of [...members, silent]) {
      await client.gone()
      expect(client.goodbye).toBe('shutting-down')
    }
    raw.terminate()
  })

  test('[SIG8] after a restart the room is unknown until the host’s browser brings it back', async () => {
    const first = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent' })
    const { room } = await meet(first.url, 2)
    const { port } = first
    await first.close()
    const second = await startServer({ sfu: 'fake', port, logLevel: 'silent' })
    try {
      await expect(WireClient.enter(second.url, room)).rejects.toThrow('room-unknown')
      await putRoom(second.url, room)
      const ann = await WireClient.enter(second.url, room)
      expect(ann.entered?.group).toBeNull()
      const group = newGroupId()
      await ann.ok('group.create', { t: 'group.create', group })
      const bob = await WireClient.enter(second.url, room)
      await letIn({ group, host: ann, guest: bob, leaf: 1, epoch: 0 })
    } finally {
      await second.close()
    }
  })
})
