/** The HTTP side of the live server: WEB1's headers, pages, the API, what operators ask. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { ServerConfig } from '@huisclos/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { b64, newRoomId, putRoom, sha256, WireClient } from '../../test/wire-client.ts'
import type { RunningServer } from '../start-server.ts'
import { startServer } from '../start-server.ts'

const INDEX = '<!doctype html><title>client</title>'
const SCRIPT = 'console.log(1)'.repeat(100)
const folder = mkdtempSync(join(tmpdir(), 'huisclos-web-'))
let server: RunningServer

beforeAll(async () => {
  mkdirSync(join(folder, 'dist/assets'), { recursive: true })
  writeFileSync(join(folder, 'dist/index.html'), INDEX)
  writeFileSync(join(folder, 'dist/assets/app-1a2b3c.js'), SCRIPT)
  writeFileSync(join(folder, 'dist/assets/app-1a2b3c.js.br'), brotliCompressSync(SCRIPT))
  writeFileSync(join(folder, 'dist/assets/opener.worker-4d5e6f.js'), SCRIPT)
  writeFileSync(join(folder, 'dist/assets/opener.worker-4d5e6f.js.br'), brotliCompressSync(SCRIPT))
  writeFileSync(join(folder, 'dist/offline-worker.js'), SCRIPT)
  writeFileSync(join(folder, 'dist/manifest.fr.webmanifest'), '{}')
  writeFileSync(join(folder, 'dist/.secret'), 'hidden')
  writeFileSync(join(folder, 'outside.txt'), 'outside')
  server = await startServer({
    sfu: 'fake',
    port: 0,
    logLevel: 'silent',
    webRoot: join(folder, 'dist'),
    securityContact: ['mailto:sec@example.org'],
  })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}
/** Without fetch's own ideas about paths and encodings. */
function get(path: string, headers: Record<string, string> = {}, base = server): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: base.port, path, headers, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('headers', () => {
  test.each([
    '/',
    '/m/abcdefgh23456723',
    '/assets/app-1a2b3c.js',
    '/offline-worker.js',
    '/nothing/here',
    '/api/config',
    '/api/nothing',
    '/healthz',
    '/metrics',
  ])('[WEB1][SIG15] %s comes with every one of them', async (path) => {
    const { headers } = await get(path)
    const policy = String(headers['content-security-policy']).split('; ')
    expect(policy).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob:",
      "connect-src 'self'",
      "media-src 'self'",
      "worker-src 'self'",
      "font-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types huisclos',
    ])
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['permissions-policy']).toContain('camera=(self)')
    expect(headers['permissions-policy']).toContain('geolocation=()')
    expect(headers['set-cookie']).toBeUndefined()
    expect(headers['server']).toBeUndefined()
    expect(headers['x-powered-by']).toBeUndefined()
    expect(headers['strict-transport-security']).toBeUndefined()
  })

  test('[OPEN1] the page that opens recordings plays blobs, and differs in nothing else', async () => {
    const [home, recordings] = [await get('/'), await get('/recordings')]
    expect(recordings.body.toString()).toBe(INDEX)
    const policy = String(recordings.headers['content-security-policy'])
    expect(policy).toContain("media-src 'self' blob:;")
    expect(policy.replace("media-src 'self' blob:", "media-src 'self'")).toBe(
      home.headers['content-security-policy'],
    )
  })

  test.each(['identity', 'br'])(
    '[OPEN1] the worker that holds the key connects to nothing (%s)',
    async (encoding) => {
      const { headers, body } = await get('/assets/opener.worker-4d5e6f.js', { 'accept-encoding': encoding })
      expect(body.length).toBeGreaterThan(0)
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
      )
      expect(headers['x-content-type-options']).toBe('nosniff')
    },
  )

  test('[WEB1] malformed requests too', async () => {
    const { status, headers } = await get('/%c0%80')
    expect(status).toBeGreaterThanOrEqual(400)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })
})

describe('pages', () => {
  test('[LINK1] the client is at / and at /m/<room>, never cached blindly', async () => {
    for (const path of ['/', '/m/abcdefgh23456723']) {
      const { status, headers, body } = await get(path)
      expect([status, body.toString()]).toEqual([200, INDEX])
      expect(headers['content-type']).toContain('text/html')
      expect(headers['cache-control']).toBe('no-cache')
    }
  })

  test('assets with a hash in their name never change, and come compressed as built', async () => {
    const plain = await get('/assets/app-1a2b3c.js')
    expect(plain.body.toString()).toBe(SCRIPT)
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const brotli = await get('/assets/app-1a2b3c.js', { 'accept-encoding': 'br' })
    expect(brotli.headers['content-encoding']).toBe('br')
    expect(brotli.headers['content-type']).toContain('javascript')
    expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT)
  })

  test.each([
    '/m/short',
    '/m/ABCDEFGH23456723',
    '/nothing',
    '/assets/',
    '/assets/none.js',
    '/.secret',
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
  ])('%s is not found, said in English and French', async (path) => {
    const { status, body } = await get(path)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body.toString()).toContain('Page not found')
    expect(body.toString()).toContain('Page introuvable')
  })

  test('[EVE1] service workers and manifests are asked for anew each time, and are what browsers expect', async () => {
    const worker = await get('/offline-worker.js')
    expect(worker.status).toBe(200)
    expect(worker.headers['content-type']).toMatch(/^(text|application)\/javascript\b/)
    expect(worker.headers['cache-control']).toBe('no-cache')
    const manifest = await get('/manifest.fr.webmanifest')
    expect(manifest.headers['content-type']).toMatch(/^application\/manifest\+json\b/)
    expect(manifest.headers['cache-control']).toBe('no-cache')
  })

  test('where the client is not built, a page says so in both languages', async () => {
    const bare = await startServer({
      sfu: 'fake',
      port: 0,
      logLevel: 'silent',
      webRoot: join(folder, 'none'),
    })
    try {
      const { status, body } = await get('/', {}, bare)
      expect(status).toBe(503)
      expect(body.toString()).toMatch(/not built[\s\S]*n’est pas construit/)
    } finally {
      await bare.close()
    }
  })
})

describe('the API', () => {
  const put = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const owner = b64(32)
  const roomPut = { accessHash: b64(32), ownerHash: sha256(owner), descriptor: b64(20), descriptorVersion: 1 }

  test('[SIG8] says who may create, in the shape that clients expect', async () => {
    expect(ServerConfig.parse(await (await fetch(`${server.url}/api/config`)).json()).create).toBe('anyone')
  })

  test('[SIG8][LINK3] makes a room, then changes it for its owner alone', async () => {
    const path = `/api/rooms/${newRoomId()}`
    expect((await put(path, roomPut)).status).toBe(201)
    const stranger = await put(path, { ...roomPut, descriptorVersion: 2 })
    expect([stranger.status, await stranger.json()]).toEqual([403, { code: 'owner-refused' }])
    const bearer = { authorization: `Bearer ${owner}` }
    expect((await put(path, { ...roomPut, descriptorVersion: 2 }, bearer)).status).toBe(200)
    expect((await put(path, { ...roomPut, descriptorVersion: 1 }, bearer)).status).toBe(403)
  })

  test.each([
    ['no JSON', '{', 400, 'bad-message'],
    ['a field too many', { ...roomPut, name: 'x' }, 400, 'bad-message'],
    ['a field too few', { accessHash: b64(32) }, 400, 'bad-message'],
    ['a short hash', { ...roomPut, accessHash: b64(31) }, 400, 'bad-message'],
    ['a poisoned prototype', '{"__proto__":{"a":1}}', 400, 'bad-message'],
    ['too much', { ...roomPut, descriptor: 'A'.repeat(70_000) }, 413, 'too-large'],
  ])('[SIG1] %s is refused by code', async (_what, body, status, code) => {
    const answer = await put(`/api/rooms/${newRoomId()}`, body)
    expect([answer.status, await answer.json()]).toEqual([status, { code }])
  })

  test('[SIG1] a room id of another shape is refused', async () => {
    expect((await put('/api/rooms/xyz', roomPut)).status).toBe(400)
    expect((await put(`/api/rooms/${'A'.repeat(3_000)}`, roomPut)).status).toBeLessThan(500)
  })

  test('[LINK2] the server gives a stored hash or descriptor to nobody over HTTP', async () => {
    const room = await putRoom(server.url)
    for (const method of ['GET', 'DELETE', 'POST']) {
      const answer = await fetch(`${server.url}/api/rooms/${room.id}`, { method })
      expect(answer.status).toBe(404)
    }
  })
})

describe('operations', () => {
  test('[SIG14] metrics count and identify nobody', async () => {
    const room = await putRoom(server.url)
    const client = await WireClient.enter(server.url, room)
    const text = (await get('/metrics')).body.toString()
    expect(text).toMatch(/^huisclos_rooms [1-9]/m)
    expect(text).toMatch(/^huisclos_requests_total\{type="hello"\} [1-9]/m)
    for (const secret of [
      room.id,
      room.access,
      room.owner,
      client.peer,
      client.entered?.token ?? '?',
      '127.0.0.1',
    ]) {
      expect(text).not.toContain(secret)
    }
    client.drop()
  })

  test('[SIG14] metrics are for this machine: not when a proxy asks for somebody, not when off', async () => {
    expect((await get('/metrics')).status).toBe(200)
    expect((await get('/metrics', { 'x-forwarded-for': '192.0.2.1' })).status).toBe(404)
    expect((await get('/metrics', { forwarded: 'for=192.0.2.1' })).status).toBe(404)
    for (const [metrics, status] of [
      ['off', 404],
      ['everyone', 200],
    ] as const) {
      const other = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent', metrics })
      expect((await get('/metrics', {}, other)).status).toBe(status)
      await other.close()
    }
  })

  test('healthz says whether meetings can be held', async () => {
    const { status, body } = await get('/healthz')
    expect([status, body.toString()]).toEqual([200, '{"ok":true}'])
  })

  test('security.txt has what RFC 9116 asks for, where a contact is configured', async () => {
    const { headers, body } = await get('/.well-known/security.txt')
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    const fields = new Map(
      body
        .toString()
        .trim()
        .split('\n')
        .map((l) => l.split(': ', 2) as [string, string]),
    )
    expect(fields.get('Contact')).toBe('mailto:sec@example.org')
    expect(Date.parse(fields.get('Expires') ?? '')).toBeGreaterThan(Date.now())
    const other = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent' })
    expect((await get('/.well-known/security.txt', {}, other)).status).toBe(404)
    await other.close()
  })

  test('[SIG1] a WebSocket elsewhere than at /ws is refused', async () => {
    const client = new WireClient(`${server.url}/other`)
    await client.gone()
    expect(client.texts).toEqual([])
  })
})
