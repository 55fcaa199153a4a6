/**
 * What a page receives depends on the tiles that it shows, not on the people who are there (PIC6): one Chromium that
 * looks and five participants without a browser that send, counted by the browser's own statistics.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import type { Bot } from './support/bots.ts'
import { enterBot } from './support/bots.ts'
import type { TestPage } from './support/browsers.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'
import { pressOn } from './support/keyboard.ts'
import type { VideoStream } from './support/received-video.ts'
import { totalBitsPerSecond, watchVideo } from './support/received-video.ts'
import { showAtMost } from './support/tiles.ts'

const NAMES = ['Ada', 'Bob', 'Chloé', 'Dan', 'Eve', 'Fox']
const WATCH_MS = 1_200
/** The loop's pictures differ in size: bits are counted over some of its length. */
const COUNT_MS = 4_000
const SMALL_LAYER_PX = 160

/** In the page: as if in a hidden tab. */
function hide(hidden: boolean): void {
  const state = hidden ? 'hidden' : 'visible'
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
  document.dispatchEvent(new Event('visibilitychange'))
}

const shownTiles = () =>
  [...document.querySelectorAll('.tile-name-text')].map((name) => name.textContent ?? '').length

/** Each wait within ends by itself after a minute; some tests have three. */
describe('one who looks, five who send', { timeout: 300_000 }, () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  let link: string
  let ada: Guest
  let page: TestPage
  let bitsOfFour: number
  const bots: Bot[] = []

  /** Watches until it is so twice running: one look may be at the moment of a change. */
  const watchUntil = async (what: string, isSo: (streams: VideoStream[]) => boolean) => {
    const end = Date.now() + 60_000
    let last: VideoStream[] = []
    for (let held = 0; Date.now() < end; ) {
      last = await watchVideo(page, WATCH_MS)
      held = isSo(last) ? held + 1 : 0
      if (held === 2) return
    }
    throw new Error(`waited for ${what}, and there is ${JSON.stringify(last)}`)
  }
  const pictures = (count: number) => watchUntil(`${count} pictures`, ({ length }) => length === count)
  const enter = async (names: string[]) => {
    for (const name of names) bots.push(await enterBot(link, name))
  }

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
    chromium = await ChromiumBrowser.launch()
    page = await chromium.page()
    ada = await Guest.at(page, 0, 'Ada')
    link = await ada.createMeeting(server.url, 'Lanterns')
    await ada.join()
  })
  afterAll(async () => {
    await Promise.all(bots.map((bot) => bot.leave()))
    await chromium?.close()
    await server?.close()
  })

  test('[PIC6] of four people, three pictures come', async () => {
    await enter(['Bob', 'Chloé', 'Dan'])
    await ada.seesPeople(NAMES.slice(0, 4))
    await showAtMost(page, 4)
    await pictures(3)
    bitsOfFour = totalBitsPerSecond(await watchVideo(page, COUNT_MS))
  })

  test('[PIC6] two more come: the page still receives three pictures, and no more bits than before', async () => {
    await enter(['Eve', 'Fox'])
    await page.until('there are two pages', () => document.querySelector('.pager') !== null)
    await pictures(3)
    expect(await page.evaluate(shownTiles)).toBe(4)
    expect(totalBitsPerSecond(await watchVideo(page, COUNT_MS))).toBeLessThan(bitsOfFour * 1.4)
  })

  test('[PIC1, PIC6] the next page, by its key, brings the other two and stops the three', async () => {
    await page.press('PageDown')
    await page.until('the second page is there', () =>
      /2/.test(document.querySelector('.pager')?.textContent ?? ''),
    )
    // A newcomer's name comes a moment after the newcomer.
    await page.until('the other two are on it', () => {
      const names = [...document.querySelectorAll('.tile-name-text')].map((name) => name.textContent?.trim())
      return names.join() === 'Eve,Fox'
    })
    await pictures(2)
    await page.press('PageUp')
    await pictures(3)
  })

  test('[PIC1] all on one page: five pictures, decoded and received', async () => {
    await showAtMost(page, 49)
    await ada.seesPeople(NAMES)
    await pictures(5)
  })

  test('[PIC6] a pinned tile gets a large layer, those in the strip small ones', async () => {
    await pressOn(page, /^Pin Bob$/, 'Enter')
    await page.until('Bob is large', () => document.querySelector('.tiles-main .tile') !== null)
    await watchUntil('one large picture and four small ones', (streams) => {
      const [first = 0, ...rest] = streams.map(({ width }) => width).toSorted((a, b) => b - a)
      return first > SMALL_LAYER_PX && rest.length === 4 && rest.every((width) => width === SMALL_LAYER_PX)
    })
  })

  test('[PIC5, PIC6] a hidden tab receives nothing, but the picture in its own window', async () => {
    await page.press('F6')
    await pressOn(page, /^View$/, 'Enter')
    await pressOn(page, /^Picture in picture$/, 'Enter')
    await page.until('the window is there', () => {
      const apart = Reflect.get(window, 'documentPictureInPicture') as { window: Window | null }
      const video = apart.window?.document.querySelector('video')
      return video !== null && video !== undefined && video.videoWidth > 0
    })
    await page.evaluate(hide, true)
    await pictures(1)
    await page.evaluate(() => {
      const { window: opened } = Reflect.get(window, 'documentPictureInPicture') as { window: Window | null }
      opened?.close()
    })
    await pictures(0)
    await page.evaluate(hide, false)
    await pictures(5)
  })
})
