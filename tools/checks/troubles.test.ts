import { expect, test } from 'vitest'
import { checkTroubles } from './troubles.ts'

const tests = [
  {
    path: 'e2e/a.test.ts',
    text: [
      "describe('a group', () => {",
      "  test('[GRP1] one stays', () => {})",
      "  test.runIf(can())('[GRP1, GRP2] where it can', () => {})",
      "  test.each([['x', f(1)]])(\n    'each: %s',\n    () => {},\n  )",
      "  test.skip('[GRP1] not run', () => {})",
      '})',
      "expect('[GRP1] no title').toBe(1)",
    ].join('\n'),
  },
]

function judge(rules: string, cell: string): string[] {
  const text = `# Page\n| trouble | here | rules | shown by |\n| --- | --- | --- | --- |\n| "x" | y | ${rules} | ${cell} |\n`
  const { problems } = checkTroubles({ path: 'docs/troubles.md', text }, new Set(['GRP1', 'GRP2']), tests)
  return problems.map(({ line, message }) => `${line}: ${message}`)
}

test.each([
  ['GRP1', '`e2e/a.test.ts`: [GRP1] one stays'],
  ['GRP1, GRP2', '`e2e/a.test.ts`: [GRP1, GRP2] where it can<br>`e2e/a.test.ts`: each: %s'],
])('passes: %s, %s', (rules, cell) => {
  expect(judge(rules, cell)).toEqual([])
})

test.each([
  ['GRP1', '`e2e/a.test.ts`: [GRP1] one stay', /has no test “\[GRP1\] one stay”/],
  ['GRP1', '`e2e/a.test.ts`: a group', /has no test/],
  ['GRP1', '`e2e/a.test.ts`: [GRP1] no title', /has no test/],
  ['GRP1', '`e2e/a.test.ts`: [GRP1] not run', /has no test/],
  ['GRP1', '`e2e/b.test.ts`: [GRP1] one stays', /is no test file/],
  ['GRP1', 'it is so', /names no test/],
  ['GRP3', '`e2e/a.test.ts`: each: %s', /no page of spec\/ defines GRP3/],
  ['GRP1', '`e2e/a.test.ts`: [GRP1, GRP2] where it can', /does not name GRP2/],
  ['GRP1', '`e2e/a.test.ts`: each: %s | more', /more than four cells/],
])('fails: %s, %s', (rules, cell, message) => {
  const found = judge(rules, cell)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(/^4: /)
  expect(found[0]).toMatch(message)
})

test('a page without rows proves nothing', () => {
  expect(checkTroubles({ path: 'a.md', text: '# Page\n' }, new Set(), []).problems).toHaveLength(1)
})
