import { expect, test } from 'vitest'
import { checkBudgets, percentile } from './budgets.ts'

const lines = (count: number) => 'x()\n'.repeat(count)
const functionOf = (count: number) => `function f() {\n${lines(count - 2)}}\n`

function judge(path: string, text: string): string[] {
  return checkBudgets([{ path, text }]).problems.map(({ message }) => message)
}

test('a file of 601 lines fails, one of 600 does not exceed the limit', () => {
  expect(judge('a.ts', lines(601))).toContain('601 lines, allowed 600')
  expect(judge('a.ts', lines(600)).join()).not.toContain('allowed 600')
})

test('a test file has no other limit than that', () => {
  expect(judge('a.test.ts', lines(600))).toEqual([])
  expect(judge('a.test.ts', functionOf(200))).toEqual([])
  expect(judge('a.test.ts', lines(601))).toEqual(['601 lines, allowed 600'])
})

test.each([
  ['declared', functionOf(81)],
  ['an arrow', `const f = () => {\n${lines(79)}}\n`],
  ['a method', `class A {\n  m() {\n${lines(79)}}\n}\n`],
  ['inside another', `const a = {\n  b: () => {\n${lines(79)}}\n}\n`],
])('a function of 81 lines fails: %s', (_title, text) => {
  expect(judge('a.ts', text)).toContain('a function of 81 lines, allowed 80')
})

test('a function of 80 lines passes its own limit', () => {
  expect(judge('a.ts', functionOf(80)).join()).not.toContain('a function of')
})

test('medians and percentiles are bound as well', () => {
  const files = Array.from({ length: 10 }, (_, at) => ({ path: `${at}.ts`, text: lines(at < 8 ? 121 : 351) }))
  const messages = checkBudgets(files).problems.map(({ message }) => message)
  expect(messages).toEqual([
    'median lines of a file: 121, allowed 120',
    '90th percentile of lines of a file: 351, allowed 350',
  ])
  expect(judge('a.ts', functionOf(41))).toEqual(['90th percentile of lines of a function: 41, allowed 40'])
})

test('a percentile is a number of the list', () => {
  expect(percentile([3, 1, 2], 0.5)).toBe(2)
  expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(9)
  expect(percentile([], 0.5)).toBe(0)
})
