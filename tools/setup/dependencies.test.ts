import { expect, test } from 'vitest'
import { installedMatches } from './dependencies.mjs'

const wanted = {
  packages: {
    '': {},
    'packages/web': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
    'node_modules/for-mac': { version: '1.0.0', integrity: 'sha512-m', optional: true },
    'node_modules/@huisclos/web': { resolved: 'packages/web', link: true },
  },
}
const { 'node_modules/for-mac': _, '': __, ...present } = wanted.packages
const installed = { packages: present }
const always = () => true

test('what the lock file says is there', () => {
  expect(installedMatches(wanted, installed, always)).toBe(true)
})

test.each([
  ['one is missing', { ...present, 'node_modules/a': undefined }],
  ['one has another version', { ...present, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
  ['one has another hash', { ...present, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } }],
  ['one is too much', { ...present, 'node_modules/c': { version: '1.0.0', integrity: 'sha512-c' } }],
  ['an optional one has another version', { ...present, 'node_modules/for-mac': { version: '0.9.0' } }],
])('not as the lock file says: %s', (_title, packages) => {
  const found = Object.fromEntries(Object.entries(packages).filter(([, entry]) => entry !== undefined))
  expect(installedMatches(wanted, { packages: found as typeof present }, always)).toBe(false)
})

test('noted but gone from the disk', () => {
  expect(installedMatches(wanted, installed, (path) => path !== 'node_modules/a')).toBe(false)
})

test('an empty note of what is installed matches nothing', () => {
  expect(installedMatches(wanted, {}, always)).toBe(false)
})
