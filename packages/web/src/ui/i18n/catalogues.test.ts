// The two catalogues say the same things: same keys, same placeholders, French spacing, and every key is used.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { lengthen, lengthenCatalogue } from '../../../demo/pseudo-locale.ts'
import recordingsEn from '../../vault/texts/en.json' with { type: 'json' }
import recordingsFr from '../../vault/texts/fr.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }
import fr from './fr.json' with { type: 'json' }
import { pickLanguage } from './language.ts'

function flatten(catalogue: object, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(catalogue)) {
    if (typeof value === 'string') found.set(prefix + key, value)
    else for (const [inner, text] of flatten(value as object, `${prefix}${key}.`)) found.set(inner, text)
  }
  return found
}

const PLURAL = /_(?:zero|one|two|few|many|other)$/u
/** Of meetings, and of the page that opens recordings. */
const CATALOGUES = [
  { of: 'meetings', english: flatten(en), french: flatten(fr), screens: '..', plurals: 6 },
  {
    of: 'recordings',
    english: flatten(recordingsEn),
    french: flatten(recordingsFr),
    screens: '../../vault',
    plurals: 3,
  },
] as const
const bases = (texts: Map<string, string>) =>
  [...new Set([...texts.keys()].map((key) => key.replace(PLURAL, '')))].sort()
const placeholders = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/gu) ?? [])].sort()

describe.each(CATALOGUES)('catalogues of $of', ({ english, french, screens, plurals: atLeast }) => {
  test('English and French have the same keys', () => {
    expect(bases(french)).toEqual(bases(english))
  })

  test.each([
    ['en', english],
    ['fr', french],
  ] as const)('%s has exactly its CLDR plural forms', (language, texts) => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()
    const plurals = [...texts.keys()].filter((key) => PLURAL.test(key))
    const stems = new Set(plurals.map((key) => key.replace(PLURAL, '')))
    expect(stems.size).toBeGreaterThanOrEqual(atLeast)
    for (const stem of stems) {
      const forms = plurals
        .filter((key) => key.replace(PLURAL, '') === stem)
        .map((key) => key.slice(stem.length + 1))
      expect([stem, forms.sort()]).toEqual([stem, categories])
    }
  })

  test('placeholders are equal', () => {
    for (const [key, text] of french) {
      const other = english.get(key) ?? english.get(key.replace(PLURAL, '_other'))
      expect([key, placeholders(text)]).toEqual([key, placeholders(other ?? '')])
    }
  })

  test('no text is empty, and none is markup', () => {
    for (const [key, text] of [...english, ...french]) {
      expect(text.trim(), key).not.toBe('')
      expect(text, key).not.toMatch(/<\/?[a-z]/iu)
    }
  })

  test('French spacing: narrow no-break spaces before : ; ! ? and inside « », curly apostrophes', () => {
    for (const [key, text] of french) {
      expect(text, key).not.toMatch(/[ \u00A0][:;!?»]/u)
      expect(text, key).not.toMatch(/«(?!\u202F)/u)
      expect(text, key).not.toMatch(/[\p{L}\d][;!?»]/u)
      expect(text, key).not.toContain("'")
    }
  })

  test('every key is used by a screen, and every screen’s key exists', () => {
    const root = fileURLToPath(new URL(screens, import.meta.url))
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/u.test(path) && !path.includes('.test.'))
      .map((path) => readFileSync(join(root, path), 'utf8'))
      .join('\n')
    const literals = new Set(
      [...sources.matchAll(/'([a-zA-Z][\w-]*(?:\.[\w-]+)+)'/gu)].map((match) => match[1]),
    )
    const patterns = [...sources.matchAll(/`([a-zA-Z]\w*\.[^`\s]*\$\{[^`]*)`/gu)].map(
      (match) =>
        new RegExp(
          `^${(match[1] ?? '').replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/gu, '[\\w-]+')}$`,
          'u',
        ),
    )
    const unused = bases(english).filter(
      (key) => !literals.has(key) && !patterns.some((pattern) => pattern.test(key)),
    )
    expect(unused).toEqual([])
  })
})

describe('pseudo-locale', () => {
  test('is at least 40 % longer and keeps placeholders', () => {
    const english = flatten(en)
    for (const [key, text] of flatten(lengthenCatalogue(en))) {
      expect(text.length, key).toBeGreaterThanOrEqual((english.get(key) ?? '').length * 1.4)
      expect(placeholders(text), key).toEqual(placeholders(english.get(key) ?? ''))
    }
    expect(lengthen('{{count}} people')).toContain('{{count}}')
  })
})

describe('language', () => {
  test('the one chosen wins, then the browser’s, then English', () => {
    expect(pickLanguage('fr', ['en-GB'])).toBe('fr')
    expect(pickLanguage(null, ['de-DE', 'fr-CA', 'en'])).toBe('fr')
    expect(pickLanguage('xx', ['de'])).toBe('en')
  })
})
