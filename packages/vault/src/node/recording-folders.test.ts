import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, random } from '@huisclos/crypto/bytes'
import { newRecordingKey } from '@huisclos/crypto/seal'
import { afterAll, describe, expect, test } from 'vitest'
import { recordMeeting } from '../testing/index.ts'
import { listRecordings, verifyFrom, withRecording } from './recording-folders.ts'

const token = encodeBase64url(random(32))
const { publicKey } = await newRecordingKey()
const frames = Array.from({ length: 20 }, (_, i) => ({
  timeUs: i * 20_000,
  data: Uint8Array.of(0xfc, i, 2, 3),
}))
const names = ['Ana', 'Ben']
const { store, recording } = await recordMeeting({
  publicKey,
  names,
  streams: [{ leaf: 0, source: 'microphone', frames }],
})
const id = encodeBase64url(recording)
let more: { name: string; sizeBytes: number }[] = []

/** Answers as spec/recording.md says (REC13), and remembers what it was asked. */
const asked: string[] = []
const server = createServer((request, response) => {
  const path = request.url ?? ''
  asked.push(path)
  const file = store.files.get(path.split('/').at(-1) ?? '')
  if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(404).end()
  else if (path === '/api/recordings') {
    const files = [...store.files].map(([name, bytes]) => ({ name, sizeBytes: bytes.length }))
    const entry = { recording: id, startedAt: 1, endedAt: 2, deletedAt: null, files: [...files, ...more] }
    response.end(JSON.stringify({ recordings: [entry] }))
  } else if (file && path.startsWith(`/api/recordings/${id}/`)) response.end(file)
  else response.writeHead(404).end()
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const folder = await mkdtemp(join(tmpdir(), 'huisclos-vault-'))
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

describe('recordings on a server', () => {
  test('[REC13] are listed and fetched with the owner token, and the copy is removed', async () => {
    expect(await listRecordings(origin, token)).toMatchObject([{ recording: id }])
    let used = ''
    const whole = await withRecording(`${origin}/${id}`, token, async (path) => {
      used = path
      return (await verifyFrom(path)).whole
    })
    expect(whole).toBe(true)
    await expect(readdir(used)).rejects.toThrow('ENOENT')
  })

  test('[REC13] another token is refused', async () => {
    const other = encodeBase64url(random(32))
    await expect(listRecordings(origin, other)).rejects.toMatchObject({ code: 'server-refused' })
    await expect(withRecording(`${origin}/${id}`, other, async () => 0)).rejects.toThrow('server-refused')
  })

  test('the token leaves over TLS or within this machine alone, and never without its form', async () => {
    const before = asked.length
    await expect(listRecordings('http://meet.example.org', token)).rejects.toThrow('usage')
    await expect(listRecordings(origin, 'a\r\nX-Other: b')).rejects.toThrow('usage')
    await expect(listRecordings(origin)).rejects.toThrow('usage')
    expect(asked.length).toBe(before)
  })

  test('attack: the server names a file outside the folder: it is not asked for', async () => {
    more = [{ name: '../../etc/passwd', sizeBytes: 1 }]
    await withRecording(`${origin}/${id}`, token, async (path) => {
      expect((await readdir(path)).sort()).toEqual([...store.files.keys()].sort())
    })
    expect(asked.some((path) => path.includes('passwd'))).toBe(false)
    more = []
  })
})

test('[REC5] recordings in a folder are found, and what is none is said', async () => {
  await mkdir(join(folder, id))
  for (const [name, bytes] of store.files) await writeFile(join(folder, id, name), bytes)
  expect(await listRecordings(folder)).toMatchObject([{ recording: id, startedAtMs: 1_800_000_000_000 }])
  await mkdir(join(folder, 'empty'))
  await expect(withRecording(join(folder, 'empty'), undefined, async () => 0)).rejects.toMatchObject({
    code: 'recording-not-found',
  })
})
