/**
 * A screen of 3840 × 2160 with small text reaches two others as it is: all its lines, and strokes of two pixels apart from
 * each other. How often it comes and what it costs is printed, not judged: that depends on the machine.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { allSeeAndHear, Guest } from './support/guest.ts'

let server: RunningServer
let chromium: ChromiumBrowser
beforeAll(async () => {
  server = await startServer({ port: 0, mediaPort: 0, workers: 1, logLevel: 'silent' })
  chromium = await ChromiumBrowser.launch()
})
afterAll(async () => {
  await chromium?.close()
  await server?.close()
})

/** In the page, before its scripts: a screen full of text, with a field of strokes, and one line that changes. */
function shareLargeScreen(): void {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 3840
    canvas.height = 2160
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    context.fillStyle = '#fff'
    context.fillRect(0, 0, 3840, 2160)
    context.fillStyle = '#000'
    context.font = '22px sans-serif'
    for (let line = 0; line < 70; line++)
      context.fillText(
        `${line} Portez ce vieux whisky au juge blond qui fume. `.repeat(7),
        20,
        40 + line * 30,
      )
    context.fillStyle = '#fff'
    context.fillRect(1600, 900, 640, 360)
    context.fillStyle = '#000'
    for (let x = 1600; x < 2240; x += 4) context.fillRect(x, 900, 2, 360)
    let tick = 0
    setInterval(() => {
      context.fillStyle = '#fff'
      context.fillRect(0, 2120, 600, 40)
      context.fillStyle = '#000'
      context.fillText(`line ${tick++}`, 20, 2150)
    }, 200)
    return canvas.captureStream(5)
  }
}

/** In the page: the widest picture, and how far its strokes stand out, 0 to 1. */
function readScreen(): { width: number; height: number; contrast: number; frames: number } {
  const [video] = [...document.querySelectorAll('video')].sort((a, b) => b.videoWidth - a.videoWidth)
  const nothing = { width: 0, height: 0, contrast: 0, frames: 0 }
  if (video === undefined || video.videoWidth === 0) return nothing
  const canvas = document.createElement('canvas')
  canvas.width = 640
  canvas.height = 1
  const context = canvas.getContext('2d')
  if (context === null) return nothing
  context.drawImage(video, 1600, 1000, 640, 1, 0, 0, 640, 1)
  const { data } = context.getImageData(0, 0, 640, 1)
  let difference = 0
  for (let x = 0; x < 640; x += 4)
    difference +=
      (data[(x + 2) * 4] ?? 0) + (data[(x + 3) * 4] ?? 0) - (data[x * 4] ?? 0) - (data[(x + 1) * 4] ?? 0)
  const { videoWidth: width, videoHeight: height } = video
  return {
    width,
    height,
    contrast: difference / (160 * 2 * 255),
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
  }
}

test('[PIC7] a screen of 4K comes in all its lines, and small text can be read', async () => {
  const guests: Guest[] = []
  for (const [number, name] of ['Ada', 'Bob', 'Chloé'].entries())
    guests.push(await Guest.at(await chromium.page(), number, name))
  const [ada, bob, chloe] = guests as [Guest, Guest, Guest]
  await ada.page.beforeScripts(shareLargeScreen)
  const link = await ada.createMeeting(server.url, 'Small print')
  await ada.join()
  for (const guest of [bob, chloe]) {
    await guest.open(link)
    await guest.join()
  }
  await allSeeAndHear(guests)
  const since = Date.now()
  await ada.press(/^Share/)
  const sharp = async (guest: Guest) => {
    for (;;) {
      const screen = await guest.page.evaluate(readScreen)
      if (screen.width === 3840 && screen.height === 2160 && screen.contrast > 0.8) return
      if (Date.now() - since > 60_000) expect(screen).toMatchObject({ width: 3840, height: 2160 })
      if (Date.now() - since > 60_000) expect(screen.contrast).toBeGreaterThan(0.8)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  await Promise.all([sharp(bob), sharp(chloe)])
  const sharpMs = Date.now() - since
  const before = await bob.page.evaluate(readScreen)
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  const after = await bob.page.evaluate(readScreen)
  console.log(
    `sharp after ${sharpMs} ms; ${(after.frames - before.frames) / 10} pictures a second; contrast ${after.contrast.toFixed(2)}`,
  )
  expect(after.frames).toBeGreaterThan(before.frames)
  expect(after.contrast).toBeGreaterThan(0.8)
  for (const guest of guests) expect(guest.page.complaints).toEqual([])
})
