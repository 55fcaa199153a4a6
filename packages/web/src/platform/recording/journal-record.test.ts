import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32 } from './crc32.ts'
import { factRecord, readFacts } from './journal-facts.ts'
import type { JournalRecord } from './journal-record.ts'
import { decodeRecord, encodeRecord } from './journal-record.ts'

const anyRecord: fc.Arbitrary<JournalRecord> = fc.record({
  kind: fc.constantFrom('facts', 'track', 'frame', 'mark'),
  key: fc.boolean(),
  track: fc.nat(65_535),
  run: fc.nat(65_535),
  at: fc.double({ min: 0, max: 1e9, noNaN: true }),
  rtp: fc.nat(2 ** 32 - 1),
  payload: fc.uint8Array({ maxLength: 300 }),
})

test('CRC-32 gives the published check value', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
})

describe('[LREC3] a record', () => {
  test('comes back as it was written', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const bytes = encodeRecord(record)
        expect(decodeRecord(bytes)).toEqual({ ok: true, record, sizeBytes: bytes.length })
      }),
    )
  })

  test('that was cut short says how much is missing, and is never taken for a whole one', () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), (record, where) => {
        const bytes = encodeRecord(record)
        const cut = bytes.subarray(0, where % bytes.length)
        const read = decodeRecord(cut)
        expect(read.ok).toBe(false)
        if (!read.ok && read.why === 'short') expect(read.needBytes).toBeGreaterThan(cut.length)
      }),
    )
  })

  test('with one bit turned is not read', () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), (record, where) => {
        const bytes = encodeRecord(record)
        const bit = where % (bytes.length * 8)
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(decodeRecord(bytes).ok).toBe(false)
      }),
    )
  })

  test('of anything at all never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const read = decodeRecord(bytes)
        if (read.ok) for (const kind of ['facts', 'track', 'mark'] as const) readFacts(kind, read.record)
      }),
    )
  })
})

test('facts that are not ours are none', () => {
  const record = factRecord('mark', { what: 'paused' })
  expect(readFacts('mark', record)).toEqual({ what: 'paused' })
  expect(readFacts('track', record)).toBeNull()
  const foreign = { ...record, payload: new TextEncoder().encode('{"what":"stolen"}') }
  expect(readFacts('mark', foreign)).toBeNull()
})
