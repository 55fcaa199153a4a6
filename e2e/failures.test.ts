/**
 * What goes wrong on a day: a network without UDP, a media worker killed, the server restarted. Three people each time,
 * and each time everybody sees and hears everybody else in the end.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { allSeeAndHear, allSeePeople, Guest } from './support/guest.ts'
import { blockUdp, canBlockUdp } from './support/udp-block.ts'

describe('three people, and a bad day', () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  let guests: Guest[]

  const enter = async (): Promise<void> => {
    const [first, ...others] = guests
    if (first === undefined) throw new Error('nobody')
    const link = await first.createMeeting(server.url, 'A bad day')
    await first.join()
    for (const guest of others) {
      await guest.open(link)
      await guest.join()
    }
    await everybodySeesEverybody()
  }
  const everybodySeesEverybody = async (): Promise<void> => {
    await allSeeAndHear(guests)
  }

  beforeAll(async () => {
    chromium = await ChromiumBrowser.launch()
  })
  afterAll(async () => {
    await chromium?.close()
  })
  beforeEach(async () => {
    server = await startServer({ port: 0, mediaPort: 0, workers: 2, logLevel: 'silent' })
    guests = []
    for (const [number, name] of ['Ada', 'Bob', 'Chloé'].entries()) {
      guests.push(await Guest.at(await chromium.page(), number, name))
    }
  })
  afterEach(async () => {
    for (const guest of guests) await guest.page.close()
    await server.close()
  })

  test.runIf(canBlockUdp())(
    'a network without UDP: media goes over TCP, the hop is AES-256-GCM all the same',
    async () => {
      using _block = blockAll(server.mediaPorts)
      await enter()
      for (const guest of guests) {
        const hops = await guest.hops()
        expect(hops.map((hop) => hop.protocol)).toEqual(['tcp', 'tcp'])
        for (const { cipher } of hops) expect(cipher).toMatch(/AEAD_AES_256_GCM$/)
      }
    },
  )

  test('[SIG12] a media worker is killed: everybody moves to another one by themselves', async () => {
    await enter()
    const before = server.workerPids()
    for (const pid of before) process.kill(pid, 'SIGKILL')
    for (const guest of guests) {
      await guest.page.until('both connections are new and up', () => {
        const kept = (window as unknown as { keptConnections: RTCPeerConnection[] }).keptConnections
        return kept.length > 2 && kept.filter((one) => one.connectionState === 'connected').length >= 2
      })
    }
    await everybodySeesEverybody()
    expect(server.workerPids().some((pid) => before.includes(pid))).toBe(false)
  })

  test('[SIG8] the server is restarted: the host brings the room back, and everybody is in one meeting again', async () => {
    await enter()
    const { port } = server
    await server.close()
    server = await startServer({ port, mediaPort: 0, workers: 2, logLevel: 'silent' })
    await allSeePeople(guests)
    await everybodySeesEverybody()
  })
})

function blockAll(ports: readonly number[]): Disposable {
  const blocks = ports.map(blockUdp)
  return {
    [Symbol.dispose]: () => {
      for (const block of blocks) block[Symbol.dispose]()
    },
  }
}
