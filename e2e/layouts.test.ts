/**
 * Pictures arranged by keyboard alone: three people in one meeting, one of whom has no mouse (PIC1–5). What the others
 * receive must not change by it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { allSeeAndHear, Guest } from './support/guest.ts'
import { pressOn, tabTo } from './support/keyboard.ts'

/** In the page: the names of the tiles in one place. */
const namesIn = (place: string): string[] =>
  [...document.querySelectorAll(`${place} .tile-name-text`)].map((name) => name.textContent?.trim() ?? '')

const mirrored = (): number => document.querySelectorAll('.video-mirrored').length

describe('pictures by keyboard', () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  let ada: Guest, bob: Guest, chloe: Guest
  const everyone = () => [ada, bob, chloe]
  const othersSeeAll = async () => {
    await allSeeAndHear([bob, chloe], everyone())
  }
  /** From wherever the focus is, into the View panel. */
  const openView = async () => {
    await ada.page.press('F6')
    await pressOn(ada.page, /^View$/, 'Enter')
    await ada.page.until('the View panel is open', () => document.querySelector('.view-choice') !== null)
  }
  const large = () => ada.page.evaluate(namesIn, '.tiles-main, .tiles-mains')

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
    chromium = await ChromiumBrowser.launch()
    ada = await Guest.at(await chromium.page(), 0, 'Ada')
    bob = await Guest.at(await chromium.page(), 1, 'Bob')
    chloe = await Guest.at(await chromium.page(), 2, 'Chloé')
    const link = await ada.createMeeting(server.url, 'Three keys')
    await ada.join()
    for (const guest of [bob, chloe]) {
      await guest.open(link)
      await guest.join()
    }
    await allSeeAndHear(everyone())
  })
  afterAll(async () => {
    await chromium?.close()
    await server?.close()
  })

  test('[PIC3] speaker view shows one who talks, and does not jump between two', async () => {
    await ada.page.press('l')
    await ada.page.until('somebody is large', () => document.querySelector('.tiles-main .tile') !== null)
    const seen: string[] = []
    for (let look = 0; look < 30; look += 1) {
      seen.push((await large()).join())
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    const changes = seen.filter((name, index) => index > 0 && name !== seen[index - 1])
    expect(changes.length).toBeLessThanOrEqual(1)
  })

  test('[PIC3] whoever falls silent gives the floor to the other', async () => {
    const [first] = await large()
    const [holder, other] = first === 'Bob' ? [bob, chloe] : [chloe, bob]
    await holder.press(/^Turn the microphone off$/)
    await ada.page.until(
      `${other.name} is large`,
      (name) => document.querySelector('.tiles-main .tile-name-text')?.textContent?.trim() === name,
      other.name,
    )
    await holder.press(/^Turn the microphone on$/)
    await ada.page.press('l')
    await ada.seesPeople(['Ada', 'Bob', 'Chloé'])
    expect(await large()).toEqual([])
  })

  test('[PIC2] two are pinned side by side, and unpinned together', async () => {
    await pressOn(ada.page, /^Pin Bob$/, 'Enter')
    await pressOn(ada.page, /^Pin Chloé$/, 'Enter')
    await ada.page.until('two are large', () => document.querySelectorAll('.tiles-mains .tile').length === 2)
    expect(await large()).toEqual(['Bob', 'Chloé'])
    await ada.seesAndHears([bob, chloe])
    await openView()
    await pressOn(ada.page, /^Unpin everyone$/, 'Enter')
    await ada.page.until('nobody is large', () => document.querySelector('.tiles-mains') === null)
  })

  test('[PIC4] mirrored or not is for oneself only', async () => {
    expect(await ada.page.evaluate(mirrored)).toBe(1)
    await pressOn(ada.page, /^Mirror my own picture/, ' ')
    await ada.page.until('nothing is mirrored', () => document.querySelector('.video-mirrored') === null)
    for (const guest of [bob, chloe]) expect(await guest.page.evaluate(mirrored)).toBe(1)
    await othersSeeAll()
  })

  test('[PIC4] hidden from oneself, the others still see one', async () => {
    await tabTo(ada.page, /^Show me my own picture/)
    await ada.page.press(' ')
    await ada.page.until('two tiles are left', () => document.querySelectorAll('.tile').length === 2)
    expect((await ada.tiles()).toSorted()).toEqual(['Bob', 'Chloé'])
    await othersSeeAll()
  })

  test('the whole screen by F, and back', async () => {
    await ada.page.press('Escape')
    await ada.page.press('f')
    await ada.page.until('the screen is filled', () => document.fullscreenElement !== null)
    await ada.page.press('f')
    await ada.page.until('it is a window again', () => document.fullscreenElement === null)
  })

  test('[PIC5] a window apart shows somebody else, with a microphone that works', async () => {
    await openView()
    await pressOn(ada.page, /^Picture in picture$/, 'Enter')
    await ada.page.until('the window shows a picture', () => {
      const apart = Reflect.get(window, 'documentPictureInPicture') as { window: Window | null }
      return (apart.window?.document.querySelector('video')?.videoWidth ?? 0) > 0
    })
    const muted = await ada.page.evaluate(() => {
      const { window: apart } = Reflect.get(window, 'documentPictureInPicture') as { window: Window }
      const [microphone] = apart.document.querySelectorAll<HTMLElement>('.separate-bar button')
      const styled = apart.getComputedStyle(apart.document.querySelector('.separate') as Element).display
      microphone?.click()
      return { styled, name: apart.document.querySelector('.tile-name-text')?.textContent ?? '' }
    })
    expect(muted.styled).toBe('grid')
    expect(['Bob', 'Chloé']).toContain(muted.name)
    await bob.page.until('Ada is muted', () =>
      [...document.querySelectorAll('.tile')].some(
        (tile) => /Ada/.test(tile.textContent ?? '') && /Microphone off/.test(tile.textContent ?? ''),
      ),
    )
    await ada.press(/^Turn the microphone on$/)
    await pressOn(ada.page, /^Close picture in picture$/, 'Enter')
    await ada.page.until('the window is gone', () => {
      const apart = Reflect.get(window, 'documentPictureInPicture') as { window: Window | null }
      return apart.window === null
    })
  })

  test('[PIC4] it is all as it was after a reload', async () => {
    await ada.page.press('Escape')
    await ada.page.press('l')
    await ada.page.reload()
    await ada.join()
    await ada.page.until('somebody is large', () => document.querySelector('.tiles-main .tile') !== null)
    await ada.page.until('Ada is nowhere', () => document.querySelectorAll('.tile').length === 2)
    expect((await ada.tiles()).toSorted()).toEqual(['Bob', 'Chloé'])
    expect(await ada.page.evaluate(mirrored)).toBe(0)
  })
})
