import { utf8 } from '@huisclos/crypto/bytes'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanCaption, makeCaption } from './caption.ts'
import { decodeGroupMessage, encodeGroupMessage } from './group-message.ts'

const said = fc.record({
  line: fc.integer({ min: 1, max: 1_000_000_000 }),
  final: fc.boolean(),
  lang: fc.constantFrom('fr', 'en', 'fr-FR', 'fil-PH'),
  how: fc.constantFrom('speech' as const, 'typed' as const),
  text: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.constantFrom('漢'.repeat(280), '"'.repeat(280), '\\'.repeat(300), '👩🏽‍🚀'.repeat(80), ''),
  ),
})

test('[CAP3] captions survive encoding, and each is as long as every other', () => {
  void fc.assert(
    fc.property(said, fc.nat(), (words, n) => {
      const bytes = encodeGroupMessage(n, makeCaption(words))
      expect(bytes.length).toBe(
        encodeGroupMessage(7, makeCaption({ ...words, text: 'Yes', final: true })).length,
      )
      const decoded = decodeGroupMessage(bytes)
      expect(decoded).toMatchObject({ ok: true, message: { k: 'caption', text: cleanCaption(words.text) } })
    }),
  )
})

test('[CAP1] a caption is one line without control or bidi characters, and whole at its end', () => {
  expect(cleanCaption(' one\n two\u202e\u0007 three ')).toBe('one two three')
  expect(cleanCaption(`${'a'.repeat(279)}😀`)).toBe('a'.repeat(279))
  void fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const clean = cleanCaption(text)
      expect(clean.length).toBeLessThanOrEqual(280)
      expect(clean.isWellFormed()).toBe(true)
      expect(clean).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u)
    }),
  )
})

const good = { k: 'caption', line: 1, final: true, lang: 'fr', how: 'typed', text: 'Oui', pad: '   ' }
test.each([
  ['beyond 280 characters', { text: 'x'.repeat(281) }],
  ['a language that is a text', { lang: 'fr"><b>' }],
  ['another language form', { lang: 'FR-fr' }],
  ['padding that says something', { pad: 'psst' }],
  ['padding without end', { pad: ' '.repeat(1_025) }],
  ['an origin of its own', { how: 'official' }],
  ['line 0', { line: 0 }],
  ['half a line number', { line: 1.5 }],
  ['somebody else’s name', { leaf: 3 }],
  ['no text', { text: undefined }],
])('[CAP1] %s is no caption', (_, part) => {
  const decode = (m: object) => decodeGroupMessage(utf8(JSON.stringify({ n: 1, m })))
  expect(decode(good).ok).toBe(true)
  expect(decode({ ...good, ...part })).toEqual({ ok: false, code: 'malformed', n: 1 })
})
