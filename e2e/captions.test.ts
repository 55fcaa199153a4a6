/**
 * Captions in real browsers (CAP1–CAP6): one types, one's voice is recognised on the device, and all read it, in both
 * languages. Chromium here knows on-device recognition and has no language for it, so the recogniser is a fake one in
 * the browser's place; what Chromium itself answers is asked too.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { installFakeSpeech, speechHears } from './support/fake-speech.ts'
import { Guest } from './support/guest.ts'

/** In the page: whether a caption stands over the pictures, as "who | how | words". */
const isShown = (wanted: string): boolean =>
  [...document.querySelectorAll('.captions .caption')].some(
    (one) =>
      [one.querySelector('strong'), one.querySelector('.caption-mark'), one.querySelector('.caption-text')]
        .map((part) => part?.textContent?.trim() ?? '')
        .join(' | ') === wanted,
  )
/** In the page: sets the switch whose label begins so. */
function setSwitch(label: string, on: boolean): boolean {
  const found = [...document.querySelectorAll<HTMLInputElement>('input[role="switch"]')].find((one) =>
    one.labels?.[0]?.textContent?.startsWith(label),
  )
  if (found === undefined) return false
  if (found.checked !== on) found.click()
  return true
}
const focusStage = (): boolean => {
  document.querySelector<HTMLElement>('.stage')?.focus()
  return document.activeElement?.className === 'stage'
}

let server: RunningServer
let chromium: ChromiumBrowser
let ada: Guest, bob: Guest, chloe: Guest

const shows = (guest: Guest, who: string, how: string, words: string) =>
  guest.page.until(`${guest.name} reads ${words}`, isShown, `${who} | ${how} | ${words}`)

beforeAll(async () => {
  server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
  chromium = await ChromiumBrowser.launch({ whole: true })
  const pages = [await chromium.page(), await chromium.page(), await chromium.page()] as const
  ada = await Guest.at(pages[0], 0, 'Ada')
  bob = await Guest.at(pages[1], 1, 'Bob')
  chloe = await Guest.at(pages[2], 2, 'Chloé')
  await ada.page.beforeScripts(installFakeSpeech)
  const link = await ada.createMeeting(server.url, 'The council')
  await ada.join()
  for (const guest of [bob, chloe]) {
    await guest.open(link)
    await guest.join()
  }
  for (const guest of [ada, bob, chloe]) await guest.seesPeople(['Ada', 'Bob', 'Chloé'])
  // Bob reads French from here on.
  await bob.press(/^More$/)
  await bob.press(/^Settings$/)
  await bob.page.until('French is chosen', () => {
    const picker = [...document.querySelectorAll('select')].find((one) =>
      one.querySelector('option[value="fr"]'),
    )
    if (picker === undefined) return false
    const set = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')?.set
    set?.call(picker, 'fr')
    picker.dispatchEvent(new Event('change', { bubbles: true }))
    return document.documentElement.lang === 'fr'
  })
  for (const guest of [bob, chloe]) {
    await guest.page.until('the stage has the focus', focusStage)
    await guest.page.press('t')
  }
})
afterAll(async () => {
  await chromium?.close()
  await server?.close()
})

test('[CAP1][CAP6] typed captions: both others read who typed them, each in their language, and a line grows', async () => {
  await ada.press(/^More$/)
  await ada.press(/^Give or read captions$/)
  await ada.write(/^Type captions/, 'The meeting')
  await shows(bob, 'Ada', 'tapé', 'The meeting')
  await ada.write(/^Type captions/, 'The meeting is \u202eopen')
  await ada.page.press('Enter')
  await shows(bob, 'Ada', 'tapé', 'The meeting is open')
  await shows(chloe, 'Ada', 'typed', 'The meeting is open')
})

test('[CAP5] a voice is captioned when its speaker turns that on, marked as made on their device, and not while muted', async () => {
  expect(await ada.page.evaluate(speechHears, 'nobody asked me', true)).toBe(false)
  await ada.page.until('the voice is turned on', setSwitch, 'Caption my voice', true)
  await ada.page.until('it listens', speechHears, 'good morning', false)
  await shows(chloe, 'Ada', 'made on their device', 'good morning')
  await ada.page.evaluate(speechHears, 'Good morning everyone.', true)
  await shows(bob, 'Ada', 'fait sur son appareil', 'Good morning everyone.')
  await shows(chloe, 'Ada', 'made on their device', 'Good morning everyone.')
  await ada.press(/^Turn the microphone off$/)
  await ada.page.until('it waits', () =>
    document.body.textContent?.includes('Waits until your microphone is on'),
  )
  expect(await ada.page.evaluate(speechHears, 'a secret', true)).toBe(false)
  await ada.press(/^Turn the microphone on$/)
  await ada.page.until('it listens again', speechHears, 'Back again.', true)
  await shows(chloe, 'Ada', 'made on their device', 'Back again.')
  for (const guest of [bob, chloe]) {
    const text = await guest.page.evaluate(() => document.body.textContent ?? '')
    expect(text).not.toContain('a secret')
    expect(text).not.toContain('nobody asked me')
  }
})

test('[CAP5] Chromium itself has the language to be fetched first: nothing listens, and the panel says why', async () => {
  await chloe.press(/^More$/)
  await chloe.press(/^Give or read captions$/)
  await chloe.reads('No sound goes there.')
  expect(await chloe.page.evaluate(setSwitch, 'Caption my voice', true)).toBe(false)
  const answer = await chloe.page.evaluate(() =>
    (
      window as unknown as { SpeechRecognition: { available(options: object): Promise<string> } }
    ).SpeechRecognition.available({ langs: ['en-US'], processLocally: true }),
  )
  expect(answer).not.toBe('available')
})

test('[CAP6] the log is in the page, and captions can be hidden by their key', async () => {
  await chloe.reads('What was captioned')
  await chloe.reads('The meeting is open')
  await chloe.page.until('the stage has the focus', focusStage)
  await chloe.page.press('t')
  await chloe.page.until('hidden', () => document.querySelector('.captions') === null)
})
