import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, decodeHex, encodeHex } from '../bytes.ts'
import { decodeHeader, encodeHeader } from './header.ts'
import { SframeError } from './sframe-error.ts'

const MAX = 2n ** 64n - 1n
/** Every length of the encoding is as likely as any other. */
const uint64 = fc.oneof(
  fc.bigInt({ min: 0n, max: MAX }),
  fc.tuple(fc.integer({ min: 0, max: 63 }), fc.bigInt({ min: -1n, max: 1n })).map(([bits, near]) => {
    const value = 2n ** BigInt(bits) + near
    return value > MAX ? MAX : value
  }),
)

test('[RFC 9605 §4.3] every key id and counter comes back, exact to 2^64 - 1, followed by anything', () => {
  fc.assert(
    fc.property(uint64, uint64, fc.uint8Array({ maxLength: 20 }), (kid, ctr, rest) => {
      const encoded = encodeHeader({ kid, ctr })
      const decoded = decodeHeader(concat(encoded, rest))
      expect(decoded).toEqual({ ok: true, kid, ctr, sizeBytes: encoded.length })
    }),
  )
})

test('[RFC 9605 §4.3] anything decodes to a value, and only the one encoding of it to a header', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
      const decoded = decodeHeader(bytes)
      if (!decoded.ok) return
      expect(encodeHeader(decoded)).toEqual(bytes.slice(0, decoded.sizeBytes))
    }),
    { numRuns: 1000 },
  )
})

test('every cut header is refused', () => {
  fc.assert(
    fc.property(uint64, uint64, (kid, ctr) => {
      const encoded = encodeHeader({ kid, ctr })
      for (let size = 0; size < encoded.length; size++) {
        expect(decodeHeader(encoded.subarray(0, size))).toEqual({ ok: false, code: 'truncated' })
      }
    }),
  )
})

test.each([
  '8007',
  '0807',
  '900001',
  '0900ff',
  '8f080000000000000001',
  '0f00ffffffffffffff',
  '8800ff',
  '88ff00',
])('[RFC 9605 §4.3] %s spends more bytes than its values need and is refused', (hex) => {
  expect(decodeHeader(decodeHex(hex)!)).toEqual({ ok: false, code: 'not-minimal' })
})

test('values below 8 stay in the config byte', () => {
  expect(encodeHex(encodeHeader({ kid: 7n, ctr: 7n }))).toBe('77')
  expect(encodeHex(encodeHeader({ kid: 8n, ctr: 8n }))).toBe('880808')
})

test.each([
  { kid: -1n, ctr: 0n },
  { kid: 0n, ctr: -1n },
  { kid: MAX + 1n, ctr: 0n },
  { kid: 0n, ctr: MAX + 1n },
])('%o cannot be written', (header) => {
  expect(() => encodeHeader(header)).toThrow(SframeError)
  expect(() => encodeHeader(header)).toThrow('out-of-range')
})
