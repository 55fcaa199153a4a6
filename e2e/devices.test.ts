/**
 * Devices that misbehave, in real browsers: three people in one meeting, two of them on machines whose devices are
 * refused, in use, missing, unplugged and put to sleep. What each person reads, in French and English, and what the
 * others see and hear meanwhile.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import type { TestPage } from './support/browsers.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'
import { cameraSignature } from './support/picture-and-tone.ts'
import type { TroubledMachine } from './support/troubled-devices.ts'
import { installTroubledDevices } from './support/troubled-devices.ts'

const HEADSET_HZ = 1_830
type Deed = 'plug' | 'unplug'
type Machine = Window & { machine: TroubledMachine; sleepMachine(): void }

const handle = (page: TestPage, deed: Deed, ...ids: string[]): Promise<void> =>
  page.evaluate(
    (what: Deed, which: string[]) => (window as unknown as Machine).machine[what](...which),
    deed,
    ids,
  )

/** Chooses in a `<select>` or moves a slider, as a person does. */
async function set(page: TestPage, label: string, value: string): Promise<void> {
  await page.until(
    `the field ${label} is set`,
    (text: string, wanted: string) => {
      const field = [
        ...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('select, input'),
      ].find((each) => [...(each.labels ?? [])].some((own) => own.textContent?.trim() === text))
      if (field === undefined) return false
      const proto =
        field instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype
      Object.getOwnPropertyDescriptor(proto, 'value')?.set?.call(field, wanted)
      field.dispatchEvent(
        new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
      )
      return true
    },
    label,
    value,
  )
}

/** Video packets that have come so far. */
const videoPackets = (page: TestPage): Promise<number> =>
  page.evaluate(async () => {
    const kept = (window as unknown as { keptConnections: RTCPeerConnection[] }).keptConnections
    let packets = 0
    for (const connection of kept.filter((one) => one.connectionState !== 'closed'))
      for (const entry of [...(await connection.getStats()).values()] as Record<string, unknown>[])
        if (entry['type'] === 'inbound-rtp' && entry['kind'] === 'video' && entry['mid'] !== 'probator')
          packets += Number(entry['packetsReceived'])
    return packets
  })

/** How loud the loudest sound on the page is, as a root mean square. */
const loudness = (page: TestPage): Promise<number> =>
  page.evaluate(async () => {
    const context = new AudioContext()
    await context.resume()
    const levels: number[] = []
    for (const audio of document.querySelectorAll('audio')) {
      if (!(audio.srcObject instanceof MediaStream)) continue
      const analyser = context.createAnalyser()
      analyser.fftSize = 8192
      context.createMediaStreamSource(audio.srcObject).connect(analyser)
      await new Promise((done) => setTimeout(done, 500))
      const samples = new Float32Array(8192)
      analyser.getFloatTimeDomainData(samples)
      levels.push(Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length))
    }
    await context.close()
    return Math.max(...levels)
  })

const picture = (guest: Guest): number => cameraSignature(guest.number).id
const tone = (guest: Guest): number => cameraSignature(guest.number).toneHz

describe('three people and their devices', () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  let link: string
  let ada: Guest, bob: Guest, chloe: Guest

  const guest = async (
    number: number,
    name: string,
    language: 'en' | 'fr',
    trouble: TroubledMachine['trouble'],
  ): Promise<Guest> => {
    const made = await Guest.at(await chromium.page({ language }), number, name)
    await made.page.beforeScripts(installTroubledDevices, HEADSET_HZ, trouble)
    return made
  }

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
    chromium = await ChromiumBrowser.launch()
    ada = await Guest.at(await chromium.page(), 0, 'Ada')
    bob = await guest(1, 'Bob', 'en', { microphone: 'fine', camera: 'fine' })
    chloe = await guest(2, 'Chloé', 'fr', { microphone: 'refused', camera: 'in-use' })
    link = await ada.createMeeting(server.url, 'A day of devices')
    await ada.join()
  })
  afterAll(async () => {
    await chromium?.close()
    await server?.close()
  })

  test('[DEV1] refused and in use, in French: what happened, what to do, Retry', async () => {
    await chloe.open(link)
    await chloe.reads('Caméra déjà utilisée. Fermez l’autre application ou l’autre onglet.')
    await chloe.reads('Micro bloqué pour ce site. Ouvrez l’icône à gauche de l’adresse et autorisez‑le.')
    await chloe.reads('Vous pouvez entrer quand même.')
    await chloe.page.evaluate(() => {
      ;(window as unknown as Machine).machine.trouble.camera = 'fine'
    })
    await chloe.press(/^Réessayer$/)
    await chloe.page.until('she sees herself', () => document.querySelector('.self-view video') !== null)
  })

  test('[DEV1] joining without the microphone that is refused: the others see her, she hears them', async () => {
    await chloe.write(/^Votre nom/, 'Chloé')
    await chloe.press(/^Entrer$/)
    await bob.open(link)
    await bob.join()
    await ada.receives({ pictures: [picture(bob), picture(chloe)], tones: [tone(bob)] })
    await chloe.receives({ pictures: [picture(ada), picture(bob)], tones: [tone(ada), tone(bob)] })
    await chloe.reads('Micro bloqué pour ce site.')
  })

  test('[DEV1] allowed in the browser’s own menu: she is heard without pressing anything', async () => {
    await chloe.page.evaluate(() => (window as unknown as Machine).machine.permit('microphone', 'granted'))
    await ada.seesAndHears([bob, chloe])
    await bob.seesAndHears([ada, chloe])
  })

  test('[DEV3] a headset is offered, used, unplugged in the call, and offered again; the others never stop hearing', async () => {
    await handle(bob.page, 'plug', 'headset', 'earphones')
    await bob.reads('Plugged in: Headset of Zed.')
    await bob.press(/^Use it$/)
    await ada.receives({ pictures: [picture(bob), picture(chloe)], tones: [tone(chloe), HEADSET_HZ] })
    await handle(bob.page, 'unplug', 'headset', 'earphones')
    await bob.reads('Your microphone was unplugged. Now in use: Built-in microphone of Zed.')
    await ada.seesAndHears([bob, chloe])
    await chloe.seesAndHears([ada, bob])
    await handle(bob.page, 'plug', 'headset', 'earphones')
    await bob.reads('Plugged in: Headset of Zed.')
    await ada.seesAndHears([bob, chloe])
  })

  test('[DEV3] the only camera unplugged, in French: said at once, and taken again when it is back', async () => {
    await handle(chloe.page, 'unplug', 'webcam')
    await chloe.reads('Aucune caméra détectée. Branchez-en une')
    await ada.receives({ pictures: [picture(bob)], tones: [tone(bob), tone(chloe)] })
    await handle(chloe.page, 'plug', 'webcam')
    await ada.seesAndHears([bob, chloe])
  })

  test('[DEV4] a laptop sleeps and wakes: microphone and camera come back by themselves', async () => {
    await bob.page.evaluate(() => (window as unknown as Machine).sleepMachine())
    await ada.receives({ pictures: [picture(chloe)], tones: [tone(chloe)] })
    await bob.page.evaluate(() => (window as unknown as Machine).machine.wake())
    await ada.seesAndHears([bob, chloe])
    await chloe.seesAndHears([ada, bob])
  })

  test('[DEV7] sound alone: no picture comes any more, one’s camera is off, and all comes back', async () => {
    await ada.press(/^More$/)
    await ada.press(/^Settings$/)
    await set(ada.page, 'Pictures', 'none')
    await ada.reads('Pictures are off here: sound alone.')
    await ada.receives({ pictures: [], tones: [tone(bob), tone(chloe)] })
    await bob.receives({ pictures: [picture(chloe)], tones: [tone(ada), tone(chloe)] })
    const before = await videoPackets(ada.page)
    await new Promise((done) => setTimeout(done, 3_000))
    expect((await videoPackets(ada.page)) - before).toBeLessThan(5)
    await ada.press(/^Show pictures$/)
    await ada.press(/^Turn the camera on$/)
    await ada.seesAndHears([bob, chloe])
    await bob.seesAndHears([ada, chloe])
  })

  test('[DEV10] the report of a problem shows what helps and nothing secret; what is copied is what is shown', async () => {
    await bob.page.evaluate(() => {
      navigator.clipboard.writeText = async (text) => void Object.assign(window, { copied: text })
    })
    await bob.press(/^More$/)
    await bob.press(/^Settings$/)
    await bob.press(/^Report of a problem…$/)
    const report = await bob.page.until(
      'the report is there',
      () => document.querySelector<HTMLTextAreaElement>('.report-text')?.value ?? '',
    )
    expect(report).toMatch(/^browser: Chromium \d+, Linux$/m)
    expect(report).toMatch(/^people: 3$/m)
    expect(report).toMatch(/^way in: udp, DTLS connected, cipher (SRTP_)?AEAD_AES_256_GCM/m)
    expect(report).toMatch(/^received pictures: \d+ streams, [1-9]/m)
    const [, room = '-', secret = '-'] = /\/m\/([^#]+)#(.+)$/.exec(link) ?? []
    const ids = await bob.page.evaluate(() => {
      const kept = (window as unknown as { keptConnections: RTCPeerConnection[] }).keptConnections
      return kept
        .flatMap((one) => [
          ...(one.localDescription?.sdp.matchAll(/a=(?:ice-ufrag|ice-pwd|mid|fingerprint):(\S{8,})/g) ?? []),
        ])
        .map((found) => found[1] ?? '')
    })
    expect(ids.length).toBeGreaterThan(1)
    const planted = [
      room,
      secret,
      'Ada',
      'Bob',
      'Chlo',
      'Zed',
      'Headset',
      'headset',
      '127.0.0.1',
      'A day of',
      ...ids,
    ]
    for (const text of planted) expect(report).not.toContain(text)
    await bob.press(/^Copy$/)
    await bob.reads('Copied')
    expect(await bob.page.evaluate(() => (window as unknown as { copied: string }).copied)).toBe(report)
    await bob.page.press('Escape')
    await bob.page.until('the report is closed', () => document.querySelector('.report-text') === null)
  })

  test('[DEV6] a person’s volume: twice as loud, then silent, then as it came', async () => {
    await ada.press(/^People/)
    const plain = await loudness(ada.page)
    await ada.press(/^Volume of Bob/)
    await set(ada.page, 'Volume of Bob', '200')
    await ada.page.until('the slider says 200 %', () =>
      [...document.querySelectorAll('output')].some((each) => each.textContent?.startsWith('200')),
    )
    const loud = await loudness(ada.page)
    expect(loud / plain).toBeGreaterThan(1.6)
    expect(loud / plain).toBeLessThan(2.4)
    await ada.receives({ pictures: [picture(bob), picture(chloe)], tones: [tone(bob), tone(chloe)] })
    await set(ada.page, 'Volume of Bob', '0')
    await ada.receives({ pictures: [picture(bob), picture(chloe)], tones: [tone(chloe)] })
    await ada.press(/^Back to 100%$/)
    await ada.seesAndHears([bob, chloe])
    await ada.page.press('Escape')
  })

  test('[DEV8] a second device of Ada: asked, silenced, its microphone barred, and given its sound back', async () => {
    const second = await guest(3, 'Ada', 'en', { microphone: 'fine', camera: 'fine' })
    await second.open(link)
    await second.join()
    await second.reads('Someone of your name is here already.')
    await second.press(/^Turn it off here$/)
    await second.reads('Sound and microphone are off here')
    await second.page.until('nothing is played', () => document.querySelectorAll('audio').length === 0)
    await bob.receives({
      pictures: [picture(ada), picture(chloe), picture(second)],
      tones: [tone(ada), tone(chloe)],
    })
    await second.press(/^Turn the microphone on$/)
    await second.reads('Your microphone stays off here')
    await bob.receives({
      pictures: [picture(ada), picture(chloe), picture(second)],
      tones: [tone(ada), tone(chloe)],
    })
    await second.press(/^Use the sound here$/)
    await second.press(/^Turn the microphone on$/)
    await bob.seesAndHears([ada, chloe, second])
    await second.press(/^Leave$/)
    await second.page.close()
  })

  test('[DEV8] joining as a second device from the start: no sound, no microphone, no camera', async () => {
    const second = await guest(4, 'Bob', 'en', { microphone: 'fine', camera: 'fine' })
    await second.open(link)
    await second.write(/^Your name/, 'Bob')
    await second.press(/^Join without sound/)
    await second.reads('Sound and microphone are off here')
    await second.receives({ pictures: [picture(ada), picture(bob), picture(chloe)], tones: [] })
    await ada.seesAndHears([bob, chloe])
    await second.press(/^Leave$/)
    await second.page.close()
  })

  test('[DEV11] a tab closed by mistake is asked about during the call, and not after it', async () => {
    const asks = () =>
      bob.page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })))
    expect(await asks()).toBe(true)
    await bob.press(/^Leave$/)
    await bob.reads('You have left the meeting')
    expect(await asks()).toBe(false)
  })
})

/** In the page, before its scripts: a name is remembered, and Join is pressed by nobody. */
function joinWithoutGesture(name: string): void {
  localStorage.setItem('huisclos.device.name', name)
  const timer = setInterval(() => {
    const join = [...document.querySelectorAll('button')].find((each) => each.textContent?.trim() === 'Join')
    if (join === undefined) return
    clearInterval(timer)
    join.click()
  }, 200)
}

describe('a browser that plays no sound before a gesture', () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  let strict: ChromiumBrowser

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
    chromium = await ChromiumBrowser.launch()
    // The last one counts: this is what people's browsers do.
    strict = await ChromiumBrowser.launch({ flags: ['--autoplay-policy=document-user-activation-required'] })
  })
  afterAll(async () => {
    await chromium?.close()
    await strict?.close()
    await server?.close()
  })

  test('[DEV6] sound is held back, it is said, and one press lets everybody be heard', async () => {
    const ada = await Guest.at(await chromium.page(), 0, 'Ada')
    const bob = await Guest.at(await chromium.page(), 1, 'Bob')
    const link = await ada.createMeeting(server.url, 'Held back')
    await ada.join()
    await bob.open(link)
    await bob.join()
    const dan = await Guest.at(await strict.page(), 2, 'Dan')
    await dan.page.beforeScripts(joinWithoutGesture, 'Dan')
    await dan.open(link)
    const state = () =>
      strict.look(dan.page, () => ({
        banner: document.body.textContent?.includes('The browser holds back the sound.') === true,
        gesture: navigator.userActivation.hasBeenActive,
        playing: [...document.querySelectorAll('audio')].map((audio) => !audio.paused),
      }))
    await expect.poll(state, { timeout: 45_000, interval: 250 }).toEqual({
      banner: true,
      gesture: false,
      playing: [false, false],
    })
    await dan.press(/^Let me hear$/)
    await dan.page.until('both are played, and time goes on', () => {
      const all = [...document.querySelectorAll('audio')]
      return all.length === 2 && all.every((audio) => !audio.paused && audio.currentTime > 0)
    })
    await dan.seesAndHears([ada, bob])
    expect((await state()).banner).toBe(false)
  })
})
