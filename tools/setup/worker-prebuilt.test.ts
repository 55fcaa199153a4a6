import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isCurrent } from './worker.mjs'
import { fetchPrebuilt, prebuiltUrl } from './worker-prebuilt.mjs'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'huisclos-prebuilt-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true })
})

/** What a release page would send: a worker that behaves as the script says. */
function release(script: string): Buffer {
  writeFileSync(join(dir, 'mediasoup-worker'), script, { mode: 0o755 })
  execFileSync('tar', ['-czf', join(dir, 'a.tgz'), '-C', dir, 'mediasoup-worker'])
  const bytes = readFileSync(join(dir, 'a.tgz'))
  rmSync(join(dir, 'mediasoup-worker'))
  rmSync(join(dir, 'a.tgz'))
  return bytes
}

async function fetchFrom(status: number, body: Buffer): Promise<string | undefined> {
  const server = createServer((_request, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  vi.stubEnv('MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL', `http://127.0.0.1:${port}`)
  try {
    return await fetchPrebuilt('3.27.1', join(dir, 'worker'))
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

test('a worker that starts is kept', async () => {
  expect(await fetchFrom(200, release('#!/bin/sh\nexit 41\n'))).toBeUndefined()
  expect(readdirSync(dir)).toEqual(['worker'])
})

test.each([
  ['does not start', 200, '#!/bin/sh\nexit 127\n', /does not run/],
  ['starts otherwise', 200, '#!/bin/sh\nexit 0\n', /does not run/],
  ['is not there', 404, '#!/bin/sh\nexit 41\n', /404/],
])('a worker that %s is not, and nothing is left behind', async (_title, status, script, reason) => {
  expect(await fetchFrom(status, release(script))).toMatch(reason)
  expect(existsSync(join(dir, 'worker'))).toBe(false)
  expect(readdirSync(dir)).toEqual([])
})

test('a page instead of an archive is a reason, not a crash', async () => {
  expect(await fetchFrom(200, Buffer.from('<html>login</html>'))).toMatch(/./)
})

test('nobody there is a reason, at once', async () => {
  vi.stubEnv('MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL', 'http://127.0.0.1:1')
  expect(await fetchPrebuilt('3.27.1', join(dir, 'worker'))).toMatch(/./)
})

test("the address is that of mediasoup's own installer", () => {
  expect(prebuiltUrl('3.27.1', {}, '6.1.0-13-amd64')).toMatch(
    /^https:\/\/github\.com\/versatica\/mediasoup\/releases\/download\/3\.27\.1\/mediasoup-worker-3\.27\.1-\w+-\w+(-kernel6)?\.tgz$/,
  )
})

test('a built worker counts for the recipe it was built with', () => {
  expect(isCurrent({ from: 'release' }, 'r')).toBe(true)
  expect(isCurrent({ from: 'sources', recipe: 'r' }, 'r')).toBe(true)
  expect(isCurrent({ from: 'sources', recipe: 'older' }, 'r')).toBe(false)
  expect(isCurrent(undefined, 'r')).toBe(false)
})
