/**
 * The page that opens a recording with the key never leaving it: dropped files, a wrong key and the right one, what is
 * seen and heard at two moments, damage, and every request that the page made.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newRecordingKey, sealKeyFile } from '@huisclos/vault'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import type { TestPage } from './support/browsers.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'
import type { MadeFile } from './support/made-recording.ts'
import { encodeMeeting, madeRecording, pictureAt, toneAt } from './support/made-recording.ts'
import { drop, moveTo, picturesShown, soundsPlayed } from './support/played-recording.ts'

/** The page's own parts, and recordings by name. */
const PARTS =
  'assets/[\\w.-]+\\.(js|css)|recordings|api/(config|recordings(/[\\w-]{22}/(\\d{6}\\.hcs|manifest))?)|[\\w.-]*'
const PASSPHRASE = 'a lighthouse in the fog'
/** As weak as a key file may be, so that the test waits for other things. */
const WEAK = { memoryKiB: 19 * 1024, iterations: 2, parallelism: 1 }
const keyFile = async (
  key: Awaited<ReturnType<typeof newRecordingKey>>,
  name: string,
): Promise<MadeFile> => ({
  name,
  data: Buffer.from(await sealKeyFile(key, 'The board', PASSPHRASE, WEAK)).toString('base64'),
})

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')
const token = randomBytes(32)
const access = { name: 'huisclos-recordings.token', data: base64(`${token.toString('base64url')}\n`) }

/** As a server keeps it whose host's owner token that is. */
async function putOnShelf(directory: string, files: MadeFile[]): Promise<void> {
  const id = randomBytes(16).toString('base64url')
  await mkdir(join(directory, id))
  for (const { name, data } of files) await writeFile(join(directory, id, name), Buffer.from(data, 'base64'))
  const ownerHash = createHash('sha256').update(token).digest('base64url')
  const about = { version: 1, ownerHash, startedAt: 1_800_000_000_000, endedAt: 1_800_000_012_000 }
  await writeFile(join(directory, `${id}.json`), JSON.stringify(about))
}

describe('the page that opens recordings', () => {
  const settings = { port: 0, mediaPort: 0, logLevel: 'silent' } as const
  let directory: string
  let server: RunningServer
  let chromium: ChromiumBrowser
  let page: TestPage
  let person: Guest
  let recording: MadeFile[]
  let right: MadeFile
  let other: MadeFile

  beforeAll(async () => {
    const first = await startServer(settings)
    chromium = await ChromiumBrowser.launch()
    page = await chromium.page()
    person = new Guest(page, 0, 'Ada')
    await page.goto(first.url)
    const key = await newRecordingKey()
    recording = await madeRecording(await encodeMeeting(page), key.publicKey)
    await first.close()
    directory = await mkdtemp(join(tmpdir(), 'huisclos-recordings-'))
    await putOnShelf(directory, recording)
    server = await startServer({ ...settings, recordingsDirectory: directory })
    page.requests.splice(0)
    await page.goto(server.url)
    right = await keyFile(key, 'board.key.json')
    other = await keyFile(await newRecordingKey(), 'other.key.json')
    await person.press(/^Open a recording$/)
    await person.reads('Drop its folder')
  })
  afterAll(async () => {
    await chromium?.close()
    await server?.close()
    if (directory) await rm(directory, { recursive: true, force: true })
  })

  const openWith = async (key: MadeFile, passphrase: string): Promise<void> => {
    await drop(page, [key], 0)
    await person.reads('Key file of The board')
    await person.write(/^Passphrase/, passphrase)
    await person.press(/^Open$/)
  }

  test('[OPEN3] a wrong passphrase and another key are refused, each in its own words', async () => {
    await drop(page, recording, 0)
    await person.reads('Files without a folder')
    await openWith(right, 'a lighthouse in the frog')
    await person.reads('The passphrase is wrong')
    await person.press(/^Remove board/)
    await openWith(other, PASSPHRASE)
    await person.reads('sealed to another key')
    await person.press(/^Remove other/)
  })

  test('[OPEN2] the worker that reads the key can send nothing anywhere', async () => {
    await drop(page, [right], 0)
    await person.reads('Key file of The board')
    const sent = await chromium.fromWorkers(page, () =>
      fetch('/api/config').then(
        () => 'sent',
        () => 'refused',
      ),
    )
    expect(sent).toEqual(['refused'])
    // Control: the page itself reaches its server.
    expect(await page.evaluate(async () => (await fetch('/api/config')).ok)).toBe(true)
  })

  test('[OPEN4] with the right key everything opens, and the report says that it is whole', async () => {
    await person.write(/^Passphrase/, PASSPHRASE)
    await person.press(/^Open$/)
    await person.reads('Whole: nothing is missing')
    await person.reads('Signed by a host whom the envelopes name')
    const lanes = await page.evaluate(() =>
      [...document.querySelectorAll('.lane')].map((lane) => lane.getAttribute('aria-label')),
    )
    expect(lanes).toEqual([
      'Ada: heard for 0:12, seen for 0:11',
      'Ben: heard for 0:08, seen for 0:11',
      'Chloé: heard for 0:12, seen for 0:05',
    ])
  })

  /** Plays from a second on, and perceives when players have settled. */
  const perceive = async (second: number) => {
    await page.evaluate(moveTo, second)
    await person.press(/^Play$/)
    await page.until(
      'it plays',
      (from) =>
        [...document.querySelectorAll('video')].every((video) => video.currentTime > from + 0.4) &&
        document.querySelector('.player-waiting')?.textContent === '',
      second,
    )
    const heard = await page.evaluate(soundsPlayed)
    await person.press(/^Pause$/)
    return heard
  }

  test('[OPEN5] after moving, pictures and tones are those of that moment, and in step', async () => {
    for (const [second, speaking] of [
      [4.6, [0, 2]],
      [8.6, [0, 1, 2]],
    ] as const) {
      await page.evaluate(moveTo, second)
      const chloe = second < 6 ? pictureAt(2, second) : null
      await expect
        .poll(() => page.evaluate(picturesShown), { timeout: 20_000 })
        .toEqual({ 'Ada.webm': pictureAt(0, second), 'Ben.webm': pictureAt(1, second), 'Chloé.webm': chloe })
      const { tones, apartMs } = await perceive(second)
      for (const [leaf, hz] of Object.values(tones).entries()) {
        const isHeard = (speaking as readonly number[]).includes(leaf)
        expect(Math.abs(hz - (isHeard ? toneAt(leaf, second) : 0)), `${leaf} at ${second} s`).toBeLessThan(12)
      }
      expect(apartMs).toBeLessThan(40)
    }
  })

  test('by keyboard alone: the arrows move, Space plays and pauses, and a slider keeps its keys', async () => {
    const reads = (text: string) =>
      page.until(
        `the player is at ${text}`,
        (wanted) => document.querySelector('.player-time')?.textContent?.startsWith(wanted),
        text,
      )
    await page.evaluate(moveTo, 1)
    await page.evaluate(() => document.querySelector<HTMLElement>('.slider')?.focus())
    await page.press('ArrowRight')
    await reads('0:06')
    await page.press('ArrowLeft')
    await reads('0:01')
    await page.press('End')
    await reads('0:12')
    await page.press('Home')
    await page.press(' ')
    await reads('0:01')
    await page.press(' ')
    await page.until('it stands', () =>
      [...document.querySelectorAll('video')].every((video) => video.paused),
    )
  })

  test('[OPEN3] [OPEN4] of a damaged one from the server, all that is still good opens, and the damage is named', async () => {
    await person.press(/^Close the recording$/)
    await drop(page, [access], 0)
    await person.press(/Choose Untitled/)
    await openWith(right, PASSPHRASE)
    await person.reads('Whole: nothing is missing')
    await person.press(/^Close the recording$/)
    const damaged = recording.map(({ name, data }) => {
      const bytes = Buffer.from(data, 'base64')
      const middle = bytes.length >> 1
      if (name.endsWith('.hcs')) bytes[middle] = (bytes[middle] ?? 0) ^ 0x40
      return { name, data: base64(bytes) }
    })
    await drop(page, damaged, 0)
    await openWith(right, PASSPHRASE)
    await person.reads('Something is missing or unproven')
    const findings = await page.evaluate(() => document.querySelector('.findings')?.textContent ?? '')
    expect(findings).toMatch(/000001\.hcs, 0:0\d( to 0:0\d)?: (bytes in it are damaged|altered)/)
    expect(Object.keys(await page.evaluate(picturesShown))).toEqual(['Ada.webm', 'Ben.webm', 'Chloé.webm'])
  })

  test('[OPEN1] no request but for the page’s own parts, and no material of the key in any', async () => {
    const { origin } = new URL(server.url)
    const asked = page.requests.filter((url) => !url.startsWith('blob:'))
    for (const url of asked) expect(url).toMatch(new RegExp(`^${origin}/(${PARTS})$`))
    expect(asked.some((url) => url.includes('opener.worker'))).toBe(true)
    const stored = await page.evaluate(async () => {
      const databases = await indexedDB.databases()
      return { local: JSON.stringify({ ...localStorage }), names: databases.map(({ name }) => name) }
    })
    expect(stored.local).not.toContain('lighthouse')
    expect(page.complaints.filter((text) => !text.includes('api/config'))).toEqual([])
  })
})
