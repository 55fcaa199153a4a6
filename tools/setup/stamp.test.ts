import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { hashTree, readStamp, stampMatches, writeStamp } from './stamp.mjs'

const base = mkdtempSync(join(tmpdir(), 'huisclos-stamp-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const put = (path: string, text: string) => {
  mkdirSync(join(base, path, '..'), { recursive: true })
  writeFileSync(join(base, path), text)
}
const hash = () => hashTree(base, [join(base, 'src'), join(base, 'lock.json'), join(base, 'absent')])

test('the hash of sources changes with contents, names and files, and not with what is built', () => {
  put('src/a.ts', 'a')
  put('lock.json', '1')
  const first = hash()
  put('src/dist/a.js', 'built')
  put('src/dist.part/a.js', 'half built')
  put('src/node_modules/x/a.js', 'installed')
  expect(hash()).toBe(first)
  put('src/a.ts', 'b')
  const changed = hash()
  put('src/b.ts', '')
  const added = hash()
  put('lock.json', '2')
  expect(new Set([first, changed, added, hash()]).size).toBe(4)
})

test('a stamp matches only what it was written from', () => {
  const file = join(base, 'made', 'stamp.json')
  expect(stampMatches(file, { lock: 'x' })).toBe(false)
  writeStamp(file, { lock: 'x' })
  expect(stampMatches(file, { lock: 'x' })).toBe(true)
  expect(stampMatches(file, { lock: 'y' })).toBe(false)
  expect(readdirSync(join(base, 'made'))).toEqual(['stamp.json'])
})

test('a stamp that was cut off counts as none', () => {
  const file = join(base, 'cut.json')
  writeFileSync(file, '{"lock":')
  expect(readStamp(file)).toBeUndefined()
})
