import { randomBytes } from 'node:crypto'
import type { Source } from '@huisclos/participant'
import type { ConsumerId, EventOf } from '@huisclos/protocol'
import { isRtcp } from '@huisclos/rtp'
import type { MediaGuest, MediaRoom } from '@huisclos/testkit/media-room'
import { startMediaRoom } from '@huisclos/testkit/media-room'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { DatachannelTransport } from './datachannel-transport.ts'
import type { EncodedTrack } from './encoded-track.ts'
import { NodeMediaAdapter, NodeMediaError } from './node-media-adapter.ts'
import type { RawTransport } from './raw-transport.ts'
import type { RunningSource } from './running-source.ts'
import type { Stamp } from './synthetic-source.ts'
import { readStamp, startSyntheticAudio, startSyntheticVideo } from './synthetic-source.ts'
import { systemClock } from './system-clock.ts'

const clock = systemClock
const RETIRE = 10_000

interface Bot {
  leaf: number
  guest: MediaGuest
  media: NodeMediaAdapter
  states: string[]
  offers: EventOf<'media.consumer'>[]
  forged: ConsumerId[]
  waiting: [ConsumerId, boolean][]
}

/** Every packet that a bot hands to its hop, before the hop encrypts it. */
function tapped(taps: Uint8Array[], losePercent = 0): RawTransport {
  const inner = new DatachannelTransport()
  const outer: RawTransport = {
    dtls: inner.dtls,
    ice: inner.ice,
    onPacket: () => undefined,
    onState: () => undefined,
    connect: (remote) => inner.connect(remote),
    send(packet) {
      taps.push(packet)
      const lost = losePercent > 0 && !isRtcp(packet) && taps.length % Math.round(100 / losePercent) === 0
      return lost ? true : inner.send(packet)
    },
    close: () => inner.close(),
  }
  inner.onPacket = (packet) => outer.onPacket(packet)
  inner.onState = (state) => outer.onState(state)
  return outer
}

let room: MediaRoom
const bots: Bot[] = []
const sources: RunningSource[] = []
beforeAll(async () => {
  room = await startMediaRoom()
})
afterAll(() => room.close())
afterEach(() => {
  for (const source of sources.splice(0)) source.stop()
  for (const { media, guest } of bots.splice(0)) {
    media.close()
    guest.peer.close()
  }
})

async function enter(leaf: number, makeTransport?: () => RawTransport): Promise<Bot> {
  const guest = room.enter()
  const media = new NodeMediaAdapter(makeTransport ? { clock, makeTransport } : { clock })
  const bot: Bot = { leaf, guest, media, states: [], offers: [], forged: [], waiting: [] }
  bots.push(bot)
  media.on = {
    transport: (state) => bot.states.push(state),
    waiting: (consumer, waiting) => bot.waiting.push([consumer, waiting]),
    forged: (consumer) => bot.forged.push(consumer),
  }
  guest.onConsumer = (offer) => bot.offers.push(offer)
  await media.open({ request: guest.ask, routerRtp: room.routerRtp })
  await vi.waitFor(() => expect(bot.states.at(-1)).toBe('connected'), { timeout: 5000 })
  return bot
}

const installed = (bot: Bot, epoch: number, baseKey: Uint8Array, removed: number[] = []) =>
  bot.media.installEpoch({ epoch, baseKey, removed, retireAfterMs: RETIRE })

function holdKeys(bot: Bot, epoch: number, baseKey: Uint8Array): void {
  installed(bot, epoch, baseKey)
  bot.media.sendWith({ epoch, leaf: bot.leaf })
}

function video(fps = 30, frameBytes = 3000): RunningSource {
  const source = startSyntheticVideo({ clock, fps, frameBytes })
  sources.push(source)
  return source
}

function audio(): RunningSource {
  const source = startSyntheticAudio({ clock, packetBytes: 120 })
  sources.push(source)
  return source
}

/** Takes what is offered, opened for `sender`, and keeps the stamps that arrive. */
async function watch(bot: Bot, nth: number, sender: { leaf: number; stream: number } | null) {
  await vi.waitFor(() => expect(bot.offers.length).toBeGreaterThan(nth))
  const offer = bot.offers[nth]!
  const track: EncodedTrack = await bot.media.consume(offer)
  const stamps: Stamp[] = []
  track.subscribe(({ data }) => {
    const stamp = readStamp(track.codec, data)
    if (stamp) stamps.push(stamp)
  })
  bot.media.announce(offer.consumer, sender)
  await bot.guest.ask({ t: 'media.want', consumer: offer.consumer, paused: false })
  return { consumer: offer.consumer, stamps, counts: () => bot.media.received(offer.consumer)! }
}

const inARow = (stamps: Stamp[]) =>
  stamps.every(({ sequence }, index) => sequence === stamps[0]!.sequence + index)
const publish = (bot: Bot, source: Source, track: EncodedTrack, stream: number, paused = false) =>
  bot.media.publish({ source, track, stream, paused })

describe('two bots through a real worker', () => {
  let alice: Bot
  let bob: Bot
  const baseKey = randomBytes(32)
  beforeEach(async () => {
    alice = await enter(0)
    bob = await enter(5)
    holdKeys(alice, 1, baseKey)
    holdKeys(bob, 1, baseKey)
  })

  test('[FRM1, KEY1] pictures and sound go both ways and open, from a key frame on, without a gap', async () => {
    await publish(alice, 'camera', video().track, 0)
    await publish(alice, 'microphone', audio().track, 1)
    await publish(bob, 'camera', video().track, 7)
    const picture = await watch(bob, 0, { leaf: 0, stream: 0 })
    const sound = await watch(bob, 1, { leaf: 0, stream: 1 })
    const back = await watch(alice, 0, { leaf: 5, stream: 7 })
    for (const { stamps } of [picture, sound, back]) {
      await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(60), { timeout: 8000 })
      expect(inARow(stamps)).toBe(true)
      expect(stamps[0]!.key).toBe(true)
    }
    expect(picture.counts()).toMatchObject({ received: { gaps: 0 }, refused: new Map() })
    expect([...alice.forged, ...bob.forged]).toEqual([])
    expect(await alice.media.counters()).toEqual([
      { stream: 0, counter: expect.stringMatching(/^\d+$/) },
      { stream: 1, counter: expect.stringMatching(/^\d+$/) },
    ])
  })

  test('[FRM5] frames stay shut until announced, and under another leaf or stream they never open', async () => {
    await publish(alice, 'camera', video().track, 0)
    const shut = await watch(bob, 0, null)
    await vi.waitFor(() => expect(shut.counts().received.shut).toBeGreaterThan(5), { timeout: 5000 })
    bob.media.announce(shut.consumer, { leaf: 1, stream: 0 })
    await vi.waitFor(() => expect(shut.counts().refused.get('wrong-sender')).toBeGreaterThan(3))
    bob.media.announce(shut.consumer, { leaf: 0, stream: 1 })
    await vi.waitFor(() => expect(shut.counts().refused.get('wrong-sender')).toBeGreaterThan(9))
    expect(bob.forged).toContain(shut.consumer)
    expect(shut.stamps).toEqual([])
    bob.media.announce(shut.consumer, { leaf: 0, stream: 0 })
    await vi.waitFor(() => expect(shut.stamps.length).toBeGreaterThan(5))
  })

  test('[KEY4] a new epoch is switched to without losing a frame, and its counters go on', async () => {
    await publish(alice, 'camera', video().track, 0)
    const { stamps, counts } = await watch(bob, 0, { leaf: 0, stream: 0 })
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(10), { timeout: 5000 })
    const next = randomBytes(32)
    installed(bob, 2, next)
    installed(alice, 2, next)
    const before = stamps.length
    alice.media.sendWith({ epoch: 2, leaf: 0 })
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(before + 30), { timeout: 5000 })
    expect(inARow(stamps)).toBe(true)
    expect(counts().refused.size).toBe(0)
  })

  test('[KEY4] what a removed leaf sends does not open any more', async () => {
    await publish(alice, 'camera', video().track, 0)
    const { stamps, counts } = await watch(bob, 0, { leaf: 0, stream: 0 })
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(10), { timeout: 5000 })
    installed(bob, 2, randomBytes(32), [0])
    const before = stamps.length
    await vi.waitFor(() => expect(counts().refused.get('no-key')).toBeGreaterThan(10), { timeout: 5000 })
    expect(stamps.length).toBeLessThanOrEqual(before + 2)
  })

  test('[FRM2] frames without a key are told as waiting after two seconds, and no more once there is one', async () => {
    installed(alice, 2, baseKey)
    alice.media.sendWith({ epoch: 2, leaf: 0 })
    await publish(alice, 'camera', video().track, 0)
    const { consumer, stamps } = await watch(bob, 0, { leaf: 0, stream: 0 })
    const since = clock.now()
    await vi.waitFor(() => expect(bob.waiting).toEqual([[consumer, true]]), { timeout: 6000 })
    expect(clock.now() - since).toBeGreaterThan(1900)
    expect(stamps).toEqual([])
    installed(bob, 2, baseKey)
    await vi.waitFor(() => expect(bob.waiting.at(-1)).toEqual([consumer, false]))
    expect(stamps.length).toBeGreaterThan(0)
  })

  test('[ROS2] told to stop sending, a bot sends no frame until it may again', async () => {
    await publish(alice, 'camera', video().track, 0)
    const { stamps } = await watch(bob, 0, { leaf: 0, stream: 0 })
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(10), { timeout: 5000 })
    alice.media.stopSending()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const [before] = await alice.media.counters()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await alice.media.counters()).toEqual([before])
    const seen = stamps.length
    alice.media.sendWith({ epoch: 1, leaf: 0 })
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(seen + 10))
    const [after] = await alice.media.counters()
    expect(BigInt(after!.counter)).toBeGreaterThan(BigInt(before!.counter))
  })

  test('[ORD3] a struck epoch sends nothing, and the one before is taken up again', async () => {
    await publish(alice, 'camera', video().track, 0)
    const { stamps } = await watch(bob, 0, { leaf: 0, stream: 0 })
    holdKeys(alice, 2, randomBytes(32))
    alice.media.strikeEpoch(2)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const seen = stamps.length
    installed(alice, 1, baseKey)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(stamps.length).toBe(seen)
    alice.media.sendWith({ epoch: 1, leaf: 0 })
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(seen + 10))
  })

  test('[KEY4] asked many times at once, the sender hears of one key frame a second', async () => {
    await publish(alice, 'camera', video().track, 0)
    const { consumer, stamps } = await watch(bob, 0, { leaf: 0, stream: 0 })
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(10), { timeout: 5000 })
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const before = alice.media.sent('camera')!.keyFramesAsked
    const since = clock.now()
    for (let ask = 0; ask < 20; ask += 1) {
      await bob.guest.ask({ t: 'media.key-frame', consumer })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const seconds = (clock.now() - since) / 1000
    const asked = alice.media.sent('camera')!.keyFramesAsked - before
    expect(asked).toBeGreaterThanOrEqual(2)
    expect(asked).toBeLessThanOrEqual(Math.ceil(seconds) + 1)
    const keys = stamps.filter(({ key }) => key)
    expect(keys.length).toBeGreaterThanOrEqual(3)
  })

  test('paused, unpublished and replaced tracks are silent, gone and continued', async () => {
    await publish(alice, 'microphone', audio().track, 0, true)
    const { consumer, stamps } = await watch(bob, 0, { leaf: 0, stream: 0 })
    expect(bob.offers[0]!.producerPaused).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(stamps).toEqual([])
    await alice.media.setPaused('microphone', false)
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(5))
    const other = audio()
    await alice.media.replaceTrack('microphone', other.track)
    const seen = stamps.length
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(seen + 5))
    await alice.media.unpublish('microphone')
    await vi.waitFor(() => expect(bob.guest.events).toContainEqual({ t: 'media.consumer-closed', consumer }))
  })

  test('[KEY4] a peer that the server closes is not heard from that moment on', async () => {
    await publish(alice, 'microphone', audio().track, 0)
    const { stamps } = await watch(bob, 0, { leaf: 0, stream: 0 })
    await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(5), { timeout: 5000 })
    alice.guest.peer.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const seen = stamps.length
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(stamps.length).toBe(seen)
  })
})

test('[FRM2, SEE1] nothing of a frame but its clear bytes is in the packets, and without keys there are no packets', async () => {
  const taps: Uint8Array[] = []
  const alice = await enter(0, () => tapped(taps))
  const source = video()
  const bodies: Buffer[] = []
  source.track.subscribe(({ data }) => bodies.push(Buffer.from(data.subarray(10, 42))))
  await publish(alice, 'camera', source.track, 0)
  await vi.waitFor(() => expect(bodies.length).toBeGreaterThan(10))
  expect(taps.filter((packet) => !isRtcp(packet))).toEqual([])
  holdKeys(alice, 1, randomBytes(32))
  await vi.waitFor(() => expect(taps.length).toBeGreaterThan(40), { timeout: 5000 })
  const sent = Buffer.concat(taps)
  expect(bodies.some((body) => sent.includes(body))).toBe(false)
})

test('lost packets are sent again, so that frames under 5 % loss arrive', async () => {
  const taps: Uint8Array[] = []
  const alice = await enter(0, () => tapped(taps, 5))
  const bob = await enter(1)
  const baseKey = randomBytes(32)
  for (const bot of [alice, bob]) holdKeys(bot, 1, baseKey)
  await publish(alice, 'camera', video().track, 0)
  const { stamps } = await watch(bob, 0, { leaf: 0, stream: 0 })
  await vi.waitFor(() => expect(stamps.length).toBeGreaterThan(100), { timeout: 10_000 })
  expect(alice.media.sent('camera')!.retransmitted).toBeGreaterThan(5)
  const span = stamps.at(-1)!.sequence - stamps[0]!.sequence + 1
  expect(stamps.length / span).toBeGreaterThan(0.97)
  const [quality] = bob.media.qualities()
  expect(quality).toMatchObject({ kind: 'video' })
  expect(quality!.expected).toBeGreaterThan(100)
  // What is under way when it is asked is all that may be missing.
  expect(quality!.lost).toBeLessThan(quality!.expected * 0.02)
  expect(quality!.jitterMs).toBeGreaterThan(0)
  expect(quality!.firstFrameMs).toBeGreaterThan(0)
})

test('what a bot cannot do, it says', async () => {
  const media = new NodeMediaAdapter({ clock })
  const guest = room.enter()
  const setup = { request: guest.ask, routerRtp: room.routerRtp }
  await expect(media.open({ ...setup, tcpOnly: true })).rejects.toMatchObject({ code: 'tcp-unsupported' })
  await expect(media.restartIce()).rejects.toEqual(new NodeMediaError('ice-restart-unsupported'))
  await expect(media.setPaused('camera', true)).rejects.toMatchObject({ code: 'unknown-source' })
  const { track } = video()
  await expect(media.publish({ source: 'camera', track, stream: 0, paused: false })).rejects.toMatchObject({
    code: 'not-open',
  })
  guest.peer.close()
})
