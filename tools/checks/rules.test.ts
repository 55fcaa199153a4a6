import { expect, test } from 'vitest'
import { checkRules, citedRules, definedRules } from './rules.ts'

const page = {
  path: 'spec/a.md',
  text: '# Group\n- GRP1 A meeting.\n- **GRP10** Another, see KEY4.\n| KEY9 | no rule |\n',
}
const tests = (text: string) => [{ path: 'packages/a/src/a.test.ts', text }]

test('rules are the list entries that begin with a number', () => {
  expect(definedRules([page]).map(({ rule }) => rule)).toEqual(['GRP1', 'GRP10'])
})

test.each([
  ["test('[GRP1] one', () => {})", ['GRP1']],
  ["it('[GRP1, GRP10] two', () => {})", ['GRP1', 'GRP10']],
  ["test.each([1])('[GRP10] row %i', () => {})", ['GRP10']],
  ["describe('[GRP1] all', () => { test('one [GRP10]', () => {}) })", ['GRP1', 'GRP10']],
  ['test(`[GRP1] with ' + '${' + 'name}`, () => {})', ['GRP1']],
  ["test.skipIf(x)('[GRP1] maybe', () => {})", ['GRP1']],
  ["expect('[GRP1] no title').toBe(1) // [GRP10]", []],
  ["test('a [list] of 3', () => {})", []],
])('titles: %s', (text, rules) => {
  expect(citedRules({ path: 'a.test.ts', text }).map(({ rule }) => rule)).toEqual(rules)
})

test('a number that no page defines fails, with its line', () => {
  const { problems } = checkRules([page], tests("\ntest('[GRP2] none', () => {})"))
  expect(problems).toEqual([
    { file: 'packages/a/src/a.test.ts', line: 2, message: 'no page of spec/ defines GRP2' },
  ])
})

test('a number that stands for two rules fails: a test could not say which it proves', () => {
  const other = { path: 'spec/b.md', text: '# More\n\n- GRP10 Something else.\n' }
  expect(checkRules([page, other], []).problems).toEqual([
    { file: 'spec/b.md', line: 3, message: "GRP10 is another rule's number already" },
  ])
})

test('rules without a test are listed and fail nothing', () => {
  const { problems, notes } = checkRules([page], tests("test('[GRP1] one', () => {})"))
  expect(problems).toEqual([])
  expect(notes).toEqual(['1 of 2 rules have a test', 'without a test: GRP10'])
})

test('a specification without rules is no specification', () => {
  expect(checkRules([], []).problems).toHaveLength(1)
})
