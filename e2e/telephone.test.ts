/**
 * Three telephones in a meeting of two browsers, baresip among them: they call the bridge that the room names, key the
 * PIN that the host has on screen, are heard as their pitches in both browsers and hear theirs; what the host does to
 * one; and the shield (TEL1–TEL6).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeBridgeCard } from '../packages/crypto/src/link/index.ts'
import { parseConfig } from '../packages/phone/src/config/phone-config.ts'
import { connectTo } from '../packages/phone/src/meeting/server-socket.ts'
import { PhoneBridge } from '../packages/phone/src/phone-bridge.ts'
import { Baresip } from '../packages/phone/src/testing/baresip.ts'
import { openSceneDoor, sceneKey } from '../packages/phone/src/testing/bridge-scene.ts'
import { haveAll } from '../packages/phone/src/testing/programs.ts'
import { Telephone } from '../packages/phone/src/testing/telephone.ts'
import { until } from '../packages/phone/src/testing/until.ts'
import { startServer } from '../packages/server/src/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import type { Seen } from './support/guest.ts'
import { Guest } from './support/guest.ts'
import { cameraSignature } from './support/picture-and-tone.ts'

/** What each caller plays, by the end of its number. */
const CALLERS = { 42: 1_500, 43: 1_800, 44: 2_100 } as const
const LOUD = 700
const isHeard = ({ tones }: Seen, caller: number): boolean => tones.some((hz) => Math.abs(hz - caller) < 40)
const pitch = (guest: Guest): number => cameraSignature(guest.number).toneHz

describe('two browsers and three telephones', () => {
  const ends = new AsyncDisposableStack()
  let ada: Guest, bob: Guest
  let bridge: PhoneBridge
  let phones: (Baresip | Telephone)[] = []

  beforeAll(async () => {
    const server = ends.adopt(await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' }), (one) =>
      one.close(),
    )
    const { door, line } = await openSceneDoor(() => connectTo(server.url))
    ends.defer(() => {
      line.close()
      door.close()
    })
    const config = parseConfig({
      udp: { host: '127.0.0.1', port: 0 },
      announced: '127.0.0.1',
      media: { host: '127.0.0.1', from: 28_000, to: 29_999 },
      trunks: [{ name: 'test', allow: ['127.0.0.1'], language: 'en' }],
    })
    bridge = ends.adopt(await PhoneBridge.start(config, door), (one) => one.close())
    const chromium = ends.adopt(await ChromiumBrowser.launch(), (one) => one.close())
    ada = await Guest.at(await chromium.page(), 0, 'Ada')
    bob = await Guest.at(await chromium.page(), 1, 'Bob')
    await ada.page.goto(server.url)
  })
  afterAll(() => ends.disposeAsync())

  /** The first one is baresip's, where the machine has that. */
  async function callIn(number: string, hertz: number, pin: string): Promise<Baresip | Telephone> {
    const port = bridge.ports.udp ?? 0
    const others = number.endsWith('42') && haveAll('baresip')
    const phone = ends.adopt(
      others ? await Baresip.start({ port, codec: 'PCMU', number, hertz }) : new Telephone(port, number),
      (one) => one.close(),
    )
    expect(await phone.call()).toBe(200)
    if (phone instanceof Telephone) {
      phone.tone = hertz
      phone.speak()
    }
    await phone.press(`${pin}#`)
    return phone
  }

  test('[TEL2] whoever makes the meeting names the bridge, and each one reads of it before joining', async () => {
    await ada.write(/^Title/, 'By telephone')
    await ada.page.evaluate(() => document.querySelector('summary')?.click())
    await ada.write(/^Card of the telephone bridge/, encodeBridgeCard(sceneKey.card))
    await ada.reads('Run by Cabinet Lune')
    await ada.press(/^Create the meeting$/)
    const href = await ada.page.until('the link is shown', () =>
      [...document.querySelectorAll('input')].map(({ value }) => value).find((text) => text.includes('/m/')),
    )
    await ada.press(/^Start$/)
    await ada.reads('Telephones may join through a bridge')
    await ada.join()
    await bob.open(href ?? '')
    await bob.reads('Telephones may join through a bridge')
    await bob.join()
    await ada.seesAndHears([bob])
  })

  test('[TEL3] a call with the PIN: both hear it and see its door, and it hears both', async () => {
    await ada.press(/^People/)
    await ada.press(/^Invite phones$/)
    const pin = await ada.page.until('the PIN is shown', () =>
      document.querySelector('.phones-pin')?.textContent?.replace(/\s/g, ''),
    )
    phones = await Promise.all(
      Object.entries(CALLERS).map(([end, hertz]) => callIn(`+336123456${end}`, hertz, pin ?? '')),
    )
    for (const guest of [ada, bob]) {
      await guest.reads('Telephones (Cabinet Lune)')
      await guest.perceivesEventually(
        (seen) => Object.values(CALLERS).every((hertz) => isHeard(seen, hertz)),
        'the telephones',
      )
      await guest.page.until('the shield is amber', () => document.querySelector('.shield-phones') !== null)
    }
    for (const end of Object.keys(CALLERS)) await ada.reads(`+33 6 •• •• •• ${end}`)
    for (const [i, phone] of phones.entries()) {
      await until(
        `telephone ${i} hears both`,
        () => [ada, bob].every((guest) => phone.hears(pitch(guest), 0.5) > LOUD),
        30_000,
      )
      expect(phone.hears(Object.values(CALLERS)[i] ?? 0, 0.5)).toBeLessThan(LOUD)
    }
  })

  test('[TEL6] the host mutes one, then hangs up; when the last has gone by itself the shield is green', async () => {
    await ada.press(/^Actions for \+33 6.*42/)
    await ada.press(/^Mute$/)
    await bob.perceivesEventually((seen) => !isHeard(seen, CALLERS[42]), 'no first telephone')
    await ada.press(/^Actions for \+33 6.*42/)
    await ada.press(/^Hang up$/)
    const [first, ...others] = phones
    await until('the telephone is hung up on', () => first?.hungUp === true, 20_000)
    expect(await ada.page.evaluate(() => document.querySelector('.shield-phones') !== null)).toBe(true)
    for (const phone of others) phone.hangUp()
    for (const guest of [ada, bob])
      await guest.page.until('the shield is green', () => document.querySelector('.shield-closed') !== null)
    await ada.seesAndHears([bob])
    expect([...ada.page.complaints, ...bob.page.complaints]).toEqual([])
  })
})
