/** The tool, and the server on it: it keeps nothing on a disk, so it must not need one. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { newMeetingLink } from '@huisclos/crypto/link'
import { describe, expect, test } from 'vitest'
import { fillDisk, whyNoFullDisk } from './full-disk.ts'

const reason = whyNoFullDisk()
const title = reason === null ? '' : ` (left out: needs a file system of its own, and here: ${reason})`
const MAIN = join(dirname(createRequire(import.meta.url).resolve('@huisclos/server')), 'main.ts')

describe.skipIf(reason !== null)(`a full disk${title}`, () => {
  test('nothing can be written on it, until there is room', () => {
    using disk = fillDisk()
    expect(() => writeFileSync(join(disk.path, 'x'), Buffer.alloc(4_096))).toThrow('ENOSPC')
    disk.free()
    writeFileSync(join(disk.path, 'x'), Buffer.alloc(4_096))
  })

  test('it is gone afterwards', () => {
    const { path } = (() => {
      using disk = fillDisk()
      return disk
    })()
    expect(existsSync(path)).toBe(false)
  })

  test('the server starts, makes rooms and stops with work folder, home, temporary folder and log on it', async () => {
    using disk = fillDisk()
    const log = openSync(join(disk.path, 'ballast'), 'a')
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const { MEDIASOUP_WORKER_BIN = '' } = process.env
    const server = spawn(
      process.execPath,
      [MAIN, '--port', `${port}`, '--media-port', '0', '--workers', '1'],
      {
        cwd: disk.path,
        env: { PATH: process.env['PATH'], HOME: disk.path, TMPDIR: disk.path, MEDIASOUP_WORKER_BIN },
        stdio: ['ignore', log, log],
      },
    )
    try {
      const url = `http://127.0.0.1:${port}`
      await answers(`${url}/healthz`)
      const { room } = newMeetingLink()
      const hash = Buffer.alloc(32, 7).toString('base64url')
      const made = await fetch(`${url}/api/rooms/${room}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ accessHash: hash, ownerHash: hash, descriptor: null, descriptorVersion: 0 }),
      })
      expect(made.status).toBeLessThan(300)
      expect(server.exitCode).toBe(null)
      server.kill('SIGTERM')
      const [code] = (await once(server, 'exit')) as [number | null]
      expect(code).toBe(0)
    } finally {
      server.kill('SIGKILL')
      closeSync(log)
    }
  })
})

async function answers(url: string): Promise<void> {
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no answer from ${url}`)
}
