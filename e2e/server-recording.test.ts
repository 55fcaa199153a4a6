/**
 * A recording on the server with three people: the host starts it with a key, one agrees, one declines; paused, resumed
 * and stopped. Then the key's owner opens the server's folder, and what is in it is checked by content.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatFingerprint, newRecordingKey, recordingFingerprint, sealKeyFile } from '@huisclos/vault'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'
import type { Opened } from './support/opened-recording.ts'
import { diskOf, openFolder, packetsOnDisk, windowsOf } from './support/opened-recording.ts'
import { cameraSignature } from './support/picture-and-tone.ts'
import { numbersOf, pitchOf } from './support/recorded-file.ts'

/** In the page: what choosing a file does. */
function chooseFile(text: string): void {
  const input = document.querySelector<HTMLInputElement>('.record-key input[type="file"]')
  const chosen = new DataTransfer()
  chosen.items.add(new File([text], 'board.key.json'))
  if (input === null) throw new Error('no field for a file')
  input.files = chosen.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}
const bannerText = () => document.querySelector('.banner-recording')?.textContent ?? ''

const key = await newRecordingKey()
const fingerprint = formatFingerprint(recordingFingerprint(key.publicKey))
const quick = { memoryKiB: 19 * 1024, iterations: 2, parallelism: 1 }
const keyFile = await sealKeyFile(key, 'The board', 'a passphrase nobody types', quick)

describe('a recording on the server', () => {
  const recordingsDirectory = mkdtempSync(join(tmpdir(), 'hc-e2e-recordings-'))
  let server: RunningServer
  let chromium: ChromiumBrowser
  let ada: Guest, bob: Guest, chloe: Guest
  let everyone: Guest[] = []
  let opened: Opened

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent', recordingsDirectory })
    chromium = await ChromiumBrowser.launch()
    ada = await Guest.at(await chromium.page(), 0, 'Ada of Oban')
    bob = await Guest.at(await chromium.page(), 1, 'Bob of Skye')
    chloe = await Guest.at(await chromium.page(), 2, 'Chloé of Mull')
    everyone = [ada, bob, chloe]
    const link = await ada.createMeeting(server.url, 'Board')
    await ada.join()
    for (const guest of [bob, chloe]) {
      await guest.open(link)
      await guest.join()
    }
    await ada.seesAndHears([bob, chloe])
  })
  afterAll(async () => {
    await chromium?.close()
    await server?.close()
    rmSync(recordingsDirectory, { recursive: true, force: true })
  })

  const folder = () => {
    const [name = ''] = readdirSync(recordingsDirectory).filter((entry) => !entry.includes('.'))
    return join(recordingsDirectory, name)
  }
  /** The sounds of two people have so many packets on the disk, fifty a second, and there are their pictures. */
  const stored = (packets: number): Promise<unknown> =>
    vi.waitFor(
      async () => {
        const sources = await packetsOnDisk(folder())
        const sounds = sources.filter((source) => source.kind === 'audio' && source.packets >= packets)
        expect([sounds.length, sources.length]).toEqual([2, 4])
      },
      { timeout: 20_000, interval: 250 },
    )

  test('[REC1] the host sees whose key opens it before ordering, and everybody sees it then', async () => {
    await ada.press(/^More/)
    await ada.press(/^Record…$/)
    await ada.page.click('.view-option:last-of-type input')
    await ada.page.evaluate(chooseFile, keyFile)
    await ada.reads('The board')
    await ada.reads(fingerprint)
    expect(readdirSync(recordingsDirectory)).toEqual([])
    await ada.page.click('.dialog > .switch')
    await ada.press(/^Tell everybody and record$/)
    for (const guest of everyone) {
      const banner = await guest.page.until(`${guest.name} sees the banner`, bannerText)
      expect(banner).toContain(`Only The board can open it (key ${fingerprint})`)
    }
  })

  test('[REC3] two agree, one declines; the host pauses, goes on and stops', async () => {
    await bob.press(/^Record me$/)
    await chloe.press(/^Record without me$/)
    await chloe.reads('You are left out.')
    await stored(150)
    await ada.press(/^Pause$/)
    for (const guest of everyone) await guest.reads('The recording on the server is paused.')
    await ada.press(/^Go on$/)
    for (const guest of everyone) await guest.reads('This meeting is being recorded on the server.')
    await stored(220)
    await ada.press(/^Stop recording$/)
    for (const guest of everyone)
      await guest.page.until('the mark is out', () => document.querySelector('.banner-recording') === null)
    await ada.reads('The recording is on the server')
    await ada.reads('huisclos vault open ')
  })

  test('[REC5] with the key, each who agreed is in it by picture and tone, and a host signed it', async () => {
    opened = await vi.waitFor(
      async () => {
        const found = await openFolder(folder(), key)
        expect(found.report.manifest).toBe('signed')
        return found
      },
      { timeout: 15_000, interval: 500 },
    )
    const { report, files } = opened
    expect(report.damage).toEqual([])
    expect(report.events.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['paused', 'resumed', 'stopped']),
    )
    expect(files.map(({ person }) => person).sort()).toEqual([ada.name, bob.name])
    for (const guest of [ada, bob]) {
      const { id, toneHz } = cameraSignature(guest.number)
      const tracks = files.find(({ person }) => person === guest.name)?.tracks ?? []
      const sound = tracks.find(({ kind }) => kind === 'audio')?.packets ?? []
      const picture = tracks.find(({ kind }) => kind === 'video')?.packets ?? []
      expect(Math.abs((await ada.page.evaluate(pitchOf, [...sound])) - toneHz)).toBeLessThan(40)
      expect(await ada.page.evaluate(numbersOf, [...picture])).toEqual([id])
    }
  })

  test('[REC3] nothing of the one who declined is in it', async () => {
    const { id, toneHz } = cameraSignature(chloe.number)
    for (const { kind, packets } of opened.files.flatMap(({ tracks }) => tracks)) {
      if (kind === 'audio')
        expect(Math.abs((await ada.page.evaluate(pitchOf, [...packets])) - toneHz)).toBeGreaterThan(40)
      else expect(await ada.page.evaluate(numbersOf, [...packets])).not.toContain(id)
    }
    // A sound and a picture of each of the others: hers never came to the disk.
    expect(await packetsOnDisk(folder())).toHaveLength(4)
  })

  test('[REC2] on the disk of the server none of that lies in the clear, and another key opens nothing', async () => {
    const disk = diskOf(folder())
    const windows = windowsOf(opened)
    expect(windows.length).toBeGreaterThan(20)
    for (const bytes of windows) expect(disk.includes(bytes)).toBe(false)
    // The search finds what is there.
    expect(disk.includes(disk.subarray(2_000, 2_016))).toBe(true)
    // Three letters would be found by chance in a megabyte of anything.
    for (const secret of [ada.name, bob.name, 'The board', 'Board']) expect(disk.includes(secret)).toBe(false)
    await expect(openFolder(folder(), await newRecordingKey())).rejects.toMatchObject({
      code: 'nothing-opens',
    })
  })
})
