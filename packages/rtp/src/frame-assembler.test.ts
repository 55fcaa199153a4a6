import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameAssembler } from './frame-assembler.ts'
import { ReorderBuffer } from './reorder-buffer.ts'
import type { RtpPacket } from './rtp-packet.ts'
import { isVp8KeyFrame, packetizeVp8, parseVp8 } from './vp8-payload.ts'

const MAX = 100

/** The packets of frames in a row, beginning with sequence number `first`. */
function packetsOf(frames: Uint8Array[], first = 65_530): RtpPacket[] {
  const cut = frames.flatMap((frame, picture) =>
    packetizeVp8(frame, picture, MAX).map((payload, index, all) => ({
      payload,
      timestamp: picture * 3000,
      marker: index === all.length - 1,
    })),
  )
  return cut.map((part, index) => ({
    ...part,
    payloadType: 101,
    ssrc: 1,
    sequence: (first + index) & 0xffff,
  }))
}

function assemble(packets: RtpPacket[], times: (index: number) => number = () => 0) {
  const order = new ReorderBuffer(250)
  const assembler = new FrameAssembler('vp8')
  const frames: Uint8Array[] = []
  packets.forEach((packet, index) => {
    for (const item of order.push(packet, times(index))) {
      if (item === 'gap') assembler.gap()
      else {
        const frame = assembler.push(item)
        if (frame) frames.push(frame.data)
      }
    }
  })
  return { frames, order }
}

const someFrames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 700 }), { minLength: 1, maxLength: 12 })

test('frames come out as they went in, whatever the order after the first packet and however often', () => {
  fc.assert(
    fc.property(someFrames, fc.infiniteStream(fc.nat()), (frames, dice) => {
      const [first, ...rest] = packetsOf(frames)
      const keyed = [...rest, ...rest.slice(0, 3)].map((packet) => ({ packet, at: dice.next().value }))
      const shuffled = keyed.sort((a, b) => a.at - b.at).map(({ packet }) => packet)
      expect(assemble([first!, ...shuffled]).frames).toEqual(frames)
    }),
  )
})

test('a lost packet costs its own frame and no other, once it is given up', () => {
  const frames = [250, 350, 150, 90].map((size, index) => new Uint8Array(size).fill(index + 1))
  const packets = packetsOf(frames)
  // The second packet of the second frame.
  const lost = packets.findIndex(({ timestamp }) => timestamp === 3000) + 1
  const rest = packets.filter((_, index) => index !== lost)
  expect(assemble(rest, () => 0).frames).toEqual([frames[0]])
  expect(assemble(rest, (index) => (index === rest.length - 1 ? 300 : 0)).frames).toEqual([
    frames[0],
    frames[2],
    frames[3],
  ])
})

test('missing packets are named, and again only after a while', () => {
  const packets = packetsOf([new Uint8Array(900)])
  const { order } = assemble(packets.filter((_, index) => index !== 2 && index !== 7))
  const numbers = [2, 7].map((index) => packets[index]!.sequence)
  expect(order.missing(0, 60)).toEqual(numbers)
  expect(order.missing(59, 60)).toEqual([])
  expect(order.missing(60, 60)).toEqual(numbers)
  order.push(packets[2]!, 61)
  expect(order.missing(200, 60)).toEqual([numbers[1]])
})

test('a stream that starts over elsewhere goes on', () => {
  const frames = [new Uint8Array(50).fill(1), new Uint8Array(50).fill(2)]
  const [one] = packetsOf([frames[0]!], 100)
  const [two] = packetsOf([frames[1]!], 40_000)
  expect(assemble([one!, two!]).frames).toEqual(frames)
})

test('an Opus packet is a frame', () => {
  const packet = {
    payloadType: 100,
    ssrc: 1,
    sequence: 1,
    timestamp: 5,
    marker: false,
    payload: Uint8Array.of(1, 2),
  }
  expect(new FrameAssembler('opus').push(packet)).toEqual({ data: packet.payload, timestamp: 5 })
})

test('RFC 7741: descriptors of other senders are read, and broken ones are not', () => {
  const head = (...bytes: number[]) => parseVp8(Uint8Array.from([...bytes, 0xaa]))
  expect(head(0x10)).toMatchObject({ start: true, data: Uint8Array.of(0xaa) })
  expect(head(0x90, 0x80, 0x05)).toMatchObject({ start: true, data: Uint8Array.of(0xaa) })
  expect(head(0x90, 0xf0, 0x85, 0x01, 0x07, 0x20)).toMatchObject({ start: true, data: Uint8Array.of(0xaa) })
  expect(head(0x11)).toMatchObject({ start: false })
  expect(head(0x00)).toMatchObject({ start: false })
  expect(parseVp8(Uint8Array.of(0x90, 0xf0, 0x85))).toBeNull()
  expect(parseVp8(new Uint8Array())).toBeNull()
  fc.assert(fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => void parseVp8(bytes)))
})

test('key frames are told by bit 0 of the first byte', () => {
  expect([0x10, 0x11, 0x00].map((first) => isVp8KeyFrame(Uint8Array.of(first)))).toEqual([true, false, true])
  expect(isVp8KeyFrame(new Uint8Array())).toBe(false)
})
