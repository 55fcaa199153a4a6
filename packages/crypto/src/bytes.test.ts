import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  concat,
  decodeBase32,
  decodeBase64url,
  decodeFields,
  decodeHex,
  decodeUtf8,
  encodeBase32,
  encodeBase64url,
  encodeFields,
  encodeHex,
  equal,
  random,
  toBytes,
  uint,
  utf8,
  wipe,
} from './bytes.ts'

const bytes = fc.uint8Array({ maxLength: 80 })

describe('text encodings', () => {
  const codecs = [
    ['hex', encodeHex, decodeHex],
    ['base64url', encodeBase64url, decodeBase64url],
    ['base32', encodeBase32, decodeBase32],
  ] as const

  for (const [name, encode, decode] of codecs) {
    test(`${name} gives the same bytes back`, () => {
      fc.assert(
        fc.property(bytes, (value) => {
          expect(decode(encode(value))).toEqual(value)
        }),
      )
    })

    test(`${name} decodes any text to a value, and only canonical text to bytes`, () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          const decoded = decode(text)
          if (decoded) expect(encode(decoded)).toBe(name === 'hex' ? text.toLowerCase() : text)
        }),
      )
    })
  }

  test('agrees with the examples of RFC 4648 §10', () => {
    expect(encodeBase32(utf8('foobar'))).toBe('mzxw6ytboi')
    expect(encodeBase64url(utf8('fooba'))).toBe('Zm9vYmE')
    expect(encodeHex(utf8('foobar'))).toBe('666f6f626172')
    expect(decodeHex('666F6f')).toEqual(utf8('foo'))
  })

  test.each(['A', 'Zm9v=', 'Zm9v YmE', 'Zh', 'Zm9vYm+', 'é'])('refuses %j as base64url', (text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  })

  test.each(['MZXW6', 'a', 'mzxw6===', 'm1xw6', 'mzxw7', 'ab c'])('refuses %j as base32', (text) => {
    expect(decodeBase32(text)).toBeUndefined()
  })

  test.each(['0', 'zz', '0x00', ' 00', '00\n'])('refuses %j as hex', (text) => {
    expect(decodeHex(text)).toBeUndefined()
  })

  test('decodes strict UTF-8 only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeUtf8(utf8(text))).toBe(text)
      }),
    )
    expect(decodeUtf8(Uint8Array.of(0xff))).toBeUndefined()
    expect(decodeUtf8(Uint8Array.of(0xc0, 0x80))).toBeUndefined()
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
  })
})

describe('fields', () => {
  const fields = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 6 })

  test('give the same list back', () => {
    fc.assert(
      fc.property(fields, (list) => {
        expect(decodeFields(encodeFields(...list))).toEqual(list)
      }),
    )
  })

  test('never encode two lists alike', () => {
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        const same = a.length === b.length && a.every((field, i) => equal(field, b[i]!))
        expect(equal(encodeFields(...a), encodeFields(...b))).toBe(same)
      }),
    )
    expect(encodeFields(utf8('ab'), utf8('c'))).not.toEqual(encodeFields(utf8('a'), utf8('bc')))
  })

  test('decode anything to a value, and only their own encoding to a list', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (any) => {
        const list = decodeFields(any)
        if (list) expect(encodeFields(...list)).toEqual(any)
      }),
    )
    expect(decodeFields(Uint8Array.of(0, 0, 0))).toBeUndefined()
    expect(decodeFields(Uint8Array.of(0, 0, 0, 2, 1))).toBeUndefined()
    expect(decodeFields(Uint8Array.of(255, 255, 255, 255, 1))).toBeUndefined()
  })

  test('decode out of a part of a larger buffer', () => {
    const whole = concat(Uint8Array.of(9, 9, 9), encodeFields(utf8('x')))
    expect(decodeFields(whole.subarray(3))).toEqual([utf8('x')])
  })
})

describe('small helpers', () => {
  test('equal compares content and length', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(equal(a, b)).toBe(encodeHex(a) === encodeHex(b))
      }),
    )
    fc.assert(
      fc.property(bytes, (a) => {
        expect(equal(a, a.slice())).toBe(true)
      }),
    )
  })

  test('uint writes big-endian', () => {
    expect(uint(0x123n, 8)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 0x23))
    expect(uint(0xffff_ffff_ffff_ffffn, 8)).toEqual(new Uint8Array(8).fill(255))
    expect(uint(5, 2)).toEqual(Uint8Array.of(0, 5))
  })

  test('random gives that many bytes, others each time', () => {
    expect(random(32)).toHaveLength(32)
    expect(random(32)).not.toEqual(random(32))
  })

  test('wipe leaves zeros', () => {
    const secret = random(16)
    wipe(secret)
    expect(secret).toEqual(new Uint8Array(16))
  })

  test('toBytes copies only what lies in shared memory', () => {
    const own = Uint8Array.of(1, 2)
    expect(toBytes(own)).toBe(own)
    const shared = new Uint8Array(new SharedArrayBuffer(2))
    shared.set(own)
    expect(toBytes(shared).buffer).toBeInstanceOf(ArrayBuffer)
    expect(toBytes(shared)).toEqual(own)
  })
})
