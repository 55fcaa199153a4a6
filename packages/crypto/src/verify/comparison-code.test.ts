import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { random } from '../bytes.ts'
import { CODE_ROUNDS, comparisonCode, groupDigits } from './comparison-code.ts'
import { LIST_WORDS, wordAt } from './word-lists.ts'

const authenticator = new Uint8Array(64).map((_, i) => i)
const groupId = new Uint8Array(16).fill(7)
const code = await comparisonCode(authenticator, groupId)

describe('[ROS3] the code', () => {
  test('is PBKDF2-HMAC-SHA-512 of the authenticator, salt "huisclos/1 code" ‖ group id, 2^18 rounds', () => {
    expect(CODE_ROUNDS).toBe(262_144)
    const salt = Buffer.concat([Buffer.from('huisclos/1 code'), groupId])
    const bytes = pbkdf2Sync(authenticator, salt, 262_144, 32, 'sha512')
    const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
    const places = Array.from({ length: 6 }, (_, i) => Number.parseInt(bits.slice(11 * i, 11 * i + 11), 2))
    expect(code.words.en).toEqual(places.map((place) => wordAt('en', place)))
    expect(code.words.fr).toEqual(places.map((place) => wordAt('fr', place)))
    const digits = (BigInt(`0x${bytes.subarray(9, 29).toString('hex')}`) % 10n ** 30n).toString()
    expect(code.digits).toBe(digits.padStart(30, '0'))
  })

  test('stays the same from version to version', () => {
    expect(code).toMatchInlineSnapshot(`
      {
        "digits": "690856167122859745141081915167",
        "words": {
          "en": [
            "bridge",
            "flip",
            "require",
            "copy",
            "reject",
            "spring",
          ],
          "fr": [
            "berger",
            "équipe",
            "perplexe",
            "chiot",
            "peintre",
            "rubis",
          ],
        },
      }
    `)
  })

  test('is six words in each language and 30 digits', () => {
    expect(code.words.en).toHaveLength(6)
    expect(code.words.fr).toHaveLength(6)
    expect(code.digits).toMatch(/^\d{30}$/)
    expect(groupDigits(code.digits)).toHaveLength(6)
    expect(groupDigits(code.digits).join('')).toBe(code.digits)
  })

  test('is the same for all members of an epoch and another for any other epoch or group', async () => {
    expect(await comparisonCode(authenticator.slice(), groupId.slice())).toEqual(code)
    const next = await comparisonCode(random(64), groupId)
    const elsewhere = await comparisonCode(authenticator, random(16))
    expect(new Set([code.digits, next.digits, elsewhere.digits]).size).toBe(3)
    expect(new Set([code, next, elsewhere].map(({ words }) => words.fr.join(' '))).size).toBe(3)
  })
})

describe('[ROS3] the word lists', () => {
  const all = (language: 'en' | 'fr') =>
    Array.from({ length: LIST_WORDS }, (_, place) => wordAt(language, place))

  test.each(['en', 'fr'] as const)('%s has 2,048 different words of plain letters', (language) => {
    const words = all(language)
    expect(new Set(words).size).toBe(2048)
    expect(words.every((word) => /^\p{Ll}{3,8}$/u.test(word))).toBe(true)
    expect(() => wordAt(language, 2048)).toThrow(RangeError)
    expect(() => wordAt(language, -1)).toThrow(RangeError)
  })

  test('are BIP-39’s', () => {
    expect([wordAt('en', 0), wordAt('en', 2047), wordAt('fr', 0), wordAt('fr', 2047)]).toEqual([
      'abandon',
      'zoo',
      'abaisser',
      'zoologie',
    ])
  })

  test('French accents are single characters, as keyboards and fonts have them', () => {
    const words = all('fr')
    expect(words).toContain('académie')
    expect(words.every((word) => word === word.normalize('NFC'))).toBe(true)
  })
})
