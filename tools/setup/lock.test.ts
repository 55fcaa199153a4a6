import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from './lock.mjs'

let dir = ''
const file = () => join(dir, 'setup.lock')
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'huisclos-lock-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('the lock of a process that is gone is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(file(), `${pid}\n`)
  expect(await withLock(dir, async () => 'done', 5)).toBe('done')
  expect(existsSync(file())).toBe(false)
})

test('an empty lock from long ago is taken over', async () => {
  writeFileSync(file(), '')
  utimesSync(file(), new Date(0), new Date(0))
  expect(await withLock(dir, async () => 'done', 5)).toBe('done')
})

test('two that want the lock work one after the other', async () => {
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} in`)
    await new Promise((resolve) => setTimeout(resolve, 30))
    events.push(`${name} out`)
  }
  await Promise.all([withLock(dir, work('a'), 5), withLock(dir, work('b'), 5)])
  expect(events).toEqual(['a in', 'a out', 'b in', 'b out'])
})

test('work that fails gives the lock back', async () => {
  await expect(withLock(dir, () => Promise.reject(new Error('broken')), 5)).rejects.toThrow('broken')
  expect(existsSync(file())).toBe(false)
})
