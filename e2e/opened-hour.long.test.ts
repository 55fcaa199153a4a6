/**
 * An hour of three people, recorded on the server, opened in the page: how long that takes, what the browser holds, how
 * quickly one moves to another minute. Real pictures and tones, twelve seconds over and over; the manifest, keys and
 * packets are those of an hour. Times are printed, not judged: they depend on the machine.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newRecordingKey, sealKeyFile } from '@huisclos/vault'
import type { GivenStream } from '@huisclos/vault/testing'
import { signedRecording } from '@huisclos/vault/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import type { TestPage } from './support/browsers.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'
import { encodeMeeting, pictureAt } from './support/made-recording.ts'
import { pageMemory } from './support/page-memory.ts'
import { drop, moveTo, picturesShown } from './support/played-recording.ts'

const MINUTES = Number(process.env['HUISCLOS_LONG_MINUTES'] ?? 60)
const LOOP_US = 12_000_000
const NAMES = ['Ada', 'Ben', 'Chloé']
const PASSPHRASE = 'a lighthouse in the fog'
const WEAK = { memoryKiB: 19 * 1024, iterations: 2, parallelism: 1 }
const WITHIN_MS = 30 * 60_000

const token = randomBytes(32)
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')
let directory: string
let server: RunningServer
let chromium: ChromiumBrowser
let page: TestPage
let person: Guest
let key: Awaited<ReturnType<typeof newRecordingKey>>
let sizeBytes = 0

function looped({ leaf, source, frames }: GivenStream): GivenStream {
  const loops = Array.from({ length: (MINUTES * 60e6) / LOOP_US }, (_, loop) => loop * LOOP_US)
  const all = loops.flatMap((fromUs) => frames.map(({ timeUs, data }) => ({ timeUs: timeUs + fromUs, data })))
  return { leaf, source, frames: all }
}

/** On a shelf, as a server keeps it. */
async function putOnShelf(streams: GivenStream[]): Promise<void> {
  const store = await signedRecording({ publicKey: key.publicKey, names: NAMES, streams })
  const id = randomBytes(16).toString('base64url')
  await mkdir(join(directory, id))
  for (const [name, bytes] of store.files) {
    await writeFile(join(directory, id, name), bytes)
    sizeBytes += bytes.length
  }
  const ownerHash = createHash('sha256').update(token).digest('base64url')
  const startedAt = 1_800_000_000_000
  const about = { version: 1, ownerHash, startedAt, endedAt: startedAt + MINUTES * 60_000 }
  await writeFile(join(directory, `${id}.json`), JSON.stringify(about))
}

beforeAll(async () => {
  const settings = { port: 0, mediaPort: 0, logLevel: 'silent' } as const
  directory = await mkdtemp(join(tmpdir(), 'huisclos-hour-'))
  server = await startServer(settings)
  chromium = await ChromiumBrowser.launch()
  page = await chromium.page()
  person = new Guest(page, 0, 'Ada')
  key = await newRecordingKey()
  await page.goto(server.url)
  const streams = (await encodeMeeting(page)).map(looped)
  await server.close()
  await putOnShelf(streams)
  server = await startServer({ ...settings, recordingsDirectory: directory })
  await page.goto(server.url)
  await person.press(/^Open a recording$/)
  await person.reads('Drop its folder')
  // An hour is made in minutes.
}, WITHIN_MS)
afterAll(async () => {
  await chromium?.close()
  await server?.close()
  await rm(directory, { recursive: true, force: true })
})

test('[OPEN4][OPEN5] an hour from the server opens whole, and any minute of it is a moment away', async () => {
  const memory = pageMemory({ withBrowser: true })
  await drop(page, [{ name: 'huisclos-recordings.token', data: base64(token.toString('base64url')) }], 0)
  await person.press(/Choose Untitled/)
  const file = base64(await sealKeyFile(key, 'The board', PASSPHRASE, WEAK))
  await drop(page, [{ name: 'board.key.json', data: file }], 0)
  await person.reads('Key file of The board')
  await person.write(/^Passphrase/, PASSPHRASE)
  const from = performance.now()
  await person.press(/^Open$/)
  await expect
    .poll(() => page.evaluate(() => document.body.textContent?.includes('Whole: nothing is missing')), {
      timeout: WITHIN_MS,
      interval: 500,
    })
    .toBe(true)
  const openedMs = performance.now() - from
  const held = memory.take()
  const moves: number[] = []
  for (const minute of [55, 3, 31, 59, 17].filter((at) => at < MINUTES)) {
    const second = minute * 60 + 4
    const begun = performance.now()
    await page.evaluate(moveTo, second + 0.6)
    await expect
      .poll(() => page.evaluate(picturesShown), { timeout: 60_000, interval: 20 })
      .toMatchObject({ 'Ada.webm': pictureAt(0, 4), 'Ben.webm': pictureAt(1, 4) })
    moves.push(performance.now() - begun)
  }
  const moving = memory.take()
  memory.stop()
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  process.stdout.write(
    `${MINUTES} minutes, ${mib(sizeBytes)} MiB: opened in ${(openedMs / 1000).toFixed(0)} s; the browser held at most ${mib(held.most)} MiB while opening and ${mib(moving.most)} MiB while moving, ${mib(held.first)} MiB before; moves of ${moves.map((ms) => ms.toFixed(0)).join(', ')} ms\n`,
  )
  expect(moves.length).toBeGreaterThan(0)
}, 3_600_000)
