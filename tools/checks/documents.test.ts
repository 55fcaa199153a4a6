import { expect, test } from 'vitest'
import { checkErrorCodes, checkLinks, documentedCodes } from './documents.ts'

const there = new Set(['README.md', 'docs/guide.md', 'docs'])
const guide = { path: 'docs/guide.md', text: '# Guide\n## Two words, and a comma\n' }

function judge(text: string, path = 'docs/page.md'): string[] {
  const { problems } = checkLinks([{ path, text }, guide], (target) => there.has(target))
  return problems.map(({ message }) => message)
}

test.each([
  ['[a](missing.md)', /leads nowhere/],
  ['![picture](shots/a.png)', /leads nowhere/],
  ['[a]: missing.md', /leads nowhere/],
  ['[a](<missing.md>)', /leads nowhere/],
  ['[a](missing.md "title")', /leads nowhere/],
  ['[a](../../outside.md)', /out of the project/],
  ['[a](guide.md#absent)', /no heading #absent/],
  ['[a](#absent)', /no heading|leads nowhere/],
])('a broken link fails: %s', (text, message) => {
  expect(judge(text).join()).toMatch(message)
})

test.each([
  '[a](guide.md)',
  '[a](../README.md)',
  '[a](guide.md#two-words-and-a-comma)',
  '[a](https://example.org/x)',
  '[a](mailto:a@example.org)',
  '`[a](missing.md)`',
  '```\n[a](missing.md)\n```',
])('passes: %s', (text) => {
  expect(judge(text)).toEqual([])
})

test('a code that is not explained, one that does not exist, and one explained twice', () => {
  const page = '| code | what |\n| --- | --- |\n| `a-b` | x |\n| `old` | y |\n| `a-b` | again |\n'
  expect(documentedCodes(page)).toEqual(['a-b', 'old', 'a-b'])
  const messages = checkErrorCodes(['a-b', 'new'], page).problems.map(({ message }) => message)
  expect(messages).toEqual([
    'new is not explained',
    'old is no code of the protocol',
    'a-b is explained twice',
  ])
})

test('two equal lists pass, two empty ones do not', () => {
  expect(checkErrorCodes(['a'], '| `a` | x |').problems).toEqual([])
  expect(checkErrorCodes([], '').problems).toHaveLength(1)
})
