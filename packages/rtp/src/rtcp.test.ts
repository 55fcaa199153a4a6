import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFeedback, decodeSenderReports, encodeNack, encodePli, encodeSenderReport } from './rtcp.ts'

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
      expect(read).toEqual({ ...report, wallMs: expect.closeTo(report.wallMs, 3) })
    }),
  )
})
