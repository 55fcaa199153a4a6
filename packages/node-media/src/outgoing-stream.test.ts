import { FrameSealer, KeyRing, openFrame } from '@huisclos/crypto/sframe'
import { decodeRtp, FrameAssembler, isRtcp } from '@huisclos/rtp'
import { FakeClock } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import { EncodedTrack } from './encoded-track.ts'
import { OutgoingStream } from './outgoing-stream.ts'
import { syntheticVp8 } from './synthetic-source.ts'

const SSRCS = [11, 22, 33] as const
const RTX = [12, 23, 34] as const
const clock = new FakeClock()
const baseKey = new Uint8Array(32).fill(7)
const sending = {
  payloadType: 101,
  rtxPayloadType: 102,
  codec: { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 } as const,
}

async function start() {
  const packets: Uint8Array[] = []
  const send = (packet: Uint8Array) => packets.push(packet) > 0
  const layers = SSRCS.map((media, index) => ({ media, rtx: RTX[index]! }))
  const stream = new OutgoingStream({ stream: 3, sending, layers, clock, send })
  const sealer = new FrameSealer({ leaf: 5, stream: 3, counter: stream.counter })
  await sealer.switchTo(0, baseKey)
  const track = new EncodedTrack('vp8', [{}, {}, {}])
  const asked: (number | null)[] = []
  track.onKeyFrameWanted = (layer) => asked.push(layer)
  stream.setTrack(track)
  stream.use(sealer)
  asked.length = 0
  return { stream, track, packets, asked }
}

const frame = (sequence: number, bytes = 3_000) =>
  syntheticVp8(bytes, { sequence, sentAt: 0, key: sequence < 3 })

test('[KEY2] layers are streams of their own on the wire, sealed under one counter', async () => {
  const { stream, track, packets } = await start()
  for (let turn = 0; turn < 4; turn += 1)
    for (const layer of [0, 1, 2])
      track.push({ data: frame(turn * 3 + layer), timestamp: turn * 4500, layer })
  track.push({ data: frame(99), timestamp: 0, layer: 3 })
  await clock.settle()
  await expect.poll(() => stream.sent.frames).toBe(12)
  expect(stream.counter.upcoming).toBe(12n)

  const ring = new KeyRing()
  ring.install({ epoch: 0, baseKey, removed: [], retireAfterMs: 1_000, now: clock.now() })
  for (const [layer, ssrc] of SSRCS.entries()) {
    const assembler = new FrameAssembler('vp8')
    const rtp = packets.filter((packet) => !isRtcp(packet)).map((packet) => decodeRtp(packet)!)
    const own = rtp.filter((packet) => packet.ssrc === ssrc)
    expect(own.slice(1).every(({ sequence }, at) => sequence === ((own[at]!.sequence + 1) & 0xffff))).toBe(
      true,
    )
    const frames = own.flatMap((packet) => assembler.push(packet) ?? [])
    expect(frames).toHaveLength(4)
    for (const [turn, { data }] of frames.entries()) {
      const expected = { leaf: 5, stream: 3 }
      const opened = await openFrame(ring, { codec: 'vp8', kind: 'video', data, expected, now: clock.now() })
      expect(opened).toMatchObject({ ok: true })
      if (opened.ok)
        expect(new DataView(opened.data.buffer, opened.data.byteOffset).getFloat64(10)).toBe(turn * 3 + layer)
    }
  }
  expect(packets.filter(isRtcp)).toHaveLength(3)
})

test('what is asked of a layer is answered by that layer: key frames and packets again', async () => {
  const { stream, track, packets, asked } = await start()
  for (const layer of [0, 1, 2]) track.push({ data: frame(layer, 100), timestamp: 0, layer })
  await expect.poll(() => stream.sent.frames).toBe(3)
  stream.handle({ kind: 'key-frame', media: 22 })
  stream.handle({ kind: 'key-frame', media: 999 })
  expect(asked).toEqual([1])
  expect(stream.sent.keyFramesAsked).toBe(1)

  const last = packets.map((packet) => decodeRtp(packet)!).find(({ ssrc }) => ssrc === 33)!
  packets.length = 0
  stream.handle({ kind: 'nack', media: 11, sequences: [(last.sequence + 20_000) & 0xffff] })
  expect(packets).toEqual([])
  stream.handle({ kind: 'nack', media: 33, sequences: [last.sequence] })
  expect(packets.map((packet) => decodeRtp(packet)!)).toMatchObject([{ ssrc: 34, payloadType: 102 }])
  expect(stream.sent.retransmitted).toBe(1)
})
