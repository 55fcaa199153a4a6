/**
 * Recording on one's own computer with three people: everybody is told, one agrees, one declines, and the file is
 * checked by what it holds. Then the recording page's process is ended in the middle, and what it wrote is found again.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { indexJournal } from '../packages/web/src/platform/recording/journal-index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'
import { cameraSignature } from './support/picture-and-tone.ts'
import type { RecordedTrack } from './support/recorded-file.ts'
import { numbersOf, pitchOf, recordedTracks, recordingBytes } from './support/recorded-file.ts'

describe('a recording on this computer', () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  let ada: Guest, bob: Guest, chloe: Guest
  let tracks: RecordedTrack[] = []

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
    chromium = await ChromiumBrowser.launch()
    ada = await Guest.at(await chromium.page(), 0, 'Ada')
    bob = await Guest.at(await chromium.page(), 1, 'Bob')
    chloe = await Guest.at(await chromium.page(), 2, 'Chloé')
    const link = await ada.createMeeting(server.url, 'Board')
    await ada.join()
    for (const guest of [bob, chloe]) {
      await guest.open(link)
      await guest.join()
    }
    for (const guest of [ada, bob, chloe])
      await guest.seesAndHears([ada, bob, chloe].filter((other) => other !== guest))
  })
  afterAll(async () => {
    await chromium?.close()
    await server?.close()
  })

  const begin = async (): Promise<void> => {
    await ada.press(/^More/)
    await ada.press(/^Record on this computer/)
    await ada.press(/^Tell everybody and record$/)
  }
  /** Waits until the banner says that so many seconds were written. */
  const recordsFor = (seconds: number): Promise<unknown> =>
    ada.page.until(
      `${seconds} s are recorded`,
      (least) => {
        const [, minutes = '0', rest = '0'] =
          /(\d+):(\d\d), /.exec(document.querySelector('.banner-recording')?.textContent ?? '') ?? []
        return Number(minutes) * 60 + Number(rest) >= least
      },
      seconds,
    )

  test('[LREC1] everybody is told; [LREC2] nobody is recorded before they agree', async () => {
    await begin()
    for (const guest of [bob, chloe]) await guest.reads('Ada records on their own computer.')
    await ada.reads('2 people are not recorded')
    await bob.press(/^Record me$/)
    await chloe.press(/^Record without me$/)
    await ada.reads('1 person is not recorded')
    await chloe.reads('You are left out.')
    for (const guest of [ada, bob, chloe])
      expect(
        await guest.page.until(
          'the shield says so',
          () => document.querySelector('.shield-recorded')?.textContent,
        ),
      ).toContain('Recorded')
  })

  test('[LREC4] the file holds a track for each sound and picture of those who agreed', async () => {
    await recordsFor(7)
    await ada.press(/^Stop recording$/)
    await bob.page.until('nobody records', () => document.querySelector('.banner-recording') === null)
    await ada.press(/^Save file$/)
    await ada.reads('Handed to your browser')
    tracks = await recordedTracks(await recordingBytes(ada.page, '.webm'))
    expect(tracks.map(({ name }) => name).sort()).toEqual([
      'Ada, camera',
      'Ada, microphone',
      'Bob, camera',
      'Bob, microphone',
    ])
    for (const guest of [ada, bob]) {
      const { id, toneHz } = cameraSignature(guest.number)
      const sound = tracks.find(({ name }) => name === `${guest.name}, microphone`)
      const picture = tracks.find(({ name }) => name === `${guest.name}, camera`)
      expect(Math.abs((await ada.page.evaluate(pitchOf, [...(sound?.packets ?? [])])) - toneHz)).toBeLessThan(
        40,
      )
      expect(await ada.page.evaluate(numbersOf, [...(picture?.packets ?? [])])).toEqual([id])
      expect(picture?.packets.length).toBeGreaterThan(20)
    }
  })

  test('[LREC2] nothing of the one who declined is in it', async () => {
    expect(tracks.some(({ name }) => name.includes('Chloé'))).toBe(false)
    const { toneHz } = cameraSignature(chloe.number)
    for (const { kind, packets } of tracks.filter((track) => track.kind === 'audio'))
      expect(Math.abs((await ada.page.evaluate(pitchOf, [...packets])) - toneHz), kind).toBeGreaterThan(40)
  })

  test('[LREC3] the recording page dies: at most a second is lost, and the rest is offered on the next visit', async () => {
    await ada.press(/^Delete$/)
    await ada.page.click('[role="alertdialog"] .button-danger')
    await ada.page.until('it is gone', () => document.querySelector('.kept') === null)
    await begin()
    await bob.press(/^Record me$/)
    await recordsFor(4)
    const diedAt = await ada.page.evaluate(() => performance.timeOrigin + performance.now())
    const again = await chromium.crash(ada.page)
    await again.goto(server.url)
    await again.until('it is offered', () => document.querySelector('.kept')?.textContent?.includes('Board'))
    const journal = await recordingBytes(again, '.journal')
    const index = await indexJournal({
      sizeBytes: journal.length,
      read: async (at, sizeBytes) => journal.slice(at, at + sizeBytes),
    })
    expect(index?.ended).toBe(false)
    const lastsUntil = (index?.facts.beganAt ?? 0) + (index?.durationMs ?? 0)
    expect(diedAt - lastsUntil).toBeLessThan(1_000)
  })
})
