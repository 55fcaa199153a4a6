/** Recordings on the live server: what reaches the disk, who may fetch it, and what a crash leaves (REC3–REC13). */
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ArchiveRecord } from '@huisclos/archive'
import { RecordingReader } from '@huisclos/archive'
import { folderStore } from '@huisclos/archive/node'
import type { ProducerId } from '@huisclos/protocol'
import { RecordingId, RecordingList, RecordingReceipt } from '@huisclos/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { audioRtp } from '../../test/media-parameters.ts'
import type { WireClient } from '../../test/wire-client.ts'
import { b64, meet } from '../../test/wire-client.ts'
import type { FakeTap } from '../media/fake-tap.ts'
import type { RunningServer } from '../start-server.ts'
import { startServer } from '../start-server.ts'

const open: RunningServer[] = []
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hc-recordings-'))
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
  rmSync(directory, { recursive: true, force: true })
})

async function start(more: object = {}): Promise<RunningServer> {
  const settings = { sfu: 'fake', port: 0, logLevel: 'silent', recordingsDirectory: directory } as const
  const server = await startServer({ ...settings, ...more })
  open.push(server)
  return server
}

const newRecording = () => RecordingId.parse(b64(16))
const packetOf = (mark: string, sequence = 1): Buffer => {
  const packet = Buffer.alloc(60, mark)
  packet[0] = 0x80
  packet.writeUInt16BE(sequence, 2)
  return packet
}

async function produce(client: WireClient): Promise<ProducerId> {
  const { transport } = await client.ok('media.transport', { t: 'media.transport', direction: 'send' })
  const rtp = audioRtp()
  const body = { t: 'media.produce', transport, kind: 'audio', rtp, paused: false } as const
  return (await client.ok('media.produce', body)).producer
}

/** A meeting of three that is being recorded, of which the first two said yes. */
async function recorded(server: RunningServer) {
  const { room, group, members } = await meet(server.url, 3)
  const [host, bob, cy] = members as [WireClient, WireClient, WireClient]
  const recording = newRecording()
  const { owner } = room
  await host.ok('recording.start', { t: 'recording.start', recording, owner })
  for (const member of [host, bob])
    await member.ok('recording.consent', { t: 'recording.consent', recording, yes: true })
  const producers = await Promise.all([host, bob, cy].map(produce))
  const body = b64(600)
  const envelope = { t: 'recording.envelope', recording, group, epoch: 2, part: 0, body } as const
  await host.ok('recording.envelope', envelope)
  const stop = () => host.ok('recording.stop', { t: 'recording.stop', recording, owner })
  return { room, owner, recording, host, bob, cy, producers, body, stop }
}

function tapOf(server: RunningServer): FakeTap {
  const taps = [...(server.fakeSfu?.rooms ?? [])].flatMap((room) => [...room.taps])
  if (taps.length !== 1 || taps[0] === undefined) throw new Error(`${taps.length} taps`)
  return taps[0]
}

async function read(id: RecordingId, from = directory) {
  const reader = await RecordingReader.open(folderStore(join(from, id)))
  const records: ArchiveRecord[] = []
  for await (const record of reader.records())
    records.push(record.type === 'rtp' ? { ...record, packet: record.packet.slice() } : record)
  return { reader, records }
}

const marks = (records: readonly ArchiveRecord[]) =>
  records.flatMap((r) => (r.type === 'rtp' ? [String.fromCharCode(r.packet[20] ?? 0)] : []))
const eventsOf = (records: readonly ArchiveRecord[]) =>
  records.flatMap((r) => (r.type === 'event' ? [r.event.code] : []))
const sealed = async (host: WireClient, id: RecordingId) =>
  host.event('recording.sealed', ({ recording }) => recording === id)

describe('what is stored', () => {
  test('[REC9] of a meeting that nobody records nothing is consumed and nothing written', async () => {
    const server = await start()
    const { members } = await meet(server.url, 3)
    for (const member of members) {
      await produce(member)
      const yes = { t: 'recording.consent', recording: newRecording(), yes: true } as const
      await member.ok('recording.consent', yes)
    }
    expect([...(server.fakeSfu?.rooms ?? [])].flatMap((room) => [...room.taps])).toEqual([])
    for (const member of members) await member.ok('leave', { t: 'leave' })
    await server.close()
    expect(readdirSync(directory)).toEqual([])
  })

  test('[REC3][REC10] the packets of those who said yes, from then to when they take it back, and envelopes', async () => {
    const server = await start()
    const { recording, host, bob, producers, body, stop } = await recorded(server)
    const tap = tapOf(server)
    for (const [at, mark] of ['h', 'b', 'c'].entries()) {
      const producer = producers[at]
      if (producer !== undefined) tap.say(producer, packetOf(mark))
    }
    await bob.ok('recording.consent', { t: 'recording.consent', recording, yes: false })
    for (const [at, mark] of ['H', 'B', 'C'].entries()) {
      const producer = producers[at]
      if (producer !== undefined) tap.say(producer, packetOf(mark, 2))
    }
    await stop()
    await sealed(host, recording)
    const { reader, records } = await read(recording)
    expect(marks(records)).toEqual(['h', 'b', 'H'])
    const peers = records.flatMap((r) => (r.type === 'stream-opened' ? [r.description.peer] : []))
    expect(new Set(peers)).toEqual(new Set([host.peer, bob.peer]))
    const envelopes = records.flatMap((r) => (r.type === 'envelope' ? [r.envelope] : []))
    expect(envelopes).toMatchObject([{ peer: host.peer, epoch: 2, part: 0 }])
    expect(Buffer.from(envelopes[0]?.sealed ?? []).toString('base64url')).toBe(body)
    expect(reader.damage).toEqual([])
    expect(reader.manifest?.signature).toHaveLength(0)
  })

  test('[REC4] what came in is on the disk within a second, while it goes on', async () => {
    const server = await start()
    const { recording, producers } = await recorded(server)
    const [producer] = producers
    if (producer !== undefined) tapOf(server).say(producer, packetOf('h'))
    await expect.poll(async () => marks((await read(recording)).records), { timeout: 1_000 }).toEqual(['h'])
  })

  test('[REC9] a host signs the statement, and the manifest carries it', async () => {
    const server = await start()
    const { recording, owner, host, stop } = await recorded(server)
    await stop()
    const { statement } = await sealed(host, recording)
    const signature = b64(64)
    await host.ok('recording.manifest', { t: 'recording.manifest', recording, owner, signature })
    const signed = async () => (await read(recording)).reader.manifest
    await expect
      .poll(async () => Buffer.from((await signed())?.signature ?? []).toString('base64url'))
      .toBe(signature)
    expect(statement.length).toBeGreaterThan(0)
  })

  test('[REC10] a pause is written down, and nothing of it stored', async () => {
    const server = await start()
    const { recording, owner, host, producers, stop } = await recorded(server)
    const pause = (paused: boolean) =>
      host.ok('recording.pause', { t: 'recording.pause', recording, owner, paused })
    const [producer] = producers
    if (producer === undefined) throw new Error('no producer')
    await pause(true)
    tapOf(server).say(producer, packetOf('p'))
    await pause(false)
    tapOf(server).say(producer, packetOf('r'))
    await stop()
    await sealed(host, recording)
    const { records } = await read(recording)
    expect(marks(records)).toEqual(['r'])
    expect(eventsOf(records)).toEqual(['paused', 'resumed', 'stopped'])
  })
})

describe('trouble', () => {
  test('[REC12] after the loss of a media worker it goes on with the streams that come again', async () => {
    const server = await start()
    const { recording, host, producers, stop } = await recorded(server)
    const [before] = producers
    if (before !== undefined) tapOf(server).say(before, packetOf('1'))
    const [room] = server.fakeSfu?.rooms ?? []
    if (room !== undefined) server.fakeSfu?.loseWorker(room)
    await host.event('media.lost')
    const after = await produce(host)
    tapOf(server).say(after, packetOf('2'))
    await stop()
    await sealed(host, recording)
    const { records } = await read(recording)
    expect(marks(records)).toEqual(['1', '2'])
    expect(records.filter((r) => r.type === 'stream-closed')).toHaveLength(3)
  })

  test('[REC12] what a crash left open is ended at the next start, with the gap written down', async () => {
    const server = await start()
    const { recording, producers, owner } = await recorded(server)
    const [producer] = producers
    if (producer !== undefined) tapOf(server).say(producer, packetOf('h'))
    await expect.poll(async () => marks((await read(recording)).records)).toEqual(['h'])
    const copy = mkdtempSync(join(tmpdir(), 'hc-crashed-'))
    try {
      cpSync(directory, copy, { recursive: true })
      const next = await start({ recordingsDirectory: copy })
      const { reader, records } = await read(recording, copy)
      expect(marks(records)).toEqual(['h'])
      expect(eventsOf(records)).toContain('gap-crash')
      expect(reader.manifest).not.toBeNull()
      const list = RecordingList.parse(await (await ask(next, '/api/recordings', owner)).json())
      expect(list.recordings).toMatchObject([{ recording, endedAt: expect.any(Number) }])
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  })

  test('[REC12] stopping the server ends what runs, so that nothing has to be recovered', async () => {
    const server = await start()
    const { recording } = await recorded(server)
    await server.close()
    const { reader, records } = await read(recording)
    expect(reader.manifest).not.toBeNull()
    expect(eventsOf(records)).toEqual(['stopped'])
  })

  test('[REC9] an id that was used already is never written over', async () => {
    const server = await start()
    const { recording, owner, host, stop } = await recorded(server)
    await stop()
    await sealed(host, recording)
    const first = join(directory, recording, readdirSync(join(directory, recording))[0] ?? '')
    utimesSync(first, 1, 1)
    const { room, members } = await meet(server.url, 1)
    const [other] = members as [WireClient]
    const again = { t: 'recording.start', recording, owner: room.owner } as const
    await other.ok('recording.start', again)
    await other.event('recording.state', ({ state, why }) => state === 'failed' && why === 'fault')
    expect(statSync(first).mtimeMs).toBe(1_000)
    expect((await ask(server, `/api/recordings/${recording}/manifest`, owner)).status).toBe(200)
    expect((await ask(server, `/api/recordings/${recording}/manifest`, room.owner)).status).toBe(404)
  })
})

const ask = (server: RunningServer, path: string, token: string | null, more: RequestInit = {}) =>
  fetch(`${server.url}${path}`, {
    ...more,
    headers: { ...more.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
  })

describe('fetching and deleting', () => {
  test('[REC13] the owner lists and fetches, in parts too; anybody else finds nothing there', async () => {
    const server = await start()
    const { recording, owner, host, stop } = await recorded(server)
    await stop()
    await sealed(host, recording)
    const { recordings } = RecordingList.parse(await (await ask(server, '/api/recordings', owner)).json())
    expect(recordings).toMatchObject([{ recording, deletedAt: null }])
    const file = recordings[0]?.files.find(({ name }) => name.endsWith('.hcs'))
    const path = `/api/recordings/${recording}/${file?.name}`
    const whole = Buffer.from(await (await ask(server, path, owner)).arrayBuffer())
    expect(whole.length).toBe(file?.sizeBytes)
    const part = await ask(server, path, owner, { headers: { range: 'bytes=10-19' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${whole.length}`])
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(10, 20))

    const nothing = await (await ask(server, '/api/nothing', null)).text()
    for (const token of [null, b64(32), 'x', owner.toUpperCase()]) {
      for (const where of [path, `/api/recordings/${recording}/manifest`]) {
        const answer = await ask(server, where, token)
        expect([answer.status, await answer.text()]).toEqual([404, nothing])
      }
      const deleted = await ask(server, `/api/recordings/${recording}`, token, { method: 'DELETE' })
      expect(deleted.status).toBe(404)
    }
    const list = await ask(server, '/api/recordings', b64(32))
    expect(await list.json()).toEqual({ recordings: [] })
    expect((await ask(server, '/api/recordings', null)).status).toBe(404)
  })

  test('[REC13] no name leads out of the recording', async () => {
    const server = await start()
    const { recording, owner, host, stop } = await recorded(server)
    await stop()
    await sealed(host, recording)
    for (const name of ['..%2F..%2Fetc%2Fpasswd', `..%2F${recording}.json`, '..', '.', 'manifest%00'])
      expect((await ask(server, `/api/recordings/${recording}/${name}`, owner)).status).toBe(404)
  })

  test('[REC7] deleting takes everything, envelopes too, and answers with a receipt; not while it is made', async () => {
    const server = await start()
    const { recording, owner, host, stop } = await recorded(server)
    const remove = () => ask(server, `/api/recordings/${recording}`, owner, { method: 'DELETE' })
    expect((await remove()).status).toBe(409)
    await stop()
    await sealed(host, recording)
    await host.ok('recording.manifest', {
      t: 'recording.manifest',
      recording,
      owner,
      signature: b64(64),
    })
    await expect.poll(async () => (await remove()).status).toBe(200)
    expect(readdirSync(directory)).toEqual([])
    expect((await remove()).status).toBe(404)
  })

  test('[REC7] the receipt says what was deleted and why', async () => {
    const server = await start()
    const { recording, owner } = await recorded(server)
    await server.close()
    const next = await start()
    const answer = await ask(next, `/api/recordings/${recording}`, owner, { method: 'DELETE' })
    const receipt = RecordingReceipt.parse(await answer.json())
    expect(receipt).toMatchObject({ recording, why: 'asked', files: 2 })
    expect(receipt.sizeBytes).toBeGreaterThan(500)
  })
})

describe('off', () => {
  test.each(['off', 'local'])(
    '[REC8] recordings %s: no address, no request, and nothing on the disk',
    async (recordings) => {
      const server = await start({ recordings })
      const nothing = await (await ask(server, '/api/nothing', null)).text()
      const owner = b64(32)
      for (const path of ['/api/recordings', `/api/recordings/${newRecording()}/manifest`]) {
        const answer = await ask(server, path, owner)
        expect([answer.status, await answer.text()]).toEqual([404, nothing])
      }
      const { room, members } = await meet(server.url, 1)
      const [host] = members as [WireClient]
      const order = { t: 'recording.start', recording: newRecording(), owner: room.owner } as const
      expect(await host.ask('recording.start', order)).toEqual({ ok: false, code: 'bad-message' })
      expect(host.of('recording.state')).toEqual([])
      expect(readdirSync(directory)).toEqual([])
    },
  )
})
