import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ENTRY_BUDGET_BYTES, entryFiles, measureEntry } from './measure-entry.ts'
import { UNCOMPRESSED_MODE } from './precompress.ts'

const web = fileURLToPath(new URL('..', import.meta.url))
const CLEAR_MARK = 'huisclos-bench-clear'

let dir = ''
let dist = ''
/** Text of each built file by its name. */
let files: Map<string, string>

async function buildInto(name: string, benchClear: boolean, mode = 'production'): Promise<string> {
  const outDir = join(dir, name)
  const define = { __BENCH_CLEAR__: JSON.stringify(benchClear) }
  await build({ root: web, logLevel: 'error', mode, define, build: { outDir, emptyOutDir: true } })
  return outDir
}

async function readTexts(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|css|html)$/.test(name))
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  )
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'huisclos-bundle-'))
  dist = await buildInto('dist', false)
  files = await readTexts(dist)
}, 120_000)

afterAll(() => rm(dir, { recursive: true, force: true }))

const scripts = () => [...files].filter(([name]) => name.endsWith('.js'))

test('a first visit stays within its budget', async () => {
  const { totalBytes, files: parts } = await measureEntry(dist)
  expect(parts.length).toBeGreaterThan(2)
  expect(totalBytes).toBeGreaterThan(20_000)
  expect(totalBytes).toBeLessThanOrEqual(ENTRY_BUDGET_BYTES)
})

test('a first visit loads neither the meeting engine nor the media library nor MLS, nor the page that opens recordings', async () => {
  const manifest = JSON.parse(await readFile(join(dist, '.vite/manifest.json'), 'utf8')) as Parameters<
    typeof entryFiles
  >[0]
  const entry = entryFiles(manifest)
    .map((name) => files.get(name) ?? '')
    .join('\n')
  for (const mark of ['mediasoup-client', 'MLS 1.0', 'SFrame 1.0', 'player-stage']) {
    expect(entry.includes(mark), mark).toBe(false)
    expect(
      [...files.values()].some((text) => text.includes(mark)),
      mark,
    ).toBe(true)
  }
})

test('[WEB1] the page has no inline script, style or handler and names its own files only', () => {
  const html = files.get('index.html') ?? ''
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)
  expect(html).not.toMatch(/<style|\son\w+=|\sstyle=/)
  const addresses = [...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, address]) => address)
  expect(addresses.length).toBeGreaterThan(1)
  for (const address of addresses) expect(address).toMatch(/^\//)
})

test('[WEB1] no script evaluates text, makes a worker from a blob, or fetches from elsewhere', () => {
  for (const [name, text] of scripts()) {
    expect(text, name).not.toMatch(/\bnew Function\b|[^.\w]eval\(/)
    expect(text, name).not.toMatch(/new Worker\(\s*(URL\.createObjectURL|["'`](blob|data):)/)
    expect(text, name).not.toMatch(/(fetch|import|importScripts|WebSocket)\(\s*["'`](https?|wss?):/)
  }
})

test('[OPEN2] WebAssembly is compiled by the worker that opens recordings and by nothing else', () => {
  const compiling = scripts().filter(([, text]) => /WebAssembly\.(compile|instantiate)/.test(text))
  expect(compiling.map(([name]) => name.replace(/-[\w-]+\.js$/, ''))).toEqual(['assets/opener.worker'])
})

test('[EVE3] of the two service workers at the root, neither opens a cache, and the one before meetings answers nothing', () => {
  const keeper = files.get('link-keeper-worker.js') ?? ''
  const offline = files.get('offline-worker.js') ?? ''
  expect(offline).toMatch(/addEventListener\([`'"]fetch/)
  expect(keeper).toMatch(/addEventListener\([`'"]message/)
  expect(keeper).not.toMatch(/[`'"]fetch[`'"]|onfetch|respondWith/)
  for (const text of [keeper, offline])
    expect(text).not.toMatch(/\bcaches\b|indexedDB|importScripts|\bimport\b/)
})

test('[FRM2] the bypass of the bench is in its own build and in no other', async () => {
  for (const [name, text] of files) expect(text.includes(CLEAR_MARK), name).toBe(false)
  const clear = await readTexts(await buildInto('clear', true, UNCOMPRESSED_MODE))
  const marked = [...clear].filter(([, text]) => text.includes(CLEAR_MARK)).map(([name]) => name)
  expect(marked).toHaveLength(1)
  expect(marked[0]).toMatch(/frame\.worker/)
}, 120_000)

test('each text file that shrinks has its Brotli and gzip beside it', async () => {
  const names = new Set(await readdir(dist, { recursive: true }))
  const large = scripts().filter(([, text]) => text.length > 10_000)
  expect(large.length).toBeGreaterThan(2)
  for (const [name] of large) {
    expect(names.has(`${name}.br`), name).toBe(true)
    expect(names.has(`${name}.gz`), name).toBe(true)
  }
})
