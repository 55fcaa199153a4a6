import { expect, test } from 'vitest'
import { longPage, longResults } from './long-result.mjs'

const about = { commit: 'abc', machine: '2 × CPU', date: '2026-11-24 10:00 UTC' }
const later = { commit: 'def', machine: '2 × CPU', date: '2026-11-25 10:00 UTC' }
const report = (name: string, ...states: string[]) => ({
  testResults: [
    {
      name: `/project/${name}.long.test.ts`,
      status: 'passed',
      assertionResults: states.map((status, at) => ({ status, fullName: `test ${at}`, duration: 1234.5 })),
    },
  ],
})
const first = () => longResults('/project', report('a', 'passed', 'failed'), about)

test('each test has its result, its commit and its machine', () => {
  expect(first()[0]).toEqual({
    file: 'a.long.test.ts',
    title: 'test 0',
    status: 'passed',
    seconds: 1.2,
    ...about,
  })
  expect(longPage(first())).toContain(
    '| test 1<br>`a.long.test.ts` | failed | 1.2 | 2026-11-24 10:00 UTC, abc |',
  )
  expect(longPage(first())).toContain('1 of 2 passed, on 2 × CPU.')
})

test('another file run alone leaves what is known of the first', () => {
  const both = longResults('/project', report('b', 'passed'), later, first())
  expect(both.map(({ file, commit }) => [file, commit])).toEqual([
    ['a.long.test.ts', 'abc'],
    ['a.long.test.ts', 'abc'],
    ['b.long.test.ts', 'def'],
  ])
})

test('the same file run again replaces its results, but for a test that was left out', () => {
  const again = longResults('/project', report('a', 'skipped', 'passed'), later, first())
  expect(again.map(({ title, status, commit }) => [title, status, commit])).toEqual([
    ['test 0', 'passed', 'abc'],
    ['test 1', 'passed', 'def'],
  ])
  expect(longResults('/project', report('a', 'passed'), later, first())).toHaveLength(1)
})
