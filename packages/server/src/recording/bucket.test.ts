/** A server with a bucket of an S3-compatible store: a finished recording goes there in parts, and is served from there. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRecording } from '@huisclos/archive'
import { nativeSha256 } from '@huisclos/archive/node'
import { RecordingId, RecordingList, RecordingReceipt } from '@huisclos/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TestBucket } from '../../test/bucket.ts'
import { BUCKET, CREDENTIALS, startBucket } from '../../test/bucket.ts'
import { sha256 } from '../policy/secret-match.ts'
import type { RunningServer } from '../start-server.ts'
import { startServer } from '../start-server.ts'
import { RecordingShelf } from './recording-shelf.ts'
import { S3ObjectStore } from './s3-object-store.ts'

const ID = RecordingId.parse('C'.repeat(22))
const OWNER = randomBytes(32)
/** More than one part of 8 MiB. */
const PACKETS = 9_000
let directory: string
let bucket: TestBucket
let log: string
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hc-bucketed-'))
  bucket = await startBucket()
  log = ''
})
afterEach(async () => {
  await bucket[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true, force: true })
})

function start(more: object = {}): Promise<RunningServer> {
  const credentials = join(directory, 'credentials.json')
  writeFileSync(credentials, JSON.stringify(CREDENTIALS))
  return startServer({
    sfu: 'fake',
    port: 0,
    logDestination: { write: (line) => (log += line) },
    recordingsDirectory: join(directory, 'recordings'),
    recordingsBucket: BUCKET,
    recordingsEndpoint: bucket.endpoint,
    recordingsPrefix: 'meetings/',
    recordingsCredentials: credentials,
    ...more,
  })
}

/** One in one segment, as a meeting leaves it; resolves with the segment's bytes. */
async function keepOne(packets: number): Promise<Buffer> {
  const shelf = new RecordingShelf(join(directory, 'recordings'))
  const ownerHash = Buffer.from(sha256(OWNER)).toString('base64url')
  shelf.create(ID, { ownerHash, startedAt: 1 })
  const options = { store: shelf.store(ID), sha256: nativeSha256, now: () => Date.now() }
  const writer = startRecording(options, Buffer.from(ID, 'base64url'))
  const description = { mimeType: 'video/VP8', clockRate: 90_000, channels: 1, payloadType: 96, ssrc: 1 }
  const what = { ...description, peer: 'p', producer: 'q', kind: 'video', detail: '' } as const
  const stream = writer.openStream(what) as number
  const packet = randomBytes(1_200)
  for (let sent = 0; sent < packets; sent += 1) {
    writer.rtp(stream, packet)
    if (sent % 3_000 === 0) await writer.flush()
  }
  await writer.finish()
  await shelf.ended(ID, 2)
  return readFileSync(join(directory, 'recordings', ID, '000001.hcs'))
}

const headers = { authorization: `Bearer ${OWNER.toString('base64url')}` }
const objects = async () => {
  const store = new S3ObjectStore({
    bucket: BUCKET,
    region: 'us-east-1',
    endpoint: bucket.endpoint,
    credentials: CREDENTIALS,
  })
  const found = await store.list('')
  store.close()
  return found.map(({ key }) => key).sort()
}

test('[REC24] listed, fetched and deleted from the bucket as from the folder; no secret in the log', async () => {
  const segment = await keepOne(PACKETS)
  const server = await start()
  const folder = join(directory, 'recordings', ID)
  await expect.poll(() => existsSync(folder), { timeout: 8_000 }).toBe(false)
  expect(await objects()).toEqual([
    `meetings/${ID}.json`,
    `meetings/${ID}/000001.hcs`,
    `meetings/${ID}/manifest`,
  ])
  const list = RecordingList.parse(await (await fetch(`${server.url}/api/recordings`, { headers })).json())
  expect(list.recordings[0]?.files[0]).toEqual({ name: '000001.hcs', sizeBytes: segment.length })
  const file = `${server.url}/api/recordings/${ID}/000001.hcs`
  expect(Buffer.from(await (await fetch(file, { headers })).arrayBuffer()).equals(segment)).toBe(true)
  const range = await fetch(file, { headers: { ...headers, range: 'bytes=9000000-9000099' } })
  expect(range.status).toBe(206)
  expect(Buffer.from(await range.arrayBuffer())).toEqual(segment.subarray(9_000_000, 9_000_100))
  expect((await fetch(file)).status).toBe(404)

  const gone = await fetch(`${server.url}/api/recordings/${ID}`, { method: 'DELETE', headers })
  expect(RecordingReceipt.parse(await gone.json())).toMatchObject({ recording: ID, why: 'asked', files: 2 })
  expect(await objects()).toEqual([])
  expect(readdirSync(join(directory, 'recordings'))).toEqual([])
  await server.close()
  expect(log).toContain('server started')
  expect(log).not.toMatch(/S3RVER|127\.0\.0\.1:\d/)
})

test('[REC24] a store that is away is said once in the log; what it has is unavailable, and nothing is lost', async () => {
  await keepOne(1)
  const server = await start({ recordingsEndpoint: 'http://127.0.0.1:9' })
  await expect.poll(() => log).toContain('the store of recordings does not answer')
  const file = `${server.url}/api/recordings/${ID}/manifest`
  expect((await fetch(file, { headers })).status).toBe(200)
  const refused = await fetch(`${server.url}/api/recordings/${ID}`, { method: 'DELETE', headers })
  expect([refused.status, await refused.json()]).toEqual([503, { code: 'recording-unavailable' }])
  expect(readdirSync(join(directory, 'recordings', ID))).toEqual(['000001.hcs', 'manifest'])
  await server.close()
})

test.each([
  ['a bucket without a directory', { recordingsDirectory: undefined }, /recordingsDirectory/],
  ['credentials that do not read', { recordingsCredentials: '/dev/null' }, /accessKeyId/],
  ['a prefix that is no folder', { recordingsPrefix: 'a b' }, /end with a slash/],
])('[REC24] %s is refused at the start', async (_name, more, words) => {
  await expect(start(more)).rejects.toThrow(words)
})
