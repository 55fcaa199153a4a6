/**
 * What a page receives depends on the tiles that it shows, not on the people who are there (PIC6): one Chromium that
 * looks, five that send, counted by the browser's own statistics.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import type { TestPage } from './support/browsers.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'
import { pressOn, tabTo } from './support/keyboard.ts'
import type { VideoStream } from './support/received-video.ts'
import { totalBitsPerSecond, watchVideo } from './support/received-video.ts'

const NAMES = ['Ada', 'Bob', 'Chloé', 'Dan', 'Eve', 'Fox']
const WATCH_MS = 4_000
/** Longer than wishes take to settle. */
const SETTLE_MS = 3_000
const SMALL_LAYER_PX = 160
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** In the page: a camera of 640 × 360 with something to encode, so that its three layers differ. */
function sendLargePictures(): void {
  const devices = navigator.mediaDevices
  const before = devices.getUserMedia.bind(devices)
  devices.getUserMedia = async (wanted) => {
    if (!wanted?.video) return before(wanted)
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 360
    const context = canvas.getContext('2d')
    let tick = 0
    setInterval(() => {
      tick += 1
      for (let i = 0; i < 60; i += 1) {
        if (context === null) return
        context.fillStyle = `hsl(${(tick * 17 + i * 40) % 360} 70% ${30 + (i % 5) * 10}%)`
        context.fillRect((i * 97 + tick * 11) % 640, (i * 53 + tick * 7) % 360, 90, 60)
      }
    }, 100)
    const sound = wanted.audio ? (await before({ audio: wanted.audio })).getTracks() : []
    return new MediaStream([...canvas.captureStream(10).getVideoTracks(), ...sound])
  }
}

/** In the page: as if in a hidden tab. */
function hide(hidden: boolean): void {
  const state = hidden ? 'hidden' : 'visible'
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
  document.dispatchEvent(new Event('visibilitychange'))
}

const shownTiles = () =>
  [...document.querySelectorAll('.tile-name-text')].map((name) => name.textContent ?? '').length

/** In the page: chooses an option of the focused list, as a key does. */
function chooseOption(value: string): void {
  const list = document.activeElement
  if (!(list instanceof HTMLSelectElement)) throw new Error('no list has the focus')
  list.value = value
  list.dispatchEvent(new Event('change', { bubbles: true }))
}

/** Each wait within ends by itself after a minute; some tests have three. */
describe('one who looks, five who send', { timeout: 300_000 }, () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  let link: string
  let ada: Guest
  let page: TestPage
  let four: VideoStream[]

  /** Watches until it is so (pictures begin with a key frame, large layers with a path known to be wide). */
  const watchUntil = async (what: string, isSo: (streams: VideoStream[]) => boolean) => {
    const end = Date.now() + 60_000
    let last: VideoStream[] = []
    await pause(SETTLE_MS)
    while (Date.now() < end) {
      last = await watchVideo(page, WATCH_MS)
      if (isSo(last)) return last
    }
    throw new Error(`waited for ${what}, and there is ${JSON.stringify(last)}`)
  }
  const pictures = (count: number) => watchUntil(`${count} pictures`, ({ length }) => length === count)
  const enter = async (from: number, to: number) => {
    for (let number = from; number < to; number += 1) {
      const guest = await Guest.at(await chromium.page(), number, NAMES[number] ?? '')
      await guest.page.beforeScripts(sendLargePictures)
      // Those who only send ask for nothing: the box is small.
      await guest.page.beforeScripts(hide, true)
      await guest.open(link)
      await guest.join()
    }
  }
  const mostTiles = async (count: number) => {
    await page.press('F6')
    await pressOn(page, /^View$/, 'Enter')
    await tabTo(page, /^On one page/)
    await page.evaluate(chooseOption, String(count))
    await page.press('Escape')
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
    await chromium?.close()
    await server?.close()
  })

  test('[PIC6] of four people, three pictures come', async () => {
    await enter(1, 4)
    await ada.seesPeople(NAMES.slice(0, 4))
    await mostTiles(4)
    four = await pictures(3)
  })

  test('[PIC6] two more come: the page still receives three pictures, and no more bits than before', async () => {
    await enter(4, 6)
    await page.until('there are two pages', () => document.querySelector('.pager') !== null)
    const now = await pictures(3)
    expect(await page.evaluate(shownTiles)).toBe(4)
    expect(totalBitsPerSecond(now)).toBeLessThan(totalBitsPerSecond(four) * 1.4)
  })

  test('[PIC1, PIC6] the next page, by its key, brings the other two and stops the three', async () => {
    await page.press('PageDown')
    await page.until('the second page is there', () =>
      /2/.test(document.querySelector('.pager')?.textContent ?? ''),
    )
    expect(await ada.tiles()).toEqual(['Eve', 'Fox'])
    await pictures(2)
    await page.press('PageUp')
    await pictures(3)
  })

  test('[PIC1] all on one page: five pictures, decoded and received', async () => {
    await mostTiles(49)
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
