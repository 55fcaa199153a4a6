// The bridge over real sockets, with telephones of our own.
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { FRAME_MS } from './audio/samples.ts'
import { LineTestDoor } from './call/line-test-door.ts'
import { parseConfig } from './config/phone-config.ts'
import { PhoneBridge } from './phone-bridge.ts'
import { request } from './sip/testing.ts'
import { Telephone } from './testing/telephone.ts'
import { until } from './testing/until.ts'

const PIN = '246813579'
const ends: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function startBridge(trunk: Record<string, unknown> = {}) {
  const door = await LineTestDoor.make(PIN)
  const config = parseConfig({
    udp: { host: '127.0.0.1', port: 0 },
    tcp: { host: '127.0.0.1', port: 0 },
    announced: '127.0.0.1',
    media: { host: '127.0.0.1', from: 22_000, to: 24_999 },
    trunks: [{ name: 'test', allow: ['127.0.0.1'], language: 'en', callsPerSecond: 50, ...trunk }],
  })
  const bridge = await PhoneBridge.start(config, door)
  ends.push(() => bridge.close())
  return { bridge, door, port: bridge.ports.udp ?? 0 }
}

function telephone(port: number, name: string): Telephone {
  const phone = new Telephone(port, name)
  ends.push(() => phone.close())
  return phone
}

async function enter(port: number, name: string, tone: number): Promise<Telephone> {
  const phone = telephone(port, name)
  expect(await phone.call()).toBe(200)
  phone.tone = tone
  phone.speak()
  await until(`${name} hears the prompt`, () => phone.heard.some((sample) => Math.abs(sample) > 2000))
  await phone.press(`${PIN}#`)
  return phone
}

test('[TEL4, TEL5, TEL6] two telephones enter by PIN, hear each other and not themselves, and mute by *6', async () => {
  const { bridge, door, port } = await startBridge()
  const alice = await enter(port, 'alice', 440)
  const bob = await enter(port, 'bob', 1000)
  await until('both are in', () => bridge.figures.inside === 2)
  // The greeting plays over the meeting for ten seconds; a key's prompt is shorter and takes its place.
  await alice.press('*6*6')
  await bob.press('*6*6')
  await until('Alice hears Bob', () => alice.hears(1000, 0.5) > 1500)
  await until('Bob hears Alice', () => bob.hears(440, 0.5) > 1500)
  expect(alice.hears(440, 0.5)).toBeLessThan(100)
  expect(bob.hears(1000, 0.5)).toBeLessThan(100)

  await alice.press('*6')
  await until('Bob hears Alice no more', () => bob.hears(440, 0.3) < 20)
  expect(door.seats.map(({ muted }) => muted)).toEqual([true, false])
  await alice.press('*9')
  await until('the hand is up', () => door.seats[0]?.hand === true)

  door.seats[1]?.on.removed()
  await until('Bob is hung up', () => bob.hungUp)
  alice.hangUp()
  await until('all have left', () => bridge.figures.calls === 0 && door.seats.length === 0)
})

/** Of a frame in G.711. */
const FRAME_SAMPLES = 160

/** How many frames of 20 ms a timer of this process found the time for, as the bridge counts its own. */
function startMetronome(): () => number {
  let at = performance.now()
  let beats = 0
  const timer = setInterval(() => {
    const now = performance.now()
    if (now - at > FRAME_MS * 10) at = now - FRAME_MS
    for (; now - at >= FRAME_MS; at += FRAME_MS) beats += 1
  }, FRAME_MS / 4)
  return () => {
    clearInterval(timer)
    return beats
  }
}

describe('[TEL7] floods', () => {
  test('of calls: those that run go on, and memory stays', async () => {
    const { bridge, port } = await startBridge({ maxCalls: 10, callsPerSecond: 2 })
    const alice = await enter(port, 'alice', 440)
    await until('Alice is in', () => bridge.figures.inside === 1)
    const flood = createSocket('udp4')
    ends.push(() => void flood.close())
    const before = alice.heard.length
    const beats = startMetronome()
    const begun = performance.now()
    for (let i = 0; i < 500; i += 1) {
      flood.send(request({ method: 'INVITE', callId: `${i}@flood` }), port, '127.0.0.1')
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const seconds = (performance.now() - begun) / 1000
    const heard = alice.heard.length - before
    // One process makes the flood, bears it and listens: nine tenths of the frames that it had the time for, and of all
    // time a part; how much a bridge on its own misses is flood.long.test.ts's to say.
    expect(heard / FRAME_SAMPLES / beats()).toBeGreaterThan(0.9)
    expect(heard / (8000 * seconds)).toBeGreaterThan(0.25)
    const then = alice.heard.length
    await until('Alice hears on', () => alice.heard.length - then > 8000)
    expect(bridge.figures.calls).toBeLessThanOrEqual(11)
    expect(bridge.kept.answers).toBeLessThan(100)
    expect(bridge.figures.inside).toBe(1)
  })

  test('of bytes that are no SIP, by UDP and TCP', async () => {
    const { bridge, port } = await startBridge()
    const flood = createSocket('udp4')
    ends.push(() => void flood.close())
    for (let i = 0; i < 200; i += 1) flood.send(Buffer.alloc(i * 5, i), port, '127.0.0.1')
    const stream = connect(bridge.ports.tcp ?? 0, '127.0.0.1')
    stream.on('error', () => undefined)
    const closed = new Promise((resolve) => stream.on('close', resolve))
    stream.write(Buffer.alloc(40_000, 'x'))
    await closed
    const phone = telephone(port, 'carol')
    expect(await phone.call()).toBe(200)
  })
})

test('[TEL8] a call of an address that no trunk allows is not answered', async () => {
  const { bridge, port } = await startBridge({ allow: ['192.0.2.1'] })
  const phone = telephone(port, 'mallory')
  void phone.call()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(phone.statuses).toEqual([])
  expect(bridge.figures.calls).toBe(0)
})

test('[TEL5] a trunk that requires SRTP gets no call without it', async () => {
  const { port } = await startBridge({ srtp: 'required' })
  expect(await telephone(port, 'alice').call()).toBe(488)
})
