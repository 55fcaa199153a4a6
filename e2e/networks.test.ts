/**
 * Networks that come and go: one of three people sits in a network namespace with two links, and loses, changes and
 * regains them, or shuts the lid. Afterwards there is one tile each, whoever was muted still is, and pictures and tones
 * are those of the people. How long media took is printed, not judged: docs/fault-lab.md keeps the figures.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { halt, NetworkLab, whyNoNetworks } from '../packages/testkit/src/fault-lab/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { allSeeAndHear, allSeePeople, Guest } from './support/guest.ts'
import { cameraSignature } from './support/picture-and-tone.ts'
import { pictureGapMs, watchPicturesOf } from './support/picture-watch.ts'

const reason = whyNoNetworks()
const AWAY_MS = 30_000
const LID_MS = 20_000
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN

const title = reason === null ? '' : ` (left out: needs network namespaces, and here: ${reason})`
describe.skipIf(reason !== null)(`three people, one of them on the move${title}`, () => {
  let lab: NetworkLab
  let server: RunningServer
  let fixed: ChromiumBrowser
  let moving: ChromiumBrowser
  let ada: Guest, bob: Guest, chloe: Guest
  const gaps: { what: string; ms: number }[] = []

  beforeAll(async () => {
    lab = NetworkLab.create(['wifi', 'mobile'])
    const { serverAddress } = lab
    server = await startServer({
      port: 0,
      mediaPort: 0,
      workers: 1,
      logLevel: 'silent',
      listen: serverAddress,
      announcedAddress: ['127.0.0.1', serverAddress],
      create: 'anyone',
    })
    const url = `http://${serverAddress}:${server.port}`
    // Only the whole browser takes this flag.
    const flags = [`--unsafely-treat-insecure-origin-as-secure=${url}`]
    fixed = await ChromiumBrowser.launch({ flags, whole: true })
    moving = await ChromiumBrowser.launch({ flags, whole: true, wrap: (program) => lab.wrapper(program) })
    ada = await Guest.at(await fixed.page(), 0, 'Ada')
    bob = await Guest.at(await fixed.page(), 1, 'Bob')
    chloe = await Guest.at(await moving.page(), 2, 'Chloé')
    for (const guest of everyone()) await watchPicturesOf(guest)
    const link = await ada.createMeeting(url, 'On the move')
    await ada.join()
    for (const guest of [bob, chloe]) {
      await guest.open(link)
      await guest.join()
    }
    await everybodyIsThere()
  })
  afterAll(async () => {
    say(gaps.map(({ what, ms }) => `${what}: ${ms} ms`))
    await moving?.close()
    await fixed?.close()
    await server?.close()
    lab?.[Symbol.dispose]()
  })

  const everyone = (): Guest[] => [ada, bob, chloe]
  const others = (guest: Guest): Guest[] => everyone().filter((other) => other !== guest)
  const pairs = () => [ada, bob].flatMap((other) => [[other, chloe] as const, [chloe, other] as const])
  const everybodyIsThere = async (): Promise<void> => {
    await allSeePeople(everyone())
    await allSeeAndHear(everyone())
  }
  /** Chloé is seen by all and sees all, and nobody hears her. */
  const everybodyIsThereAndChloeIsMuted = async (): Promise<void> => {
    await allSeePeople(everyone())
    for (const guest of everyone()) {
      const pictures = others(guest).map(({ number }) => cameraSignature(number).id)
      const heard = others(guest).filter((other) => other !== chloe)
      await guest.receives({ pictures, tones: heard.map(({ number }) => cameraSignature(number).toneHz) })
    }
  }
  /** Brings the network back by `back`, and notes how long it took until all four pictures moved again. */
  const comesBack = async (what: string, back: () => void): Promise<number> => {
    const since = Date.now()
    back()
    const ms = await pictureGapMs(pairs(), since)
    gaps.push({ what, ms })
    return ms
  }

  test('[SIG6] from Wi-Fi to 4G and back: everybody is seen and heard again, as one tile', async () => {
    const changes: number[] = []
    for (const [link, gapMs] of [
      ['mobile', 0],
      ['wifi', 1_000],
      ['mobile', 2_000],
      ['wifi', 500],
      ['mobile', 1_000],
    ] as const) {
      lab.use(null)
      await wait(gapMs)
      changes.push(await comesBack(`to ${link} after ${gapMs} ms`, () => lab.use(link)))
      await wait(1_000)
    }
    await everybodyIsThere()
    say([`median of ${changes.length} changes of network: ${median(changes)} ms`])
  })

  test('[SIG6] half a minute without network: one tile each, and whoever was muted still is', async () => {
    await chloe.press(/^Turn the microphone off/)
    await everybodyIsThereAndChloeIsMuted()
    lab.use(null)
    await wait(AWAY_MS)
    await comesBack(`${AWAY_MS / 1000} s without network`, () => lab.use('mobile'))
    await everybodyIsThereAndChloeIsMuted()
  })

  test('a lid is shut and opened: one tile each, still muted, and the voice is back when asked for', async () => {
    {
      using _lid = halt(lab.pids())
      await wait(LID_MS)
    }
    await comesBack(`a lid shut for ${LID_MS / 1000} s`, () => undefined)
    await everybodyIsThereAndChloeIsMuted()
    await chloe.press(/^Turn the microphone on/)
    await everybodyIsThere()
    expect(await chloe.page.evaluate(() => document.querySelector('.stage') !== null)).toBe(true)
  })
})

function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`  media back: ${line}\n`)
}
