/** What goes to a store of objects, when, and what a restart, a store that is away or a lost disk does to it (REC24). */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RecordingReader, startRecording } from '@huisclos/archive'
import { folderStore, nativeSha256 } from '@huisclos/archive/node'
import { RecordingId } from '@huisclos/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeClock } from '../../test/fake-clock.ts'
import { MemoryObjectStore } from '../../test/memory-object-store.ts'
import { ArchiveRecorder } from './archive-recorder.ts'
import { Deposit } from './deposit.ts'
import { RecordingShelf } from './recording-shelf.ts'
import { Spool } from './spool.ts'

const ID = RecordingId.parse('A'.repeat(22))
const PART_BYTES = 1_000
const SEGMENT_BYTES = 3_500
let directory: string
let bucket: MemoryObjectStore
let clock: FakeClock
let faults: unknown[]
let reachable: boolean[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hc-deposit-'))
  bucket = new MemoryObjectStore()
  clock = new FakeClock()
  faults = []
  reachable = []
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
  expect(faults).toEqual([])
})

/** A server's recordings: started again on the same directory they are as after a restart. */
function serve(limitBytes = 0) {
  const shelf = new RecordingShelf(directory)
  const live = new Set<RecordingId>()
  const deposit = new Deposit({
    shelf,
    store: bucket,
    prefix: 'kept/',
    clock,
    isLive: (id) => live.has(id),
    onReachable: (now) => reachable.push(now),
    onFault: (error) => faults.push(error),
    partBytes: PART_BYTES,
  })
  const isReachable = () => deposit.reachable
  const spool = new Spool({ shelf, clock, limitBytes, reserveBytes: 4_000, isReachable })
  const onFault = (error: unknown) => faults.push(error)
  const depot = { deposit, spool }
  const recorder = new ArchiveRecorder({ shelf, clock, retentionDays: null, onFault, depot })
  return { shelf, live, deposit, spool, recorder }
}

/** Lets rounds go by until `wanted` holds. */
async function until(wanted: () => boolean): Promise<void> {
  await expect
    .poll(
      () => {
        clock.advance(10_000)
        return wanted()
      },
      { interval: 5 },
    )
    .toBe(true)
}

function begin({ shelf, live, spool }: ReturnType<typeof serve>) {
  shelf.create(ID, { ownerHash: 'x'.repeat(43), startedAt: 1 })
  live.add(ID)
  const writer = startRecording(
    {
      store: spool.guard(shelf.store(ID)),
      sha256: nativeSha256,
      now: () => clock.wallTime(),
      limits: { segmentBytes: SEGMENT_BYTES, reserveBytes: 4_000, flushMs: 100_000 },
    },
    Buffer.from(ID, 'base64url'),
  )
  const description = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 100, ssrc: 1 }
  const stream = writer.openStream({
    ...description,
    peer: 'p',
    producer: 'q',
    kind: 'audio',
    detail: '',
  }) as number
  const say = async (packets: number): Promise<void> => {
    for (let each = 0; each < packets; each += 1) writer.rtp(stream, new Uint8Array(500).fill(each))
    await writer.flush()
  }
  const end = async (): Promise<void> => {
    await writer.finish()
    await shelf.ended(ID, 2)
    live.delete(ID)
  }
  return { writer, say, end }
}

const keys = () => [...bucket.objects.keys()].sort()
const here = () => readdirSync(join(directory, ID)).sort()
async function packetsInBucket(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'hc-fetched-'))
  const copy = folderStore(folder)
  for (const [key, bytes] of bucket.objects)
    if (key.startsWith(`kept/${ID}/`)) await copy.replace(key.slice(`kept/${ID}/`.length), bytes)
  const reader = await RecordingReader.open(copy)
  const records = await Array.fromAsync(reader.records())
  rmSync(folder, { recursive: true })
  return records.filter(({ type, repeated }) => type === 'rtp' && !repeated).length
}

test('[REC24] a segment goes once the next has begun; the folder is left when all of it has arrived', async () => {
  const server = serve()
  const { say, end } = begin(server)
  await say(20)
  expect(here()).toEqual(['000001.hcs', '000002.hcs', '000003.hcs', '000004.hcs'])
  server.deposit.start()
  await until(() => keys().length === 3)
  expect(keys()).toEqual([1, 2, 3].map((at) => `kept/${ID}/00000${at}.hcs`))
  expect(here()).toHaveLength(4)
  await end()
  // The ledger of uploads is the last thing to go.
  await until(() => readdirSync(directory).length === 1)
  expect(keys()).toEqual([
    `kept/${ID}.json`,
    ...[1, 2, 3, 4].map((at) => `kept/${ID}/00000${at}.hcs`),
    `kept/${ID}/manifest`,
  ])
  expect(readdirSync(directory)).toEqual([`${ID}.json`])
  expect(await packetsInBucket()).toBe(20)
  expect((await server.shelf.files(ID)).map(({ name }) => name)).toContain('manifest')
  await server.deposit.close()
})

test('[REC24] a restart goes on with the part that was next, and sends none twice', async () => {
  const first = serve()
  const { say, writer } = begin(first)
  await say(20)
  await writer.abandon()
  bucket.answers = 4
  first.deposit.start()
  await until(() => !first.deposit.reachable)
  await first.deposit.close()
  expect(bucket.asked).toEqual(['list', `begin kept/${ID}/000001.hcs`, 'part 1', 'part 2'])

  bucket.answers = Number.POSITIVE_INFINITY
  const second = serve()
  await second.recorder.start()
  await until(() => !existsSync(join(directory, ID)))
  expect(bucket.asked.filter((what) => what === `begin kept/${ID}/000001.hcs`)).toHaveLength(1)
  expect(bucket.asked.slice(4, 8)).toEqual(['list', 'part 3', 'part 4', `complete kept/${ID}/000001.hcs`])
  expect(await packetsInBucket()).toBe(20)
  await second.recorder.close()
})

test('[REC24] an upload that the store has forgotten begins anew', async () => {
  const first = serve()
  const { say, writer } = begin(first)
  await say(20)
  await writer.abandon()
  bucket.answers = 4
  first.deposit.start()
  await until(() => !first.deposit.reachable)
  await first.deposit.close()
  bucket.uploads.clear()
  bucket.answers = Number.POSITIVE_INFINITY
  const second = serve()
  await second.recorder.start()
  await until(() => !existsSync(join(directory, ID)))
  expect(await packetsInBucket()).toBe(20)
  await second.recorder.close()
})

test('[REC24] an object that is gone before the folder is left is brought again', async () => {
  const server = serve()
  const { say, end } = begin(server)
  await say(20)
  server.deposit.start()
  await until(() => keys().length === 3)
  bucket.objects.delete(`kept/${ID}/000002.hcs`)
  await end()
  await until(() => !existsSync(join(directory, ID)))
  expect(await packetsInBucket()).toBe(20)
  await server.deposit.close()
})

test('[REC4][REC24] a store that does not answer costs nothing until the directory is full; then it is named, and goes on', async () => {
  const server = serve(20_000)
  const { say, end, writer } = begin(server)
  bucket.answers = 0
  server.deposit.start()
  await until(() => !server.deposit.reachable)
  await say(10)
  expect(writer.state.at).toBe('running')
  for (let round = 0; round < 4; round += 1) {
    clock.advance(1_000)
    await say(10)
  }
  expect(writer.state).toMatchObject({ at: 'paused', why: 'store-failed' })
  expect(reachable).toEqual([false])
  bucket.answers = Number.POSITIVE_INFINITY
  await until(() => server.deposit.reachable)
  await end()
  await until(() => !existsSync(join(directory, ID)))
  expect(await server.shelf.spooledBytes()).toBe(0)
  clock.advance(1_000)
  expect(server.spool.freeBytes()).toBeGreaterThan(0)
  expect(reachable).toEqual([false, true])
  await server.deposit.close()
})

test('[REC4][REC24] a directory that is full while the store answers is a full disk', async () => {
  const server = serve(20_000)
  const { say, end, writer } = begin(server)
  for (let round = 0; round < 5; round += 1) {
    clock.advance(1_000)
    await say(10)
  }
  expect(writer.state).toMatchObject({ at: 'paused', why: 'disk-full' })
  await end()
})

test('[REC7][REC24] deletion takes everything out of the store first; where it does not answer, nothing is claimed', async () => {
  const server = serve()
  const { say, end } = begin(server)
  await say(20)
  await end()
  server.deposit.start()
  await until(() => !existsSync(join(directory, ID)))
  bucket.answers = 2
  await expect(server.recorder.delete(ID, 5, 'asked')).rejects.toMatchObject({ code: 'unreachable' })
  expect(server.shelf.ids).toEqual([ID])
  bucket.answers = Number.POSITIVE_INFINITY
  const receipt = await server.recorder.delete(ID, 5, 'asked')
  expect(receipt).toMatchObject({ recording: ID, why: 'asked', files: 5 })
  expect(receipt.sizeBytes).toBeGreaterThan(10_000)
  expect(keys()).toEqual([])
  expect(readdirSync(directory)).toEqual([])
  await server.deposit.close()
})

test('[REC7][REC24] deletion of a recording that is on its way leaves neither parts nor objects', async () => {
  const first = serve()
  const { say, writer, end } = begin(first)
  await say(20)
  await writer.flush()
  bucket.answers = 7
  first.deposit.start()
  await until(() => !first.deposit.reachable)
  expect(bucket.uploads.size + bucket.objects.size).toBeGreaterThan(0)
  await end()
  bucket.answers = Number.POSITIVE_INFINITY
  await first.recorder.delete(ID, 5, 'asked')
  expect(bucket.uploads.size).toBe(0)
  expect(keys()).toEqual([])
  expect(readdirSync(directory)).toEqual([])
  await first.deposit.close()
})

test('[REC24] on a new disk the store lists what it has, and gives it out', async () => {
  const first = serve()
  const { say, end } = begin(first)
  await say(20)
  await end()
  first.deposit.start()
  await until(() => !existsSync(join(directory, ID)))
  await first.deposit.close()
  rmSync(directory, { recursive: true })
  bucket.answers = Number.POSITIVE_INFINITY
  bucket.objects.set('kept/BBBBBBBBBBBBBBBBBBBBBB.json', Buffer.from('{"version":1'))
  const second = serve()
  second.deposit.start()
  await until(() => second.shelf.ids.length > 0)
  expect(second.shelf.ids).toEqual([ID])
  expect(second.shelf.about(ID)).toMatchObject({ ownerHash: 'x'.repeat(43), endedAt: 2 })
  const [file] = await second.shelf.files(ID)
  const chunks = await Array.fromAsync(await second.recorder.read(ID, file?.name ?? '', 0, 3))
  expect(Buffer.concat(chunks as Buffer[]).length).toBe(4)
  await second.deposit.close()
})
