import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRtp, encodeRtp, fromRtx, isRtcp, toRtx } from './rtp-packet.ts'

const packets = fc.record({
  payloadType: fc.integer({ min: 96, max: 127 }),
  sequence: fc.integer({ min: 0, max: 0xffff }),
  timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
  ssrc: fc.integer({ min: 0, max: 0xffff_ffff }),
  marker: fc.boolean(),
  payload: fc.uint8Array({ maxLength: 1200 }),
})

test('what is encoded is decoded again', () => {
  fc.assert(
    fc.property(packets, (packet) => {
      expect(decodeRtp(encodeRtp(packet))).toEqual(packet)
    }),
  )
})

test('a retransmission carries the original', () => {
  const rtx = { ssrc: 9, payloadType: 97, sequence: 5 }
  fc.assert(
    fc.property(packets, (packet) => {
      const sent = toRtx(packet, rtx)
      expect(sent).toMatchObject(rtx)
      const back = fromRtx(sent, { ssrc: packet.ssrc, payloadType: packet.payloadType })
      if (packet.payload.length === 0) expect(back).toBeNull()
      else expect(back).toEqual(packet)
    }),
  )
})

test('any bytes at all are a packet or null, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const packet = decodeRtp(bytes)
      if (packet) expect(packet.payload.length).toBeLessThanOrEqual(bytes.length - 12)
    }),
  )
})

test('extensions, sources and padding are left behind', () => {
  const bytes = Uint8Array.from([
    0xb1,
    0x80 | 100,
    0,
    7,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    2,
    9,
    9,
    9,
    9,
    0xbe,
    0xde,
    0,
    1,
    0x10,
    1,
    0,
    0,
    42,
    43,
    0,
    2,
  ])
  expect(decodeRtp(bytes)).toEqual({
    payloadType: 100,
    marker: true,
    sequence: 7,
    timestamp: 1,
    ssrc: 2,
    payload: Uint8Array.from([42, 43]),
  })
})

test('RTCP is told from RTP', () => {
  expect([200, 201, 205, 206].map((type) => isRtcp(Uint8Array.of(0x80, type)))).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect([100, 101, 0x80 | 100, 0x80 | 101].some((type) => isRtcp(Uint8Array.of(0x80, type)))).toBe(false)
})
