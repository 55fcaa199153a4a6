// Floods by SIPp against the bridge's own process, 100 calls a second for 10 s, while a telephone is in a meeting: the
// sound of that call both ways, the bridge's memory, and whether it answers afterwards (TEL4, TEL7). Prints its figures.
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BridgeProcess } from './testing/bridge-process.ts'
import { bridgeIn, enterScene } from './testing/bridge-scene.ts'
import type { Flood } from './testing/sipp-flood.ts'
import { floodBySipp } from './testing/sipp-flood.ts'
import { Telephone } from './testing/telephone.ts'
import { until } from './testing/until.ts'
import { isBridge, listenTo, playTone } from './testing/voices.ts'

const [CALLER_HZ, GUEST_HZ] = [440, 1000]
const LOUD = 1000
/** 127.0.0.0/8 is this machine: each address stands for a trunk. */
const TRUNKS = [
  { name: 'ours', allow: ['127.0.0.1'], language: 'en' },
  { name: 'usual limits', allow: ['127.0.0.2'], language: 'en' },
  { name: 'wide limits', allow: ['127.0.0.3'], language: 'en', maxCalls: 90, callsPerSecond: 100 },
]
const MOST_MEGABYTES = 100
/** Sound that stops is missed for good; on a busy machine a word may be. */
const MOST_MISSED_MS = 5_000

const ends = new AsyncDisposableStack()
let bridge: BridgeProcess
let port: number
let pin: string
let callers: () => number
/** How loud each side hears the other's tone, and how much it has heard. */
let heardInMeeting: () => { loud: number; count: number }
let heardOnTelephone: typeof heardInMeeting

beforeAll(async () => {
  bridge = ends.adopt(await BridgeProcess.prepare(), (one) => one.close())
  const place = ends.adopt(await startMeetingPlace({ hosted: { bridge: bridge.card } }), (one) => one.close())
  const { link, hostSeed, connect, server } = place
  port = await bridge.start(server.url, {
    media: { from: 32_000, to: 32_767 },
    trunks: TRUNKS,
    maxCalls: 100,
    heapMegabytes: 80,
  })
  const host = ends.adopt(await enterScene({ link, name: 'Anaïs', hostSeed }, connect), (one) => one.leave())
  const guest = ends.adopt(await enterScene({ link, name: 'Benoît', hostSeed: null }, connect), (one) =>
    one.leave(),
  )
  ends.defer(await playTone(guest, GUEST_HZ))
  await host.invitePhones()
  pin = host.view.phones.invitation?.pin ?? ''
  callers = () => bridgeIn(host.view)?.bridge?.callers.length ?? 0
  const phone = await enter('+33612345642', 1)
  const ear = listenTo(host, isBridge, 'caller-0')
  heardInMeeting = () => ({ loud: ear.hears(CALLER_HZ), count: ear.frames })
  heardOnTelephone = () => ({ loud: phone.hears(GUEST_HZ, 0.5), count: phone.heard.length })
  const both = () => heardInMeeting().loud > LOUD && heardOnTelephone().loud > LOUD
  await until('both are heard', both, 30_000)
})
afterAll(() => ends.disposeAsync())

async function enter(number: string, then: number): Promise<Telephone> {
  const phone = ends.adopt(new Telephone(port, number), (one) => one.close())
  expect(await phone.call()).toBe(200)
  phone.tone = CALLER_HZ
  phone.speak()
  await phone.press(`${pin}#`)
  await until(`${then} callers are in`, () => callers() === then, 30_000)
  // A key's prompt takes the place of the greeting that plays over the meeting.
  await phone.press('*6*6')
  return phone
}

/** How long the other side's tone has been missing at most, in ms: too quiet, or nothing new. */
class Listener {
  longestMs = 0
  readonly #now: () => { loud: number; count: number }
  #count = 0
  #heardAt = performance.now()

  constructor(now: () => { loud: number; count: number }) {
    this.#now = now
  }

  listen(): void {
    const { loud, count } = this.#now()
    const at = performance.now()
    if (loud > LOUD && count > this.#count) this.#heardAt = at
    this.#count = count
    this.longestMs = Math.max(this.longestMs, at - this.#heardAt)
  }
}

/** Listens on both sides as long as the flood lasts. */
async function watched(flood: Flood) {
  const before = bridge.megabytes
  const [inMeeting, onTelephone] = [new Listener(heardInMeeting), new Listener(heardOnTelephone)]
  let most = before
  const timer = setInterval(() => {
    inMeeting.listen()
    onTelephone.listen()
    most = Math.max(most, bridge.megabytes)
  }, 50)
  const begun = performance.now()
  const { made, taken } = await floodBySipp(flood)
  const seconds = (performance.now() - begun) / 1000
  clearInterval(timer)
  const missedMs = { inMeeting: inMeeting.longestMs, onTelephone: onTelephone.longestMs }
  const figures = { made, taken, seconds, missedMs, megabytes: { before, most, after: bridge.megabytes } }
  const rounded = JSON.stringify(figures, (_, one) => (typeof one === 'number' ? Math.round(one) : one))
  process.stdout.write(`${flood.kind} from ${flood.from}: ${rounded}\n`)
  return figures
}

describe('[TEL7] floods', () => {
  const prefixOf = () => (pin.startsWith('999') ? '888' : '999')

  test.each([
    ['calls', '127.0.0.2'],
    ['pins', '127.0.0.2'],
    ['calls', '127.0.0.3'],
    ['pins', '127.0.0.3'],
  ] as const)(
    '[TEL7] %s from %s: the running call is heard throughout, and memory stays',
    async (kind, from) => {
      const figures = await watched({ port, from, kind, perSecond: 100, seconds: 10, prefix: prefixOf() })
      expect(figures.made).toBe(1000)
      expect(figures.taken).toBeGreaterThan(20)
      expect(figures.taken).toBeLessThan(500)
      expect(figures.missedMs.inMeeting).toBeLessThan(MOST_MISSED_MS)
      expect(figures.missedMs.onTelephone).toBeLessThan(MOST_MISSED_MS)
      expect(figures.megabytes.most).toBeLessThan(figures.megabytes.before + MOST_MEGABYTES)
      const next = await enter('+33612345643', 2)
      await until('the next one hears the meeting', () => next.hears(GUEST_HZ, 0.5) > LOUD, 30_000)
      next.hangUp()
      await until('it has gone', () => callers() === 1, 10_000)
    },
  )
})
