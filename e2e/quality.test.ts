/**
 * A narrow path bends the call and does not break it: with 250 kbit/s down a viewer still hears everybody, pictures get
 * small or pause and say why, nothing stays frozen, and all is back when the path is wide again. The quality panel shows
 * what happened.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import type { UdpRelay } from '../packages/testkit/src/fault-lab/udp-relay.ts'
import { startUdpRelay } from '../packages/testkit/src/fault-lab/udp-relay.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { allSeeAndHear, Guest } from './support/guest.ts'
import { cameraSignature } from './support/picture-and-tone.ts'
import { leadThrough } from './support/through-relay.ts'

let server: RunningServer
let chromium: ChromiumBrowser
let relay: UdpRelay
let guests: Guest[]

beforeAll(async () => {
  chromium = await ChromiumBrowser.launch()
})
afterAll(() => chromium?.close())
beforeEach(async () => {
  server = await startServer({ port: 0, mediaPort: 0, workers: 1, logLevel: 'silent' })
  relay = await startUdpRelay({ targetPort: server.mediaPorts[0] ?? 0, seed: 7 })
  guests = []
})
afterEach(async () => {
  for (const guest of guests) await guest.page.close()
  await relay[Symbol.asyncDispose]()
  await server.close()
})

/** Three people who see and hear each other; the media of the one with that number goes through the relay. */
async function meet(relayed: number, { busy = false } = {}): Promise<[Guest, Guest, Guest]> {
  for (const [number, name] of ['Ada', 'Bob', 'Chloé'].entries()) {
    const page = await chromium.page()
    if (number === relayed) await leadThrough(page, relay.port)
    guests.push(await Guest.at(page, number, name))
    if (busy) await page.beforeScripts(sendBusyPictures)
  }
  const [ada, bob, chloe] = guests as [Guest, Guest, Guest]
  const link = await ada.createMeeting(server.url, 'A narrow path')
  await ada.join()
  for (const guest of [bob, chloe]) {
    await guest.open(link)
    await guest.join()
  }
  await allSeeAndHear(guests)
  return [ada, bob, chloe]
}

/** In the page, before its scripts: the camera's picture with noise around what identifies it, hard to compress. */
function sendBusyPictures(): void {
  const devices = navigator.mediaDevices
  const before = devices.getUserMedia.bind(devices)
  devices.getUserMedia = async (wanted) => {
    const stream = await before(wanted)
    const [plain] = stream.getVideoTracks()
    if (plain === undefined) return stream
    const source = document.createElement('video')
    source.muted = true
    source.srcObject = new MediaStream([plain])
    void source.play()
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 360
    const context = canvas.getContext('2d')
    setInterval(() => {
      if (context === null || source.videoWidth === 0) return
      context.drawImage(source, 0, 0, 640, 360)
      for (let i = 0; i < 900; i += 1) {
        const [x, y] = [Math.random() * 632, Math.random() * 352]
        // The middle of each of the twelve cells stays readable.
        if (Math.abs((x % 160) - 76) < 36 && Math.abs((y % 120) - 56) < 36) continue
        context.fillStyle = `hsl(${Math.random() * 360} 70% 50%)`
        context.fillRect(x, y, 8, 8)
      }
    }, 80)
    return new MediaStream([...canvas.captureStream(12).getVideoTracks(), ...stream.getAudioTracks()])
  }
}

/** In the page: bytes and heights of what comes, by stream, and texts about the network on tiles. */
async function readDown(): Promise<{ bytes: number; heights: number[]; frames: number[]; said: string[] }> {
  const kept = (window as unknown as { keptConnections: RTCPeerConnection[] }).keptConnections
  const live = kept.filter(({ connectionState }) => connectionState === 'connected')
  const reports = (await Promise.all(live.map((one) => one.getStats()))).flatMap((report) => [
    ...report.values(),
  ])
  const streams = (reports as Record<string, unknown>[]).filter(
    ({ type, trackIdentifier, mid }) =>
      type === 'inbound-rtp' && trackIdentifier !== 'probator' && mid !== 'probator',
  )
  const pictures = streams.filter(({ kind }) => kind === 'video')
  return {
    bytes: streams.reduce((sum, { bytesReceived }) => sum + Number(bytesReceived), 0),
    heights: pictures.map(({ frameHeight }) => Number(frameHeight ?? 0)),
    frames: pictures.map(({ framesDecoded }) => Number(framesDecoded ?? 0)),
    said: [...document.querySelectorAll('.tile-network')].map((each) => each.textContent ?? ''),
  }
}
/** In the page: so many pictures, one's own among them, have at least half the camera's lines. */
const largePictures = (count: number): boolean =>
  [...document.querySelectorAll<HTMLVideoElement>('.tile video')].filter(
    ({ videoHeight }) => videoHeight >= 180,
  ).length >= count
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const hears = (tones: number[], others: Guest[]): boolean =>
  others.every(({ number }) => tones.some((heard) => Math.abs(heard - cameraSignature(number).toneHz) < 40))
/** Two audio streams take half of it. */
const NARROW = { rate: { bitsPerSecond: 250_000, queueBytes: 12_000 } }

test('[SIG17] 250 kbit/s down: all are heard, pictures shrink or pause and say why, and all comes back', async () => {
  const [ada, ...others] = await meet(0, { busy: true })
  await ada.page.until('both pictures are large', largePictures, 3)
  relay.set({}, NARROW)
  // Congestion control finds the new rate within some seconds.
  await pause(15_000)
  const from = await ada.page.evaluate(readDown)
  const began = Date.now()
  const samples: { heard: boolean; said: string[]; heights: number[] }[] = []
  for (let i = 0; i < 10; i += 1) {
    const { tones } = await ada.perceives()
    const { said, heights } = await ada.page.evaluate(readDown)
    samples.push({ heard: hears(tones, others), said, heights })
    await pause(1_000)
  }
  const to = await ada.page.evaluate(readDown)
  const seen = JSON.stringify(samples)
  expect(samples.filter(({ heard }) => heard).length, seen).toBeGreaterThanOrEqual(9)
  expect(((to.bytes - from.bytes) * 8_000) / (Date.now() - began)).toBeLessThan(260_000)
  // Small, or not there and the tile says why; nothing that neither moves nor says so.
  const still = to.frames.filter((count, i) => count === from.frames[i]).length
  const held = to.said.filter((text) => text === 'Picture paused: your connection is too narrow').length
  const large = to.heights.filter((height) => height > 90).length
  expect(held, seen).toBeGreaterThanOrEqual(Math.max(still, large))
  relay.set({}, {})
  await ada.page.until(
    'no word of the network is left',
    () => document.querySelector('.tile-network') === null,
  )
  await ada.seesAndHears(others)
  // Congestion control trusts a path slowly that failed it: a picture grows again within a minute or so.
  const grows = () => ada.page.until('the pictures are large again', largePictures, 3)
  await grows().catch(grows)
  expect(ada.page.complaints).toEqual([])
}, 300_000)

test('one person’s lossy way: their tile says so to the others, and nobody else’s does', async () => {
  const [ada, bob, chloe] = await meet(1)
  relay.set({ loss: 0.2 }, {})
  for (const guest of [ada, chloe]) {
    await guest.reads('Their connection is weak')
    expect(await guest.page.evaluate(saidOf, 'Bob')).toBe('Their connection is weak')
    for (const name of ['Ada', 'Chloé']) expect(await guest.page.evaluate(saidOf, name)).toBe('')
  }
  await bob.reads('Your connection is weak')
  relay.set({}, {})
  await ada.page.until('the word is gone', () => document.querySelector('.tile-network') === null)
  await plotsAndTable(ada)
})

async function plotsAndTable(ada: Guest): Promise<void> {
  await ada.press(/^More/)
  await ada.press(/^Connection quality/)
  await ada.page.until(
    'six plots are drawn',
    () => document.querySelectorAll('.quality-plot canvas').length === 6,
  )
  await ada.press(/^Show as a table$/)
  const cells = await ada.page.until('a row with figures', () => {
    const texts = [...document.querySelectorAll('.quality-table tbody tr:first-child td')].map(
      (cell) => cell.textContent ?? '',
    )
    return /[1-9]\d* .bit\/s/.test(texts[0] ?? '') && /ms$/.test(texts[5] ?? '') ? texts : null
  })
  expect(cells?.[3]).toMatch(/^\d+ lines$/)
  expect(ada.page.complaints).toEqual([])
}

/** In the page: what the tile of that person says of the network. */
function saidOf(name: string): string {
  const tile = [...document.querySelectorAll('.tile')].find((each) =>
    each.querySelector('.tile-name-text')?.textContent?.includes(name),
  )
  return tile?.querySelector('.tile-network')?.textContent ?? ''
}
