/**
 * A whole meeting without a mouse (EVE4): Ada makes it, hosts it and leaves it by key presses alone; Bob and Chloé are
 * there to see that each of them does what it says. Every stop of the focus must be seen (support/keyboard.ts).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import type { TestPage } from './support/browsers.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'
import { chooseEntry, focusComesTo, focusOf, pressOn, tabTo, type } from './support/keyboard.ts'

/** In the page: whether some tile says all of these. */
const tileSays = (...words: string[]): boolean =>
  [...document.querySelectorAll('.tile')].some((tile) =>
    words.every((word) => (tile.textContent ?? '').includes(word)),
  )

describe('a meeting by keyboard alone', () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  let ada: Guest, bob: Guest, chloe: Guest
  let keys: TestPage
  let link = ''

  /** Into the bar, from wherever the focus is. */
  const toBar = async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      await keys.press('F6')
      if ((await focusOf(keys)) === 'Controls') return
    }
    throw new Error('F6 does not lead to the controls')
  }
  /** Opens a panel from the bar, does something in it, closes it by Escape, and is back where it began. */
  const inPanel = async (opener: RegExp, heading: RegExp, deed: () => Promise<void>) => {
    await toBar()
    await pressOn(keys, opener, 'Enter')
    await keys.until('the panel has the focus', () => document.activeElement?.closest('.panel') !== null)
    expect(await keys.evaluate(() => document.querySelector('.panel h2')?.textContent)).toMatch(heading)
    await deed()
    // The words beside a button that has the focus go first, as WCAG 1.4.13 wants it.
    if (await keys.evaluate(() => document.querySelector('[role="tooltip"]') !== null))
      await keys.press('Escape')
    await keys.press('Escape')
    await keys.until('the panel is closed', () => document.querySelector('.panel') === null)
    await focusComesTo(keys, opener)
  }

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
    chromium = await ChromiumBrowser.launch()
    ada = await Guest.at(await chromium.page(), 0, 'Ada')
    bob = await Guest.at(await chromium.page(), 1, 'Bob')
    chloe = await Guest.at(await chromium.page(), 2, 'Chloé')
    keys = ada.page
  })
  afterAll(async () => {
    await chromium?.close()
    await server?.close()
  })

  test('[EVE4] from the home page into a meeting', async () => {
    await keys.goto(server.url)
    await tabTo(keys, /^Skip to the main part$/)
    await tabTo(keys, /^Title/)
    await type(keys, 'By keys')
    await pressOn(keys, /^Create the meeting$/, 'Enter')
    link = await keys.until(
      'the link is shown',
      () =>
        [...document.querySelectorAll('input')]
          .map(({ value }) => value)
          .find((text) => text.includes('/m/')) ?? '',
    )
    await pressOn(keys, /^Start$/, 'Enter')
    await keys.until(
      'the pre-join screen is there',
      () => document.querySelector('.self-view, .prejoin') !== null,
    )
    await pressOn(keys, /^Turn the camera off$/, ' ')
    await pressOn(keys, /^Turn the camera on$/, ' ')
    await tabTo(keys, /^Your name/)
    await type(keys, 'Ada')
    await keys.press('Enter')
    await keys.until('Ada is in the room', () => document.querySelector('.stage') !== null)
    await focusComesTo(keys, /^Participants$/)
    for (const guest of [bob, chloe]) {
      await guest.open(link)
      await guest.join()
    }
    await ada.seesPeople(['Ada', 'Bob', 'Chloé'])
    await ada.seesAndHears([bob, chloe])
  })

  test('[EVE4] microphone, camera and their devices', async () => {
    await toBar()
    await pressOn(keys, /^Turn the microphone off$/, ' ')
    await bob.page.until('Bob sees that she is muted', tileSays, 'Ada', 'Microphone off')
    await pressOn(keys, /^Turn the microphone on$/, 'Enter')
    await pressOn(keys, /^Turn the camera off$/, 'Enter')
    await bob.perceivesEventually(({ pictures }) => pictures.length === 1, 'Chloé’s picture alone')
    await pressOn(keys, /^Turn the camera on$/, 'Enter')
    await bob.seesAndHears([ada, chloe])
    await pressOn(keys, /^Choose camera$/, 'Enter')
    await keys.until('the choice is open', () => document.activeElement?.closest('.popover') !== null)
    await tabTo(keys, /^Camera/)
    await keys.press('Escape')
    await focusComesTo(keys, /^Choose camera$/)
  })

  test('[EVE4] a screen is shared and taken back', async () => {
    await pressOn(keys, /^Share the screen$/, 'Enter')
    await chloe.page.until('Chloé sees a screen', () => document.querySelector('.tile-screen') !== null)
    await pressOn(keys, /^Stop sharing$/, 'Enter')
    await chloe.page.until('the screen is gone', () => document.querySelector('.tile-screen') === null)
  })

  test('[EVE4] a hand goes up and down', async () => {
    await toBar()
    await pressOn(keys, /^Raise your hand$/, 'Enter')
    await bob.page.until('Bob sees her hand', tileSays, 'Ada', 'Hand raised')
    await pressOn(keys, /^Lower your hand$/, 'Enter')
    await bob.page.until('the hand is down', () => document.querySelector('.tile-hand') === null)
  })

  test('[EVE4] chat: written, sent, closed, and the focus is back', async () => {
    await inPanel(/^Chat/, /^Chat$/, async () => {
      await tabTo(keys, /^Message to everyone/)
      await type(keys, 'Good morning')
      await keys.press('Enter')
      await bob.reads('Good morning')
    })
  })

  test('[EVE4] people: what a host can do to one of them', async () => {
    await inPanel(/^People/, /^People/, async () => {
      await pressOn(keys, /^Actions for Bob$/, 'Enter')
      await chooseEntry(keys, /^Put in the spotlight$/)
      await chloe.page.until('Bob is large for Chloé', () =>
        [...document.querySelectorAll('.tiles-main .tile-name-text')].some(
          (name) => name.textContent?.trim() === 'Bob',
        ),
      )
      await focusComesTo(keys, /^Actions for Bob$/)
      await keys.press('Enter')
      await chooseEntry(keys, /^Take out of the spotlight$/)
      await focusComesTo(keys, /^Actions for Bob$/)
    })
  })

  test('[EVE4] the layout, by the arrows of its choice', async () => {
    await inPanel(/^View$/, /^View$/, async () => {
      await tabTo(keys, /^Gallery view/)
      await keys.press('ArrowDown')
      await keys.until('somebody is large', () => document.querySelector('.tiles-main .tile') !== null)
      await keys.press('ArrowUp')
      await keys.until('nobody is large', () => document.querySelector('.tiles-main') === null)
    })
  })

  test('[EVE4] settings, through the menu of what is seldom needed', async () => {
    await toBar()
    await pressOn(keys, /^More/, 'Enter')
    await chooseEntry(keys, /^Settings/)
    await keys.until('Settings has the focus', () => document.activeElement?.closest('.panel') !== null)
    await tabTo(keys, /^Reduce background noise/)
    await keys.press('Escape')
    await keys.until('the panel is closed', () => document.querySelector('.panel') === null)
    await focusComesTo(keys, /^More/)
  })

  test('[EVE4] the language, in the meeting and without a reload', async () => {
    await keys.evaluate(() => void Object.assign(window, { sameDocument: true }))
    await toBar()
    await pressOn(keys, /^More/, 'Enter')
    await chooseEntry(keys, /^Settings/)
    await tabTo(keys, /^Language/)
    await keys.press('f')
    await keys.until('the page is French', () => document.documentElement.lang === 'fr')
    await keys.press('Escape')
    await focusComesTo(keys, /^Plus/)
    await ada.seesAndHears([bob, chloe])
    await bob.seesAndHears([ada, chloe])
    expect(await keys.evaluate(() => Reflect.get(window, 'sameDocument') === true)).toBe(true)
    await keys.press('Enter')
    await chooseEntry(keys, /^Réglages/)
    await tabTo(keys, /^Langue/)
    await keys.press('e')
    await keys.until('the page is English', () => document.documentElement.lang === 'en')
    await keys.press('Escape')
    await focusComesTo(keys, /^More/)
  })

  test('[EVE4] F6 goes round every region and back, and the help closes to where it was', async () => {
    await toBar()
    const round: string[] = []
    for (let turn = 0; turn < 6 && !round.includes('Controls'); turn += 1) {
      await keys.press('F6')
      round.push(await focusOf(keys))
    }
    expect(round).toEqual(['Participants', 'Controls'])
    await keys.press('Shift+F6')
    expect(await focusOf(keys)).toBe('Participants')
    await keys.press('?')
    await keys.until('the help is open', () => document.activeElement?.closest('.modal') !== null)
    await tabTo(keys, /^Shortcuts with a single letter/)
    await keys.press('Escape')
    await focusComesTo(keys, /^Participants$/)
  })

  test('[EVE4] the only host leaves, and names somebody first', async () => {
    await toBar()
    await pressOn(keys, /^Leave$/, 'Enter')
    await keys.until('the question is asked', () => document.activeElement?.closest('.modal') !== null)
    await pressOn(keys, /^Make Bob host, then leave$/, 'Enter')
    await keys.until('she is out', () => document.querySelector('.room') === null)
    await bob.reads('Bob is now a host')
    await bob.page.until('two are left', () => document.querySelectorAll('.tile').length === 2)
    expect((await bob.tiles()).toSorted()).toEqual(['Chloé', 'You'])
    await bob.page.until(
      'Bob is host',
      () => document.querySelector('[aria-label="Leave or end the meeting"]') !== null,
    )
    await tabTo(keys, /^Come back|^Rejoin|^Home|^To the home page|^Huis clos/)
  })
})
