import { expect, test } from 'vitest'
import { addCounts, countChecks, countVitest } from './counts.mjs'

const file = (status: string, ...states: string[]) => ({
  name: '/project/a.test.ts',
  status,
  assertionResults: states.map((state, at) => ({ status: state, fullName: `test ${at}`, duration: 1234.5 })),
})
const report = (...files: ReturnType<typeof file>[]) => ({ testResults: files })

test('what passed, failed and was skipped', () => {
  const counts = countVitest(
    report(file('passed', 'passed', 'skipped'), file('failed', 'passed', 'failed')),
    1,
    false,
  )
  expect(counts).toMatchObject({ passed: 2, failed: 1, skipped: 1, names: ['/project/a.test.ts: test 1'] })
})

test.each([
  ['no report', undefined, 0, false],
  ['a file that did not load', report(file('passed', 'passed'), file('failed')), 1, false],
  ['an error outside all tests', report(file('passed', 'passed')), 1, false],
  ['no tests', report(), 0, false],
  ['skipped tests only', report(file('passed', 'skipped')), 0, false],
  ['no report in spite of filters', undefined, 1, true],
])('never green: %s', (_title, result, status, mayBeEmpty) => {
  expect(countVitest(result, status, mayBeEmpty).failed).toBe(1)
})

test('a filter may match nothing in one of two runs', () => {
  expect(countVitest(report(), 0, true)).toEqual({ passed: 0, failed: 0, skipped: 0, names: [] })
})

test('checks that ended badly never count as passed', () => {
  expect(countChecks({ passed: 10, failed: 0 }, 0)).toMatchObject({ passed: 10, failed: 0 })
  expect(countChecks({ passed: 8, failed: 2 }, 1)).toMatchObject({ passed: 8, failed: 2 })
  expect(countChecks({ passed: 10, failed: 0 }, 1)).toMatchObject({ failed: 1 })
  expect(countChecks(undefined, 0)).toMatchObject({ passed: 0, failed: 1 })
})

test('the sum is the sum', () => {
  const one = { passed: 1, failed: 2, skipped: 3, names: ['a'] }
  expect(addCounts([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6, names: ['a', 'a'] })
})
