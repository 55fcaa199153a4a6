/**
 * The main thing, on real input: four Chromium pages and one Firefox in one meeting through the real server and the
 * real media worker, each told apart by the picture it sends and the pitch it sounds. Content is checked, not the
 * presence of tracks.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { ChromiumBrowser, FirefoxBrowser } from './support/browsers.ts'
import { allSeeAndHear, allSeePeople, Guest } from './support/guest.ts'
import { screenSignature } from './support/picture-and-tone.ts'
import type { SoundSink } from './support/sound-sink.ts'
import { startSoundSink } from './support/sound-sink.ts'

const TITLE = 'Board of the lighthouse'

describe('five people in one meeting', () => {
  let server: RunningServer
  let sink: SoundSink
  let chromium: ChromiumBrowser
  let firefox: FirefoxBrowser
  let link: string
  let ada: Guest, bob: Guest, chloe: Guest, dan: Guest, fox: Guest
  const everyone = (): Guest[] => [ada, bob, chloe, dan, fox]

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
    sink = await startSoundSink()
    chromium = await ChromiumBrowser.launch()
    firefox = await FirefoxBrowser.launch(sink.environment)
    ada = await Guest.at(await chromium.page(), 0, 'Ada')
    bob = await Guest.at(await chromium.page(), 1, 'Bob')
    chloe = await Guest.at(await chromium.page(), 2, 'Chloé')
    dan = await Guest.at(await chromium.page(), 3, 'Dan')
    fox = await Guest.at(await firefox.page(), 4, 'Fox')
  })
  afterAll(async () => {
    await chromium?.close()
    await firefox?.close()
    await sink?.[Symbol.asyncDispose]()
    await server?.close()
  })

  test('[LINK1] the creator gets a link and enters first, alone', async () => {
    link = await ada.createMeeting(server.url, TITLE)
    await ada.reads(TITLE)
    await ada.join()
    await ada.reads('You are alone here')
    expect(await ada.page.evaluate(() => location.hash)).toBe('')
  })

  test('[GRP6] four more follow the link and are let in', async () => {
    for (const guest of [bob, chloe, dan, fox]) {
      await guest.open(link)
      await guest.reads(TITLE)
      await guest.join()
    }
    await allSeePeople(everyone())
  })

  test('everyone sees every picture and hears every tone', async () => {
    await allSeeAndHear(everyone())
  })

  // Early, so that whatever the others' checks make of it is on screen by the end.
  test('[GRP10] one reloads: one tile, no ghost', async () => {
    await bob.page.reload()
    await bob.join()
    await allSeePeople(everyone())
    await allSeeAndHear(everyone())
  })

  test('chat goes both ways between Chromium and Firefox', async () => {
    for (const [from, to, text] of [
      [ada, fox, 'Bonjour from Chromium'],
      [fox, ada, 'Hello de Firefox'],
    ] as const) {
      for (const guest of [from, to]) {
        const open = await guest.page.evaluate(() => document.querySelector('.chat-log') !== null)
        if (!open) await guest.press(/^Chat/)
      }
      await from.write(/message/i, text)
      await from.press(/^Send$/)
      await to.reads(text)
    }
    for (const guest of [ada, fox]) await guest.press(/^Close$/)
  })

  test.each(['Firefox to Chromium', 'Chromium to Firefox'])(
    'a screen is shared with its sound: %s',
    async (way) => {
      const sharer = way.startsWith('Firefox') ? fox : ada
      await sharer.press(/^Share/)
      const screen = screenSignature(sharer.number)
      for (const viewer of everyone().filter((guest) => guest !== sharer)) {
        await viewer.page.until(
          `${viewer.name} sees the screen of ${sharer.name}`,
          () => document.querySelector('.tile-screen video') !== null,
        )
        const seen = await viewer.perceivesEventually(
          (now) =>
            now.pictures.includes(screen.id) && now.tones.some((hz) => Math.abs(hz - screen.toneHz) < 40),
        )
        expect(seen.pictures).toContain(screen.id)
      }
      await sharer.press(/^Stop sharing/)
      for (const viewer of everyone().filter((guest) => guest !== sharer)) {
        await viewer.page.until(
          'the shared screen is gone',
          () => document.querySelector('.tile-screen') === null,
        )
      }
    },
  )

  test('[GRP7] one leaves: keys change, the others never stop', async () => {
    await dan.press(/^Leave$/)
    const left = everyone().filter((guest) => guest !== dan)
    await allSeePeople(left)
    await allSeeAndHear(left)
  })

  test('[ROS2] through all of this nobody was alarmed', async () => {
    for (const guest of everyone().filter((each) => each !== dan))
      expect(
        await guest.page.evaluate(() => document.querySelector('.banner-alarm')?.textContent ?? ''),
      ).toBe('')
  })

  test('[LINK4] one joins with a wrong secret: a clear page, not a black meeting', async () => {
    const [address = '', fragment = ''] = link.split('#')
    const altered = `${fragment.slice(0, 8)}${fragment[8] === 'A' ? 'B' : 'A'}${fragment.slice(9)}`
    await dan.open(`${address}#${altered}`)
    await dan.page.until(
      'the page says that the link is wrong',
      () =>
        /link/i.test(document.body.textContent ?? '') &&
        document.querySelector('h1') !== null &&
        document.querySelector('.stage') === null &&
        /(not|wrong|damaged|incomplete)/i.test(document.querySelector('main')?.textContent ?? ''),
    )
  })

  test('[WEB1] the hop is AES-256-GCM as well, and no page spoke to another origin', async () => {
    for (const guest of [ada, chloe]) {
      const hops = await guest.hops()
      expect(hops).toHaveLength(2)
      for (const { cipher, protocol } of hops) {
        expect(cipher).toMatch(/AEAD_AES_256_GCM$/)
        expect(protocol).toBe('udp')
      }
    }
    for (const guest of everyone()) {
      const foreign = guest.page.requests.filter(
        (url) =>
          !url.startsWith(server.url) &&
          !url.startsWith(server.url.replace('http', 'ws')) &&
          !url.startsWith('blob:') &&
          url !== 'about:blank',
      )
      expect(foreign).toEqual([])
    }
  })
})
