import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BridgeKeyFileError, makeKeyFile, readKeyFile } from './bridge-key-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huisclos-phone-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'none'
  } catch (error) {
    return error instanceof BridgeKeyFileError ? error.code : 'another error'
  }
}

test('[TEL2] the key is made once, and its file is the bridge’s alone', () => {
  const path = join(folder, 'phone.key')
  makeKeyFile(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const seed = readKeyFile(path)
  expect(seed).toHaveLength(32)
  expect(readKeyFile(path)).toEqual(seed)
  expect(codeOf(() => makeKeyFile(path))).toBe('key-exists')
  expect(readKeyFile(path)).toEqual(seed)
})

test('[TEL2] a key that others may read is refused, and so is what is no key; no error holds it', () => {
  const path = join(folder, 'phone.key')
  makeKeyFile(path)
  const text = readFileSync(path, 'utf8')
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(path, mode)
    expect(codeOf(() => readKeyFile(path))).toBe('key-open-to-others')
  }
  chmodSync(path, 0o600)
  for (const other of ['', text.slice(0, -3), text.replace('1', '2'), `${text}x`]) {
    writeFileSync(path, other)
    expect(codeOf(() => readKeyFile(path))).toBe('key-damaged')
  }
  expect(codeOf(() => readKeyFile(join(folder, 'none')))).toBe('key-unreadable')
})
