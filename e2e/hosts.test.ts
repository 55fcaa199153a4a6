/**
 * Hosts' words in real browsers: a host, a co-host and a guest click through what hosts can do, and each time it is
 * checked by what the others see, hear and read (HOST1–9, GRP9).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { allSeeAndHear, allSeePeople, Guest } from './support/guest.ts'
import { cameraSignature, screenSignature } from './support/picture-and-tone.ts'

/** In the page: sets the switch with this label. */
function setSwitch(label: string, on: boolean): boolean {
  const found = [...document.querySelectorAll<HTMLInputElement>('input[role="switch"]')].find((one) =>
    one.labels?.[0]?.textContent?.includes(label),
  )
  if (found === undefined) return false
  if (found.checked !== on) found.click()
  return true
}
const isSwitch = (label: string, on: boolean): boolean =>
  [...document.querySelectorAll<HTMLInputElement>('input[role="switch"]')].some(
    (one) => one.labels?.[0]?.textContent?.includes(label) === true && one.checked === on,
  )
/** In the page: whether a panel with this heading is open. */
const isPanelOpen = (title: string): boolean =>
  [...document.querySelectorAll('.panel h2')].some((head) => head.textContent === title)
const headingIs = (text: string): boolean => document.querySelector('h1')?.textContent === text
const buttonIs = (name: string): boolean =>
  [...document.querySelectorAll('button')].some((one) => one.getAttribute('aria-label') === name)
/** In the page: keeps everything that the assertive region has said. */
function keepSpoken(): void {
  const kept: string[] = []
  Object.assign(window, { keptSpoken: kept })
  setInterval(() => {
    for (const one of document.querySelectorAll('[aria-live="assertive"]')) {
      const text = one.textContent ?? ''
      if (text !== '' && kept.at(-1) !== text) kept.push(text)
    }
  }, 50)
}
const wasSpoken = (text: string): boolean =>
  (window as unknown as { keptSpoken: string[] }).keptSpoken.some((one) => one.includes(text))

describe('a host, a co-host and a guest', () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  let ada: Guest, bob: Guest, chloe: Guest
  let link: string
  const everyone = (): Guest[] => [ada, bob, chloe]
  const camera = (guest: Guest) => cameraSignature(guest.number)

  const openPanel = async (guest: Guest, button: RegExp, title: string) => {
    if (!(await guest.page.evaluate(isPanelOpen, title))) await guest.press(button)
    await guest.page.until(`${guest.name} has ${title} open`, isPanelOpen, title)
  }
  const set = async (guest: Guest, label: string, on: boolean) => {
    await openPanel(guest, /^People/, 'People')
    await guest.page.until(`${guest.name} sets ${label}`, setSwitch, label, on)
    await guest.page.until(`${label} is ${on}`, isSwitch, label, on)
  }
  /** From the menu beside a name in the people panel. */
  const choose = async (guest: Guest, about: string, item: RegExp) => {
    await openPanel(guest, /^People/, 'People')
    await guest.press(new RegExp(`^Actions for ${about}`))
    await guest.press(item)
  }
  const hears = (guest: Guest, whom: Guest, audible: boolean) =>
    guest.perceivesEventually(
      ({ tones }) => tones.some((hz) => Math.abs(hz - camera(whom).toneHz) < 40) === audible,
      `${whom.name} ${audible ? 'heard' : 'not heard'}`,
    )
  const sees = (guest: Guest, picture: number, there: boolean) =>
    guest.perceivesEventually(
      ({ pictures }) => pictures.includes(picture) === there,
      `picture ${picture} ${there ? 'there' : 'gone'}`,
    )

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
    chromium = await ChromiumBrowser.launch()
    ada = await Guest.at(await chromium.page(), 0, 'Ada')
    bob = await Guest.at(await chromium.page(), 1, 'Bob')
    chloe = await Guest.at(await chromium.page(), 2, 'Chloé')
    for (const guest of everyone()) await guest.page.beforeScripts(keepSpoken)
    link = await ada.createMeeting(server.url, 'The council')
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

  test('[GRP2] the host makes a co-host, who has the host’s tools', async () => {
    await choose(ada, 'Bob', /^Make host$/)
    await bob.reads('Bob is now a host')
    await openPanel(bob, /^People/, 'People')
    await bob.reads('Lock the meeting')
    await openPanel(chloe, /^People/, 'People')
    expect(await chloe.page.evaluate(() => document.body.textContent?.includes('Lock the meeting'))).toBe(
      false,
    )
  })

  test('[HOST3] mute everyone, not to unmute: guests are silent, and the co-host is heard', async () => {
    await openPanel(ada, /^People/, 'People')
    await ada.press(/^Mute everyone…$/)
    await ada.page.until('the switch is off', setSwitch, 'They may turn it on again', false)
    await ada.press(/^Mute everyone$/)
    for (const guest of [ada, bob]) await hears(guest, chloe, false)
    await hears(chloe, bob, true)
    await chloe.page.until('it is said at once', wasSpoken, 'your microphone is off')
    await chloe.page.until('the button says why', buttonIs, 'A host keeps microphones off')
    await chloe.press(/^A host keeps microphones off$/)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await hears(ada, chloe, false)
  })

  test('[HOST4] asked to unmute, the guest decides; then everybody may again', async () => {
    await choose(bob, 'Chloé', /^Ask to turn the microphone on$/)
    await chloe.reads('Bob asks you to turn your microphone on.')
    await hears(ada, chloe, false)
    await chloe.press(/^Turn it on$/)
    for (const guest of [ada, bob]) await hears(guest, chloe, true)
    await set(ada, 'Turn their microphone on', true)
  })

  test('[HOST4] the hosts stop a guest’s share and camera, and the guest may begin again', async () => {
    await chloe.press(/^Share the screen$/)
    await sees(ada, screenSignature(chloe.number).id, true)
    await choose(bob, 'Chloé', /^Stop their screen share$/)
    await sees(ada, screenSignature(chloe.number).id, false)
    await chloe.page.until('the button is back', buttonIs, 'Share the screen')
    await choose(ada, 'Chloé', /^Turn their camera off$/)
    await sees(bob, camera(chloe).id, false)
    await chloe.page.until('it is said at once', wasSpoken, 'turned your camera off')
    await chloe.press(/^Turn the camera on$/)
    await sees(bob, camera(chloe).id, true)
  })

  test('[HOST3] chat and share for hosts only: a guest cannot write, hosts can', async () => {
    await set(ada, 'Write in the chat', false)
    await set(ada, 'Share a screen', false)
    await openPanel(chloe, /^Chat/, 'Chat')
    await chloe.reads('Only hosts may write for now.')
    await chloe.page.until('the share is barred', buttonIs, 'Hosts do not allow sharing a screen')
    await openPanel(bob, /^Chat/, 'Chat')
    await bob.write(/message/i, 'The floor is ours')
    await bob.press(/^Send$/)
    await chloe.reads('The floor is ours')
    await set(ada, 'Write in the chat', true)
    await chloe.write(/message/i, 'Ours as well')
    await chloe.press(/^Send$/)
    await bob.reads('Ours as well')
  })

  test('[HOST3] a spotlight is the same on every screen', async () => {
    await choose(ada, 'Bob', /^Put in the spotlight$/)
    for (const guest of [ada, chloe]) {
      await guest.page.until(
        `${guest.name} has Bob before all`,
        () => document.querySelector('.tiles-main .tile-name-text')?.textContent?.trim() === 'Bob',
      )
    }
    await choose(ada, 'Bob', /^Take out of the spotlight$/)
    await chloe.page.until('the gallery is back', () => document.querySelector('.tiles-main') === null)
  })

  test('[HOST7] locked: who knocks reads so; unlocked, they are in', async () => {
    await set(ada, 'Lock the meeting', true)
    const dan = await Guest.at(await chromium.page(), 3, 'Dan')
    await dan.open(link)
    await dan.write(/^Your name/, 'Dan')
    await dan.press(/^Join$/)
    await dan.page.until('Dan reads that it is locked', headingIs, 'The meeting is locked')
    await set(ada, 'Lock the meeting', false)
    await dan.page.until('Dan is in', () => document.querySelector('.stage') !== null)
    await dan.press(/^Leave$/)
    await ada.seesPeople(everyone().map(({ name }) => name))
    await dan.page.close()
  })

  test('[GRP9][HOST8][HOST9] removed: says by whom; a knock after it counts in the title, and is turned away', async () => {
    await choose(ada, 'Chloé', /^Remove…$/)
    await ada.press(/^Remove$/)
    await chloe.page.until('says by whom', headingIs, 'Ada removed you from the meeting.')
    for (const guest of [ada, bob]) await sees(guest, camera(chloe).id, false)
    await ada.reads('Removed: Chloé.')
    await chloe.press(/^Rejoin$/)
    await ada.page.until('the title counts', () => document.title.startsWith('(1) The council'))
    await ada.press(/^Turn away$/)
    await chloe.page.until('is told', headingIs, 'You were not let in')
    await ada.page.until('no longer', () => document.title.startsWith('The council'))
    await chloe.press(/^Leave$/)
    await chloe.press(/^Rejoin$/)
    await openPanel(bob, /^People/, 'People')
    await bob.press(/^Let in$/)
    await allSeePeople(everyone())
  })

  test('[HOST9] a new link is another meeting, told to those who are here', async () => {
    await openPanel(ada, /^People/, 'People')
    await ada.press(/^New link…$/)
    await ada.press(/^Make the new link$/)
    await ada.press(/^Send it to everyone here$/)
    await ada.reads('Sent in the chat')
    await ada.page.press('Escape')
    await openPanel(bob, /^Chat/, 'Chat')
    await bob.reads('We meet again here')
    const told = await bob.page.evaluate(() => document.querySelector('.chat-log')?.textContent ?? '')
    expect(told).toContain('/m/')
    expect(told).not.toContain(link)
  })

  test('[HOST6] the first host leaves: the co-host goes on, and as the last one is asked for an heir', async () => {
    await ada.press(/^Leave$/)
    await sees(bob, camera(ada).id, false)
    await bob.press(/^Leave$/)
    await bob.reads('You are the only host here')
    await bob.press(/^Make Chloé host, then leave$/)
    await chloe.reads('Chloé is now a host')
    await chloe.reads('You are alone here')
  })

  test('[GRP6][HOST6] the first host comes back by the host key; end for everyone: each reads who ended it', async () => {
    // The lobby is on since the removal; the host's own key is let through it by whoever is there (GRP6).
    await ada.press(/^Rejoin$/)
    await sees(chloe, camera(ada).id, true)
    await sees(ada, camera(chloe).id, true)
    await chloe.press(/^Leave or end the meeting$/)
    await chloe.press(/^End for everyone…$/)
    await chloe.press(/^End for everyone$/)
    for (const guest of [ada, chloe])
      await guest.page.until('says by whom', headingIs, 'Chloé ended the meeting for everyone')
  })
})
