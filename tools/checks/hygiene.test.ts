import { expect, test } from 'vitest'
import { checkHygiene, checkLockFile } from './hygiene.ts'

// Put together from pieces: this file is checked as well.
const join = (...parts: string[]) => parts.join('')

test.each([
  join('read(', "'/wo", "rk/main/a')"),
  join('see /ro', 'ot/.cache'),
  join('/ho', 'me/alice/project'),
  join("from '../sha", "red/facts'"),
  join('https://registry.npm', 'js.org/x'),
  join('https://x.jf', 'rog.io/y'),
])('what belongs to a machine fails: %s', (text) => {
  const { problems } = checkHygiene([{ path: 'a.ts', text: `\n${text}` }])
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatchObject({ file: 'a.ts', line: 2 })
})

test.each([
  'packages/network/worker',
  'https://example.org/work/a',
  '~/.cache',
  './root/a',
  '/m/<room>',
  'a/root/b',
])('passes: %s', (text) => {
  expect(checkHygiene([{ path: 'a.md', text }]).problems).toEqual([])
})

const lock = (entry: object) => JSON.stringify({ packages: { '': {}, 'node_modules/a': entry } })

test('the lock file names no addresses and leaves out no hash', () => {
  expect(checkLockFile(lock({ version: '1.0.0', integrity: 'sha512-x' })).problems).toEqual([])
  expect(checkLockFile(lock({ resolved: 'packages/a', link: true })).problems).toEqual([])
  const resolved = { version: '1.0.0', integrity: 'sha512-x', resolved: 'https://example.org/a.tgz' }
  expect(checkLockFile(lock(resolved)).problems).toHaveLength(1)
  expect(checkLockFile(lock({ version: '1.0.0' })).problems).toHaveLength(1)
  expect(checkLockFile('{}').problems).toHaveLength(1)
})
