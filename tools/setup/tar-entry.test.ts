import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { readTarEntry } from './tar-entry.mjs'

const dir = mkdtempSync(join(tmpdir(), 'huisclos-tar-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function archive(): Buffer {
  mkdirSync(join(dir, 'in/deep'), { recursive: true })
  writeFileSync(join(dir, 'in/first'), 'x'.repeat(700))
  writeFileSync(join(dir, 'in/deep/worker'), Buffer.from([0, 1, 2, 255]))
  symlinkSync('/etc/passwd', join(dir, 'in/link'))
  execFileSync('tar', ['-czf', join(dir, 'a.tgz'), '-C', join(dir, 'in'), 'first', 'deep', 'link'])
  return readFileSync(join(dir, 'a.tgz'))
}

test('one file is read out of what tar writes', () => {
  const tgz = archive()
  expect(readTarEntry(tgz, 'worker')).toEqual(Buffer.from([0, 1, 2, 255]))
  expect(readTarEntry(tgz, 'first')?.length).toBe(700)
  expect(readTarEntry(tgz, 'absent')).toBeUndefined()
  rmSync(join(dir, 'in'), { recursive: true })
})

test('a link in the archive is not followed', () => {
  expect(readTarEntry(archive(), 'link')).toBeUndefined()
  rmSync(join(dir, 'in'), { recursive: true })
})

test('an archive that was cut off gives nothing, and no gzip throws', () => {
  const tar = gunzipSync(archive())
  for (const length of [100, 512, 600, 1000]) {
    expect(readTarEntry(gzipSync(tar.subarray(0, length)), 'first')).toBeUndefined()
  }
  expect(() => readTarEntry(Buffer.from('<html>'), 'first')).toThrow()
  rmSync(join(dir, 'in'), { recursive: true })
})
