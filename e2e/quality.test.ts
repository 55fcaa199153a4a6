/**
 * A narrow path bends the call and does not break it: with 250 kbit/s down a viewer still hears everybody, pictures get
 * small or pause and say why, nothing stays frozen, and all are seen again when the path is wide. The quality panel shows
 * what happened. How large pictures get after it takes a minute: quality.long.test.ts.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ChromiumBrowser } from './support/browsers.ts'
import type { Guest } from './support/guest.ts'
import { cameraSignature } from './support/picture-and-tone.ts'
import { largePictures, NARROW, RelayedMeeting } from './support/relayed-meeting.ts'

let chromium: ChromiumBrowser
let meeting: RelayedMeeting

beforeAll(async () => {
  chromium = await ChromiumBrowser.launch()
})
afterAll(() => chromium?.close())
beforeEach(async () => {
  meeting = await RelayedMeeting.start()
})
afterEach(() => meeting?.close())

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
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const hears = (tones: number[], others: Guest[]): boolean =>
  others.every(({ number }) => tones.some((heard) => Math.abs(heard - cameraSignature(number).toneHz) < 40))

test('[SIG17] 250 kbit/s down: all are heard, pictures shrink or pause and say why, and all are back', async () => {
  const [ada, ...others] = await meeting.meet(chromium, 0, { busy: true })
  await ada.page.until('both pictures are large', largePictures, 3)
  meeting.relay.set({}, NARROW)
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
  meeting.relay.set({}, {})
  await ada.page.until(
    'no word of the network is left',
    () => document.querySelector('.tile-network') === null,
  )
  await ada.seesAndHears(others)
  expect(ada.page.complaints).toEqual([])
})

test('one person’s lossy way: their tile says so to the others, and nobody else’s does', async () => {
  const [ada, bob, chloe] = await meeting.meet(chromium, 1)
  meeting.relay.set({ loss: 0.2 }, {})
  for (const guest of [ada, chloe]) {
    await guest.reads('Their connection is weak')
    expect(await guest.page.evaluate(saidOf, 'Bob')).toBe('Their connection is weak')
    for (const name of ['Ada', 'Chloé']) expect(await guest.page.evaluate(saidOf, name)).toBe('')
  }
  await bob.reads('Your connection is weak')
  meeting.relay.set({}, {})
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
