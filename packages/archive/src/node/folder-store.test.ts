/** Files in a folder, on the real disk. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { describeStream, RECORDING, readAll } from '../testing/small-recording.ts'
import { startRecording } from '../write/recording-writer.ts'
import { folderStore } from './folder-store.ts'
import { nativeSha256 } from './native-sha256.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hc-store-'))
})
afterEach(() => rm(folder, { recursive: true }))

const now = (): number => performance.timeOrigin + performance.now()

test('[REC4] what arrived is on the disk within a second, without anybody asking for it', async () => {
  const store = folderStore(join(folder, 'a', 'b'))
  const writer = startRecording({ store, sha256: nativeSha256, now, limits: { reserveBytes: 0 } }, RECORDING)
  const stream = writer.openStream(describeStream(1))!
  for (let count = 0; count < 100; count += 1) writer.rtp(stream, new Uint8Array(1_000).fill(count))
  expect(writer.stats.waitingBytes).toBeGreaterThan(100_000)
  await vi.waitFor(() => expect(writer.stats.waitingBytes).toBe(0), { timeout: 1_000, interval: 10 })
  expect(writer.stats.syncs).toBeGreaterThan(0)
  const { records } = await readAll(store)
  expect(records).toHaveLength(101)
  await writer.abandon()
})

test('a recording of several segments is files in a folder, and nothing is left over', async () => {
  const store = folderStore(folder)
  const limits = { reserveBytes: 0, segmentBytes: 50_000 }
  const writer = startRecording({ store, sha256: nativeSha256, now, limits }, RECORDING)
  const stream = writer.openStream(describeStream(1))!
  for (let count = 0; count < 100; count += 1) writer.rtp(stream, new Uint8Array(1_000).fill(count))
  expect((await writer.finish()).at).toBe('sealed')
  expect((await readdir(folder)).sort()).toEqual(['000001.hcs', '000002.hcs', '000003.hcs', 'manifest'])
  expect((await readAll(store)).damage).toEqual([])
})

test('a folder that cannot be made is a store that failed, not an exception in the path of media', async () => {
  await writeFile(join(folder, 'file'), '')
  const store = folderStore(join(folder, 'file', 'recording'))
  const writer = startRecording({ store, sha256: nativeSha256, now }, RECORDING)
  writer.openStream(describeStream(1))
  await writer.flush()
  expect(writer.state).toMatchObject({ at: 'paused', why: 'store-failed' })
  expect(await writer.finish()).toEqual({ at: 'unsealed', why: 'store-failed' })
})
