/** Every decoder under one round trip, and under bytes that nobody wrote: a value or null, never an exception. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nativeSha256 } from '../node/index.ts'
import { crc32c } from './crc32c.ts'
import { decodeEnvelopeRecord, encodeEnvelopeRecord } from './envelope-body.ts'
import { decodeEvent, encodeEvent } from './event-body.ts'
import { decodeManifest, decodeStatement, encodeManifest, encodeStatement } from './manifest.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import { decodeFooterBody, decodeTrailer, encodeFooterBody, encodeTrailer } from './segment-footer.ts'
import { decodeSegmentHeader, encodeSegmentHeader } from './segment-header.ts'
import { decodeStreamDescription, encodeStreamDescription } from './stream-body.ts'

const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })
const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const text = (max: number) => fc.string({ maxLength: max })

const header = fc.record({
  recording: bytes(16),
  number: fc.integer({ min: 1, max: 999_999 }),
  startedAtMs: time,
  openedUs: time,
  previousHash: bytes(32),
})

interface Codec<T> {
  name: string
  value: fc.Arbitrary<T>
  encode: (value: T) => Uint8Array
  decode: (bytes: Uint8Array) => T | null
}

const codec = <T>(given: Codec<T>): Codec<unknown> => given as unknown as Codec<unknown>

const codecs: Codec<unknown>[] = [
  codec({
    name: 'record',
    value: fc.record({
      type: fc.integer({ min: 1, max: 255 }),
      repeated: fc.boolean(),
      stream: uint(16),
      timeUs: time,
      body: fc.uint8Array({ maxLength: 200 }),
    }),
    encode: encodeRecord,
    decode: decodeRecord,
  }),
  codec({ name: 'segment header', value: header, encode: encodeSegmentHeader, decode: decodeSegmentHeader }),
  codec({
    name: 'stream description',
    value: fc.record({
      peer: text(40),
      producer: text(40),
      kind: fc.constantFrom('audio' as const, 'video' as const),
      mimeType: text(40),
      clockRate: uint(32),
      channels: uint(8),
      payloadType: uint(8),
      ssrc: uint(32),
      detail: text(300),
    }),
    encode: encodeStreamDescription,
    decode: decodeStreamDescription,
  }),
  codec({
    name: 'envelope',
    value: fc.record({
      peer: text(40),
      group: text(40),
      epoch: time,
      part: uint(32),
      sealed: fc.uint8Array({ maxLength: 300 }),
    }),
    encode: encodeEnvelopeRecord,
    decode: decodeEnvelopeRecord,
  }),
  codec({
    name: 'event',
    value: fc.record({
      code: fc.constantFrom('paused' as const, 'gap-disk-full' as const, 'stopped' as const),
      fromUs: time,
      toUs: time,
      records: fc.option(uint(30)),
      bytes: fc.option(uint(30)),
      detail: text(200),
    }),
    encode: encodeEvent,
    decode: decodeEvent,
  }),
  codec({
    name: 'statement',
    value: fc.record({
      recording: bytes(16),
      startedAtMs: time,
      ended: fc.constantFrom('stopped' as const, 'cut' as const),
      segments: fc
        .array(
          fc.record({
            sizeBytes: time,
            openedUs: time,
            lastUs: time,
            records: uint(32),
            root: bytes(32),
            hash: bytes(32),
          }),
          { maxLength: 5 },
        )
        .map((all) => all.map((segment, at) => ({ number: at + 1, ...segment }))),
    }),
    encode: encodeStatement,
    decode: decodeStatement,
  }),
  codec({
    name: 'manifest',
    value: fc.record({
      statement: fc.uint8Array({ maxLength: 200 }),
      signature: fc.uint8Array({ maxLength: 100 }),
    }),
    encode: encodeManifest,
    decode: decodeManifest,
  }),
]

describe.each(codecs)('$name', ({ value, encode, decode }) => {
  test('what is encoded is decoded again', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(decode(encode(given))).toEqual(given)
      }),
    )
  })

  test('any bytes at all are read without an exception', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (given) => void decode(given)))
  })

  test('any bytes put over a good one are read without an exception', () => {
    fc.assert(
      fc.property(value, fc.uint8Array({ maxLength: 12 }), fc.nat(), (given, patch, where) => {
        const good = encode(given)
        const at = where % good.length
        const patched = good.slice()
        patched.set(patch.subarray(0, good.length - at), at)
        expect(() => decode(patched)).not.toThrow()
      }),
    )
  })
})

describe('footer and trailer', () => {
  const body = (given: Parameters<typeof encodeFooterBody>[0]) => encodeFooterBody(given)
  const empty = new Uint8Array(nativeSha256(new Uint8Array()))

  test('[ARC1] a footer whose root is not that of its blocks is none', () => {
    fc.assert(
      fc.property(header, bytes(32), (head, root) => {
        const footer = { header: head, records: 0, lastUs: 0, blocks: [], control: [] }
        const good = body({ ...footer, root: empty })
        expect(decodeFooterBody(nativeSha256, good, crc32c(good))).toEqual({ ...footer, root: empty })
        const bad = body({ ...footer, root })
        expect(decodeFooterBody(nativeSha256, bad, crc32c(bad))).toBeNull()
      }),
    )
  })

  test('any bytes at all, with the checksum they ask for, are read without an exception', () => {
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 300 }), (head, rest) => {
        const given = new Uint8Array([...encodeSegmentHeader(head), ...rest])
        expect(() => decodeFooterBody(nativeSha256, given, crc32c(given))).not.toThrow()
        expect(() => decodeTrailer(rest)).not.toThrow()
        expect(decodeTrailer(encodeTrailer(given))).toEqual({ footerBytes: given.length, crc: crc32c(given) })
      }),
    )
  })
})

test('CRC-32C is that of RFC 3720 §B.4', () => {
  const text = new TextEncoder().encode('123456789')
  expect(crc32c(text).toString(16)).toBe('e3069283')
  expect(crc32c(new Uint8Array(32)).toString(16)).toBe('8a9136aa')
  expect(crc32c(new Uint8Array(32).fill(0xff)).toString(16)).toBe('62a8ab43')
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, at) => at)).toString(16)).toBe('46dd794e')
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, at) => 31 - at)).toString(16)).toBe('113fdb5c')
})
