/** Real packets through a real media worker into the tap: which arrive, as what, and what is asked of their sender. */
import type { PeerId, ProducerId } from '@huisclos/protocol'
import { PeerId as PeerIdSchema } from '@huisclos/protocol'
import type { types } from 'mediasoup'
import { createWorker } from 'mediasoup'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { ROUTER_CODECS } from './mediasoup-room.ts'
import { MediasoupTap } from './mediasoup-tap.ts'
import type { TapStream } from './sfu-tap.ts'

const alice = PeerIdSchema.parse('A'.repeat(22))
const bob = PeerIdSchema.parse('B'.repeat(22))
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
/** A tap starts a thread, and its packets are read in batches. */
const PATIENT = { timeout: 5_000 }
const SSRC = { audio: 1_111, video: 2_222 }

let worker: types.Worker
let router: types.Router
beforeAll(async () => {
  worker = await createWorker({ logLevel: 'none' })
})
afterAll(() => worker.close())

let peers: Map<PeerId, { producers: Map<ProducerId, types.Producer> }>
let senders: types.DirectTransport
let opened: TapStream[]
let payloads: Map<ProducerId, string[]>
let reports: Buffer[]
let feedback: Buffer[]
let tap: MediasoupTap
beforeEach(async () => {
  router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS })
  senders = await router.createDirectTransport()
  feedback = []
  senders.on('rtcp', (packet) => feedback.push(packet))
  peers = new Map([alice, bob].map((peer) => [peer, { producers: new Map() }]))
  opened = []
  payloads = new Map()
  reports = []
  const room = { router, clock: systemClock, log: silent, peers }
  const sink = {
    opened: (stream: TapStream) => opened.push(stream),
    rtp: (producer: ProducerId, packet: Uint8Array) =>
      payloads.set(producer, [...(payloads.get(producer) ?? []), payloadOf(packet)]),
    rtcp: (_: ProducerId, packet: Uint8Array) => reports.push(Buffer.from(packet)),
    dropped: () => undefined,
    closed: () => undefined,
  }
  tap = new MediasoupTap(room, sink, () => undefined)
})
afterEach(() => {
  tap.close()
  router.close()
})

/** What follows the header and the extension that the worker puts in. */
function payloadOf(packet: Uint8Array): string {
  const bytes = Buffer.from(packet)
  const hasExtension = ((bytes[0] ?? 0) & 0x10) !== 0
  return bytes.subarray(hasExtension ? 16 + 4 * bytes.readUInt16BE(14) : 12).toString()
}

interface Sender {
  readonly id: ProducerId
  say(sequence: number, payload: string): void
}

async function produce(peer: PeerId, kind: 'audio' | 'video'): Promise<Sender> {
  const [codec] = ROUTER_CODECS.filter((each) => each.kind === kind)
  if (codec === undefined) throw new Error('no codec')
  const { mimeType, clockRate, channels = 1, preferredPayloadType: payloadType = 0 } = codec
  const rtcpFeedback = kind === 'video' ? [{ type: 'nack', parameter: 'pli' }] : []
  const ssrc = SSRC[kind] + (peer === bob ? 1 : 0)
  const codecs = [{ mimeType, clockRate, channels, payloadType, rtcpFeedback, parameters: {} }]
  const rtpParameters = { codecs, encodings: [{ ssrc }], rtcp: { cname: 'c' } }
  const producer = await senders.produce({ kind, rtpParameters })
  peers.get(peer)?.producers.set(producer.id as ProducerId, producer)
  return {
    id: producer.id as ProducerId,
    say: (sequence, payload) => {
      const header = Buffer.alloc(12)
      header.writeUInt8(0x80, 0)
      header.writeUInt8(0x80 | payloadType, 1)
      header.writeUInt16BE(sequence, 2)
      header.writeUInt32BE(sequence * 960, 4)
      header.writeUInt32BE(ssrc, 8)
      producer.send(Buffer.concat([header, Buffer.from(payload)]))
    },
  }
}

/** The payload descriptor of a frame's first packet, and a frame's first byte: bit 0 says "no key frame". */
const VP8_KEY = '\u0010\u0000'
const VP8_DELTA = '\u0010\u0001'
const isPli = (packet: Buffer) => (packet[0] ?? 0) % 32 === 1 && packet[1] === 206

test('[REC10] every packet of who is followed arrives with its bytes as they were sent, and no other', async () => {
  const [hers, his] = [await produce(alice, 'audio'), await produce(bob, 'audio')]
  tap.follow(new Set([alice]))
  await vi.waitFor(() => expect(opened).toHaveLength(1), PATIENT)
  expect(opened[0]).toMatchObject({
    producer: hers.id,
    peer: alice,
    mimeType: 'audio/opus',
    clockRate: 48_000,
  })
  const said = Array.from({ length: 50 }, (_, at) => `sealed frame ${at}`)
  await vi.waitFor(() => {
    // The first may come before the worker has let the consumer go on.
    hers.say(1, 'first')
    expect(payloads.get(hers.id)).toContain('first')
  }, PATIENT)
  for (const [at, payload] of said.entries()) {
    hers.say(at + 100, payload)
    his.say(at + 100, payload)
  }
  await vi.waitFor(
    () => expect(payloads.get(hers.id)?.filter((text) => text !== 'first')).toEqual(said),
    PATIENT,
  )
  expect([...payloads.keys()]).toEqual([hers.id])
})

test('[REC3] a packet that is sent after following ended never arrives, nor one of the next moment', async () => {
  const hers = await produce(alice, 'audio')
  tap.follow(new Set([alice]))
  await vi.waitFor(() => {
    hers.say(1, 'first')
    expect(payloads.get(hers.id)).toContain('first')
  }, PATIENT)
  // On its way through the worker while following ends.
  hers.say(2, 'under way')
  tap.follow(new Set())
  hers.say(3, 'after')
  const his = await produce(bob, 'audio')
  tap.follow(new Set([bob]))
  await vi.waitFor(() => {
    his.say(1, 'marker')
    expect(payloads.get(his.id)).toContain('marker')
  }, PATIENT)
  expect(payloads.get(hers.id)).not.toContain('under way')
  expect(payloads.get(hers.id)).not.toContain('after')
})

test('[REC10] a picture begins with a key frame, which its sender is asked for', async () => {
  const hers = await produce(alice, 'video')
  tap.follow(new Set([alice]))
  let sequence = 0
  await vi.waitFor(() => {
    // Like any sender: a key frame when one is asked for, and none by itself.
    const asked = feedback.splice(0).some(isPli)
    hers.say(++sequence, asked ? `${VP8_KEY} key` : `${VP8_DELTA} of before`)
    expect(payloads.get(hers.id)).toBeDefined()
  }, PATIENT)
  hers.say(++sequence, `${VP8_DELTA} next`)
  await vi.waitFor(() => expect(payloads.get(hers.id)?.at(-1)).toContain('next'), PATIENT)
  expect(payloads.get(hers.id)?.[0]).toBe(`${VP8_KEY} key`)
  feedback.length = 0
  tap.requestKeyFrame(hers.id)
  await vi.waitFor(() => expect(feedback.some(isPli)).toBe(true), PATIENT)
})
