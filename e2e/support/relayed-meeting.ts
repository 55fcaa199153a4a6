/** Three people of whom one is reached through a relay of the fault lab, and pictures that are hard to compress. */
import type { RunningServer } from '../../packages/server/src/index.ts'
import { startServer } from '../../packages/server/src/index.ts'
import type { UdpRelay } from '../../packages/testkit/src/fault-lab/udp-relay.ts'
import { startUdpRelay } from '../../packages/testkit/src/fault-lab/udp-relay.ts'
import type { ChromiumBrowser } from './browsers.ts'
import { allSeeAndHear, Guest } from './guest.ts'
import { leadThrough } from './through-relay.ts'

/** Two audio streams take half of it. */
export const NARROW = { rate: { bitsPerSecond: 250_000, queueBytes: 12_000 } }

export class RelayedMeeting {
  readonly relay: UdpRelay
  readonly #server: RunningServer
  readonly #guests: Guest[] = []

  private constructor(server: RunningServer, relay: UdpRelay) {
    this.#server = server
    this.relay = relay
  }

  static async start(): Promise<RelayedMeeting> {
    const server = await startServer({ port: 0, mediaPort: 0, workers: 1, logLevel: 'silent' })
    return new RelayedMeeting(server, await startUdpRelay({ targetPort: server.mediaPorts[0] ?? 0, seed: 7 }))
  }

  async close(): Promise<void> {
    for (const guest of this.#guests) await guest.page.close()
    await this.relay[Symbol.asyncDispose]()
    await this.#server.close()
  }

  /** Three people who see and hear each other; the media of the one with that number goes through the relay. */
  async meet(
    chromium: ChromiumBrowser,
    relayed: number,
    { busy = false } = {},
  ): Promise<[Guest, Guest, Guest]> {
    const guests = this.#guests
    for (const [number, name] of ['Ada', 'Bob', 'Chloé'].entries()) {
      const page = await chromium.page()
      if (number === relayed) await leadThrough(page, this.relay.port)
      guests.push(await Guest.at(page, number, name))
      if (busy) await page.beforeScripts(sendBusyPictures)
    }
    const [ada, bob, chloe] = guests as [Guest, Guest, Guest]
    const link = await ada.createMeeting(this.#server.url, 'A narrow path')
    await ada.join()
    for (const guest of [bob, chloe]) {
      await guest.open(link)
      await guest.join()
    }
    await allSeeAndHear(guests)
    return [ada, bob, chloe]
  }
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

/** In the page: so many pictures, one's own among them, have at least half the camera's lines. */
export const largePictures = (count: number): boolean =>
  [...document.querySelectorAll<HTMLVideoElement>('.tile video')].filter(
    ({ videoHeight }) => videoHeight >= 180,
  ).length >= count
