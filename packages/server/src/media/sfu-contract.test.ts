/**
 * What every adapter of the `Sfu` port must do, as one suite that runs on each: books, events and refusals. Packets are
 * tested with the real engine (packages/bench).
 */
import { randomBytes } from 'node:crypto'
import type { ConsumerId, MediaKind, ProducerId, RtpParameters, TransportId } from '@huisclos/protocol'
import {
  ConsumerId as ConsumerIds,
  PeerId,
  ProducerId as ProducerIds,
  RESULTS,
  TransportId as TransportIds,
} from '@huisclos/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FakeSfu } from './fake-sfu.ts'
import { startMediasoupSfu } from './mediasoup-sfu.ts'
import { AUDIO_LEVEL } from './rtp-policy.ts'
import type { Sfu, SfuPeer, SfuPeerEvent, SfuRoom } from './sfu.ts'
import { SFU_LIMITS, SfuError } from './sfu.ts'
import type { TapStream } from './sfu-tap.ts'
import { sendParameters } from './sfu-test-parameters.ts'

interface Guest {
  peer: SfuPeer
  id: PeerId
  events: SfuPeerEvent[]
  send: TransportId
  receive: TransportId
  consumers: () => Extract<SfuPeerEvent, { t: 'media.consumer' }>[]
  closed: () => ConsumerId[]
}

async function enter(room: SfuRoom): Promise<Guest> {
  const events: SfuPeerEvent[] = []
  const id = PeerId.parse(randomBytes(16).toString('base64url'))
  const peer = room.addPeer({ peer: id, onEvent: (event) => events.push(event) })
  const { transport: send } = await peer.createTransport({ direction: 'send', tcpOnly: false })
  const { transport: receive } = await peer.createTransport({ direction: 'receive', tcpOnly: false })
  const consumers = () => events.filter((event) => event.t === 'media.consumer')
  const closed = () =>
    events.flatMap((event) => (event.t === 'media.consumer-closed' ? [event.consumer] : []))
  return { peer, id, events, send, receive, consumers, closed }
}

const withCodec = (rtp: RtpParameters, change: Partial<RtpParameters['codecs'][number]>): RtpParameters => ({
  ...rtp,
  codecs: rtp.codecs.map((codec) => ({ ...codec, ...change })),
})
/** The real engine's tap starts a thread. */
const PATIENT = { timeout: 5_000 }
const settle = () => new Promise((resolve) => setTimeout(resolve, 50))
const refusedWith = (code: SfuError['code']) => expect.objectContaining({ name: 'SfuError', code })
const unknownTransport = TransportIds.parse('00000000-0000-4000-8000-000000000000')
const unknownProducer = ProducerIds.parse('00000000-0000-4000-8000-000000000000')
const unknownConsumer = ConsumerIds.parse('00000000-0000-4000-8000-000000000000')

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const engines: [string, () => Promise<Sfu>][] = [
  ['fake', () => Promise.resolve(new FakeSfu())],
  [
    'mediasoup',
    () =>
      startMediasoupSfu({
        workerBin: process.env['MEDIASOUP_WORKER_BIN'] ?? '',
        workers: 1,
        mediaPort: 0,
        addresses: [{ ip: '127.0.0.1' }],
        log: silent,
      }),
  ],
]

describe.each(engines)('Sfu contract: %s', (_name, makeSfu) => {
  let sfu: Sfu
  let room: SfuRoom
  let lost: ReturnType<typeof vi.fn<() => void>>
  beforeEach(async () => {
    sfu = await makeSfu()
    lost = vi.fn<() => void>()
    room = await sfu.createRoom({ onLost: lost })
  })
  afterEach(() => sfu.close())

  const receive = (guest: Guest) =>
    guest.peer.receive({ transport: guest.receive, rtp: room.rtpCapabilities })
  const produce = (guest: Guest, kind: MediaKind, rtp = sendParameters(kind), paused = false) =>
    guest.peer.produce({ transport: guest.send, kind, rtp, paused })

  test('[FRM1] a room offers Opus, VP8 and VP9 and nothing whose frames cannot be encrypted', () => {
    const names = new Set(room.rtpCapabilities.codecs?.map(({ mimeType }) => mimeType.toLowerCase()))
    expect(names).toEqual(new Set(['audio/opus', 'video/vp8', 'video/vp9', 'video/rtx']))
  })

  test('[SEE1] audio level is offered only where the policy says so', async () => {
    const uris = (of: SfuRoom) => (of.rtpCapabilities.headerExtensions ?? []).map(({ uri }) => uri)
    expect(uris(room)).not.toContain(AUDIO_LEVEL)
    expect(uris(await sfu.createRoom({ audioLevel: true, onLost: lost }))).toContain(AUDIO_LEVEL)
  })

  test('[SEE1] a producer that sends audio level nonetheless is refused', async () => {
    const alice = await enter(room)
    const rtp = sendParameters('audio')
    rtp.headerExtensions?.push({ uri: AUDIO_LEVEL, id: 6 })
    await expect(produce(alice, 'audio', rtp)).rejects.toEqual(refusedWith('media-refused'))
    expect(sfu.stats().producers).toBe(0)
  })

  test('transport parameters fit the protocol, over TCP alone where asked', async () => {
    const { peer } = await enter(room)
    const both = await peer.createTransport({ direction: 'send', tcpOnly: false })
    expect(RESULTS['media.transport'].parse(both)).toEqual(both)
    const tcp = await peer.createTransport({ direction: 'receive', tcpOnly: true })
    expect(new Set(both.candidates.map(({ protocol }) => protocol))).toEqual(new Set(['udp', 'tcp']))
    expect(new Set(tcp.candidates.map(({ protocol }) => protocol))).toEqual(new Set(['tcp']))
  })

  test('restarting ICE gives other credentials', async () => {
    const { peer, send } = await enter(room)
    const one = await peer.restartIce({ transport: send })
    const two = await peer.restartIce({ transport: send })
    expect(one.ice.password).not.toBe(two.ice.password)
  })

  test('[SIG13] who receives gets a paused consumer of what is and of what comes, never of its own', async () => {
    const [alice, bob] = [await enter(room), await enter(room)]
    const { producer: sound } = await produce(alice, 'audio')
    await receive(bob)
    await receive(alice)
    await vi.waitFor(() => expect(bob.consumers().map((c) => c.producer)).toEqual([sound]))
    const { producer: picture } = await produce(alice, 'video', undefined, true)
    await vi.waitFor(() => expect(bob.consumers().map((c) => c.producer)).toEqual([sound, picture]))
    expect(bob.consumers().map((c) => [c.peer, c.kind, c.producerPaused])).toEqual([
      [alice.id, 'audio', false],
      [alice.id, 'video', true],
    ])
    expect(alice.events).toEqual([])
    expect(sfu.stats()).toMatchObject({ rooms: 1, transports: 4, producers: 2, consumers: 2 })
  })

  test('who does not receive gets nothing; whose codecs do not fit gets no consumer', async () => {
    const [alice, bob, carol] = [await enter(room), await enter(room), await enter(room)]
    const opusOnly = (room.rtpCapabilities.codecs ?? []).filter((codec) => codec.kind === 'audio')
    await carol.peer.receive({ transport: carol.receive, rtp: { codecs: opusOnly } })
    await produce(alice, 'video')
    const { producer } = await produce(alice, 'audio')
    await vi.waitFor(() => expect(carol.consumers().map((c) => c.producer)).toEqual([producer]))
    expect(bob.events).toEqual([])
  })

  test('saying receive again starts over', async () => {
    const [alice, bob] = [await enter(room), await enter(room)]
    await produce(alice, 'audio')
    await receive(bob)
    await vi.waitFor(() => expect(bob.consumers()).toHaveLength(1))
    await receive(bob)
    await vi.waitFor(() => expect(bob.consumers()).toHaveLength(2))
    expect(bob.closed()).toEqual([bob.consumers()[0]?.consumer])
    expect(sfu.stats().consumers).toBe(1)
  })

  test('pausing and closing a producer is told to those who consume it', async () => {
    const [alice, bob] = [await enter(room), await enter(room)]
    await receive(bob)
    const { producer } = await produce(alice, 'audio')
    await vi.waitFor(() => expect(bob.consumers()).toHaveLength(1))
    const consumer = bob.consumers()[0]!.consumer
    await alice.peer.pause({ producer, paused: true })
    await alice.peer.pause({ producer, paused: true })
    await alice.peer.pause({ producer, paused: false })
    await alice.peer.closeProducer({ producer })
    await vi.waitFor(() =>
      expect(bob.events.slice(1)).toEqual([
        { t: 'media.consumer-paused', consumer, paused: true },
        { t: 'media.consumer-paused', consumer, paused: false },
        { t: 'media.consumer-closed', consumer },
      ]),
    )
    await expect(alice.peer.pause({ producer, paused: true })).rejects.toEqual(refusedWith('unknown-target'))
    await expect(bob.peer.want({ consumer, paused: false })).rejects.toEqual(refusedWith('unknown-target'))
  })

  test('consumers can be started, sized, stopped and asked for key frames', async () => {
    const [alice, bob] = [await enter(room), await enter(room)]
    await receive(bob)
    await produce(alice, 'video')
    await vi.waitFor(() => expect(bob.consumers()).toHaveLength(1))
    const consumer = bob.consumers()[0]!.consumer
    await bob.peer.want({ consumer, paused: false, spatial: 0, temporal: 1 })
    await bob.peer.requestKeyFrame({ consumer })
    await bob.peer.want({ consumer, paused: true })
    await bob.peer.requestKeyFrame({ consumer })
  })

  test('[KEY4] closing a peer ends what it sends and what it receives, and it hears nothing more', async () => {
    const [alice, bob, carol] = [await enter(room), await enter(room), await enter(room)]
    await Promise.all([alice, bob, carol].map(receive))
    await produce(alice, 'audio')
    await produce(bob, 'audio')
    await vi.waitFor(() => expect([alice, bob, carol].map((g) => g.consumers().length)).toEqual([1, 1, 2]))
    const heardBefore = alice.events.length
    alice.peer.close()
    alice.peer.close()
    await vi.waitFor(() => expect([bob.closed().length, carol.closed().length]).toEqual([1, 1]))
    expect(alice.events).toHaveLength(heardBefore)
    await expect(produce(alice, 'audio')).rejects.toEqual(refusedWith('media-unavailable'))
    expect(sfu.stats()).toMatchObject({ transports: 4, producers: 1, consumers: 1 })
  })

  test('a new transport replaces the former of its direction with all it carried', async () => {
    const [alice, bob] = [await enter(room), await enter(room)]
    await receive(bob)
    await produce(alice, 'audio')
    await vi.waitFor(() => expect(bob.consumers()).toHaveLength(1))
    const { transport } = await alice.peer.createTransport({ direction: 'send', tcpOnly: false })
    await vi.waitFor(() => expect(bob.closed()).toHaveLength(1))
    await expect(produce(alice, 'audio')).rejects.toEqual(refusedWith('unknown-target'))
    await alice.peer.produce({ transport, kind: 'audio', rtp: sendParameters('audio'), paused: false })
    await vi.waitFor(() => expect(bob.consumers()).toHaveLength(2))
    await bob.peer.createTransport({ direction: 'receive', tcpOnly: false })
    await vi.waitFor(() => expect(bob.closed()).toHaveLength(2))
    expect(sfu.stats()).toMatchObject({ transports: 4, producers: 1, consumers: 0 })
  })

  test('a peer has so many producers and no more', async () => {
    const alice = await enter(room)
    const all = Array.from({ length: SFU_LIMITS.producersPerPeer + 1 }, () => produce(alice, 'audio'))
    const results = await Promise.allSettled(all)
    expect(results.map(({ status }) => status).filter((s) => s === 'fulfilled')).toHaveLength(16)
    expect(results.find(({ status }) => status === 'rejected')).toEqual({
      status: 'rejected',
      reason: refusedWith('media-refused'),
    })
  })

  test.each<[string, MediaKind, (rtp: RtpParameters) => RtpParameters]>([
    ['a codec that is not offered', 'video', (rtp) => withCodec(rtp, { mimeType: 'video/H264' })],
    ['a codec of the other kind', 'audio', (rtp) => rtp],
    ['no payload type', 'video', (rtp) => withCodec(rtp, { payloadType: undefined })],
    ['a payload type beyond seven bits', 'video', (rtp) => withCodec(rtp, { payloadType: 357 })],
    ['no encoding', 'video', (rtp) => ({ ...rtp, encodings: [] })],
    [
      'too many encodings',
      'video',
      (rtp) => ({ ...rtp, encodings: [1, 2, 3, 4, 5].map((ssrc) => ({ ssrc })) }),
    ],
  ])('a producer with %s is refused', async (_, kind, spoil) => {
    const alice = await enter(room)
    await expect(produce(alice, kind, spoil(sendParameters('video')))).rejects.toEqual(
      refusedWith('media-refused'),
    )
    // The refusal leaves nothing behind that would hurt the next one.
    await expect(produce(alice, 'video')).resolves.toHaveProperty('producer')
  })

  test('receive capabilities that make no sense are refused', async () => {
    const alice = await enter(room)
    const rtp = { codecs: [{ mimeType: 'nonsense', clockRate: 1, preferredPayloadType: 100 }] }
    await expect(alice.peer.receive({ transport: alice.receive, rtp })).rejects.toEqual(
      refusedWith('media-refused'),
    )
  })

  test('nobody acts on what is not theirs', async () => {
    const [alice, bob] = [await enter(room), await enter(room)]
    await receive(bob)
    const { producer } = await produce(alice, 'audio')
    await vi.waitFor(() => expect(bob.consumers()).toHaveLength(1))
    const consumer = bob.consumers()[0]!.consumer
    const rtp = sendParameters('audio')
    const attempts: Promise<unknown>[] = [
      bob.peer.produce({ transport: alice.send, kind: 'audio', rtp, paused: false }),
      bob.peer.produce({ transport: bob.receive, kind: 'audio', rtp, paused: false }),
      bob.peer.receive({ transport: bob.send, rtp: room.rtpCapabilities }),
      bob.peer.restartIce({ transport: alice.send }),
      bob.peer.restartIce({ transport: unknownTransport }),
      bob.peer.pause({ producer, paused: true }),
      bob.peer.closeProducer({ producer }),
      bob.peer.closeProducer({ producer: unknownProducer }),
      alice.peer.want({ consumer, paused: false }),
      alice.peer.requestKeyFrame({ consumer: unknownConsumer }),
    ]
    for (const result of await Promise.allSettled(attempts)) {
      expect(result).toEqual({ status: 'rejected', reason: refusedWith('unknown-target') })
    }
  })

  test('rooms know nothing of each other', async () => {
    const other = await sfu.createRoom({ onLost: lost })
    const [alice, stranger] = [await enter(room), await enter(other)]
    await stranger.peer.receive({ transport: stranger.receive, rtp: other.rtpCapabilities })
    const { producer }: { producer: ProducerId } = await produce(alice, 'audio')
    await settle()
    expect(stranger.events).toEqual([])
    await expect(stranger.peer.pause({ producer, paused: true })).rejects.toEqual(
      refusedWith('unknown-target'),
    )
    room.close()
    expect(other.closed).toBe(false)
    await expect(stranger.peer.restartIce({ transport: stranger.send })).resolves.toHaveProperty('ice')
  })

  test('closing a room is silent and final; adding a peer twice is a bug', async () => {
    const [alice, bob] = [await enter(room), await enter(room)]
    await receive(bob)
    await produce(alice, 'audio')
    await vi.waitFor(() => expect(bob.consumers()).toHaveLength(1))
    expect(() => room.addPeer({ peer: bob.id, onEvent: () => undefined })).toThrow(/already/)
    room.close()
    room.close()
    await settle()
    expect(bob.events).toHaveLength(1)
    expect(lost).not.toHaveBeenCalled()
    expect(room.closed).toBe(true)
    expect(() => room.addPeer({ peer: alice.id, onEvent: () => undefined })).toThrow(SfuError)
    await expect(receive(bob)).rejects.toEqual(refusedWith('media-unavailable'))
    expect(sfu.stats()).toMatchObject({ rooms: 0, transports: 0, producers: 0, consumers: 0 })
  })

  test('a closed engine makes no room', async () => {
    await sfu.close()
    expect(room.closed).toBe(true)
    expect(lost).not.toHaveBeenCalled()
    await expect(sfu.createRoom({ onLost: lost })).rejects.toEqual(refusedWith('media-unavailable'))
  })

  describe('a tap', () => {
    const tapped = () => {
      const opened: TapStream[] = []
      const closed: ProducerId[] = []
      const sink = {
        opened: (stream: TapStream) => opened.push(stream),
        rtp: () => undefined,
        rtcp: () => undefined,
        dropped: () => undefined,
        closed: (producer: ProducerId) => closed.push(producer),
      }
      return { tap: room.tap(sink), opened, closed }
    }
    const produce = (guest: Guest, kind: MediaKind) =>
      guest.peer.produce({ transport: guest.send, kind, rtp: sendParameters(kind), paused: false })

    test('[REC9] follows nobody by itself', async () => {
      const alice = await enter(room)
      const { opened } = tapped()
      await produce(alice, 'video')
      await settle()
      expect(opened).toEqual([])
      expect(sfu.stats().consumers).toBe(0)
    })

    test('[REC10] opens what followed peers send, sooner or later, and nothing of others', async () => {
      const [alice, bob] = [await enter(room), await enter(room)]
      const before = await produce(alice, 'audio')
      await produce(bob, 'audio')
      const { tap, opened } = tapped()
      tap.follow(new Set([alice.id]))
      const after = await produce(alice, 'video')
      await vi.waitFor(() => expect(opened).toHaveLength(2), PATIENT)
      await settle()
      expect(opened).toMatchObject([
        {
          producer: before.producer,
          peer: alice.id,
          kind: 'audio',
          mimeType: 'audio/opus',
          clockRate: 48_000,
        },
        { producer: after.producer, peer: alice.id, kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
      ])
    })

    test('[REC3] lets go of whoever is followed no more, at once, and takes up again', async () => {
      const alice = await enter(room)
      const { producer } = await produce(alice, 'video')
      const { tap, opened, closed } = tapped()
      tap.follow(new Set([alice.id]))
      await vi.waitFor(() => expect(opened).toHaveLength(1), PATIENT)
      tap.follow(new Set())
      expect(closed).toEqual([producer])
      tap.follow(new Set([alice.id]))
      await vi.waitFor(() => expect(opened).toHaveLength(2), PATIENT)
    })

    test('[REC3] who is followed no more before its stream was there is never opened', async () => {
      const [alice, bob] = [await enter(room), await enter(room)]
      const hers = await produce(alice, 'video')
      const his = await produce(bob, 'video')
      const { tap, opened, closed } = tapped()
      tap.follow(new Set([alice.id]))
      tap.follow(new Set([bob.id]))
      const open = () => opened.map(({ producer }) => producer).filter((id) => !closed.includes(id))
      await vi.waitFor(() => expect(open()).toEqual([his.producer]), PATIENT)
      await settle()
      expect(open()).not.toContain(hers.producer)
    })

    test('[REC10] closes what its sender closed, and what its sender took along', async () => {
      const [alice, bob] = [await enter(room), await enter(room)]
      const first = await produce(alice, 'audio')
      const second = await produce(bob, 'audio')
      const { tap, opened, closed } = tapped()
      tap.follow(new Set([alice.id, bob.id]))
      await vi.waitFor(() => expect(opened).toHaveLength(2), PATIENT)
      await alice.peer.closeProducer({ producer: first.producer })
      bob.peer.close()
      const both = new Set([first.producer, second.producer])
      await vi.waitFor(() => expect(new Set(closed)).toEqual(both), PATIENT)
    })

    test('[REC10] closed, it says nothing more, and a room that is closed is tapped no more', async () => {
      const alice = await enter(room)
      const { tap, opened, closed } = tapped()
      tap.follow(new Set([alice.id]))
      tap.close()
      tap.close()
      await produce(alice, 'audio')
      await settle()
      expect([opened, closed]).toEqual([[], []])
      room.close()
      expect(() => tapped()).toThrow(refusedWith('media-unavailable'))
    })
  })
})
