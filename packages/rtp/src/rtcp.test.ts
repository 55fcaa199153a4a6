import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeFeedback,
  decodeReceptionBlocks,
  decodeSenderReports,
  encodeCname,
  encodeNack,
  encodePli,
  encodeReceiverReport,
  encodeSenderReport,
} from './rtcp.ts'

test('asking for lost packets names each of them, over the end of the numbers too', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff }),
      fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 64 }),
      (start, offsets) => {
        const sequences = offsets.sort((a, b) => a - b).map((offset) => (start + offset) & 0xffff)
        expect(decodeFeedback(encodeNack(1, 77, sequences))).toEqual([{ kind: 'nack', media: 77, sequences }])
      },
    ),
  )
})

test('PLI and FIR ask for a key frame; a report in the same compound asks nothing', () => {
  const report = encodeSenderReport({
    ssrc: 3,
    wallMs: 1_700_000_000_500,
    timestamp: 9,
    packets: 1,
    payloadBytes: 2,
  })
  const fir = Uint8Array.from([0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 78, 1, 0, 0, 0])
  const compound = Buffer.concat([report, encodePli(1, 77), fir])
  expect(decodeFeedback(compound)).toEqual([
    { kind: 'key-frame', media: 77 },
    { kind: 'key-frame', media: 78 },
  ])
})

test('a sender report is laid out as RFC 3550 §6.4.1 says', () => {
  const report = encodeSenderReport({ ssrc: 3, wallMs: 500, timestamp: 9, packets: 1, payloadBytes: 2 })
  const view = new DataView(report.buffer)
  expect([view.getUint8(1), view.getUint16(2), view.getUint32(4)]).toEqual([200, 6, 3])
  expect([view.getUint32(8), view.getUint32(12)]).toEqual([2_208_988_800, 0x8000_0000])
  expect([view.getUint32(16), view.getUint32(20), view.getUint32(24)]).toEqual([9, 1, 2])
})

test('any bytes at all are read without an exception', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => void decodeFeedback(bytes)))
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => void decodeSenderReports(bytes)))
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => void decodeReceptionBlocks(bytes)))
})

test('a sender report is read as it was written, to the microsecond, beside whatever else comes with it', () => {
  const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
  const reports = fc.record({
    ssrc: uint32,
    wallMs: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    timestamp: uint32,
    packets: uint32,
    payloadBytes: uint32,
  })
  fc.assert(
    fc.property(reports, (report) => {
      const compound = Buffer.concat([encodePli(1, 2), encodeSenderReport(report), encodePli(1, 3)])
      const [read, ...more] = decodeSenderReports(compound)
      expect(more).toEqual([])
      expect(read).toEqual({ ...report, wallMs: expect.closeTo(report.wallMs, 3), name: expect.any(Number) })
    }),
  )
})

test('what came of a stream is read as it was written, from those who send and those who do not', () => {
  const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
  const block = fc.record({
    ssrc: uint32,
    fractionLost: fc.nat(255),
    lost: fc.integer({ min: -0x80_0000, max: 0x7f_ffff }),
    highest: uint32,
    jitter: uint32,
    lastReport: uint32,
    sinceMs: fc.nat(60_000),
  })
  const sender = { ssrc: 3, wallMs: 500, timestamp: 9, packets: 1, payloadBytes: 2 }
  fc.assert(
    fc.property(fc.array(block, { maxLength: 3 }), (blocks) => {
      const named = encodeCname(3, 'nobody')
      for (const report of [encodeSenderReport(sender, blocks), encodeReceiverReport(3, blocks)]) {
        const read = decodeReceptionBlocks(Buffer.concat([report, named]))
        expect(read.map((each) => ({ ...each, sinceMs: Math.round(each.sinceMs) }))).toEqual(blocks)
      }
    }),
  )
})

test('a name is laid out as RFC 3550 §6.5 says, and ends with a zero on a word’s edge', () => {
  for (const name of ['', 'a', 'ab', 'abc', 'nobody', 'x'.repeat(300)]) {
    const bytes = encodeCname(7, name)
    const kept = name.slice(0, 255)
    expect([bytes[0], bytes[1], bytes[8], bytes[9]]).toEqual([0x81, 202, 1, kept.length])
    expect(Buffer.from(bytes.subarray(10, 10 + kept.length)).toString()).toBe(kept)
    expect([bytes.length % 4, bytes.at(-1)]).toEqual([0, 0])
    expect(new DataView(bytes.buffer).getUint16(2)).toBe(bytes.length / 4 - 1)
  }
})
