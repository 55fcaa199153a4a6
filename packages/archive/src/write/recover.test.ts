/** What recovery leaves of a recording whose writer ended at any byte. */
import { expect, test } from 'vitest'
import { nativeSha256 } from '../node/index.ts'
import { RecordingReader } from '../read/recording-reader.ts'
import {
  describeStream,
  givenRecords,
  keepRecording,
  quietWriter,
  readAll,
} from '../testing/small-recording.ts'
import { MemoryStore } from './memory-store.ts'
import { closeRecovered, recoverRecording, resumeRecording } from './recover.ts'

/** The files as they are when a process ends after `bytes` bytes of the last segment were written. */
async function torn(segments: Map<string, Uint8Array>, last: string, bytes: number): Promise<MemoryStore> {
  const store = new MemoryStore(segments)
  store.files.delete('manifest')
  for (const name of store.files.keys()) if (name > last) store.files.delete(name)
  await store.truncate(last, bytes)
  return store
}

async function packetsOf(store: MemoryStore): Promise<number> {
  const reader = await RecordingReader.open(store, nativeSha256)
  const records = await Array.fromAsync(reader.records())
  return records.filter(({ type, repeated }) => type === 'rtp' && !repeated).length
}

test('[REC4, ARC4] cut at every byte: every whole record stays, the gap is written down, and nothing is damaged', async () => {
  const { store: whole } = await keepRecording(givenRecords(24), { segmentBytes: 900 })
  const { options, clock } = quietWriter()
  clock.nowMs += 60_000
  const size = whole.files.get('000002.hcs')!.length
  let before = 0
  for (let bytes = 0; bytes < size; bytes += 1) {
    const store = await torn(whole.files, '000002.hcs', bytes)
    const had = await packetsOf(store)
    const recovery = await recoverRecording({ ...options, store })
    if (recovery.at !== 'recovered') throw new Error(recovery.at)
    await closeRecovered({ ...options, store }, recovery.recovered)
    const { records, damage } = await readAll(store)
    expect(damage, `${bytes}`).toEqual([])
    const packets = records.filter(({ type, repeated }) => type === 'rtp' && !repeated)
    expect(packets.length, `${bytes}`).toBe(had)
    expect(had).toBeGreaterThanOrEqual(before)
    before = had
    if (bytes < 84) continue
    const gap = records.at(-1)!
    expect(gap).toMatchObject({ type: 'event', event: { code: 'gap-crash', toUs: 60_000_000 } })
    expect(recovery.recovered.cut?.offset ?? bytes).toBeLessThanOrEqual(bytes)
  }
})

test('[ARC4] a recording that goes on after a crash is one chain, and its streams have new numbers', async () => {
  const { store: whole } = await keepRecording(givenRecords(24), { segmentBytes: 900 })
  const store = await torn(whole.files, '000002.hcs', 500)
  const { options, clock } = quietWriter()
  clock.nowMs += 9_000
  const recovery = await recoverRecording({ ...options, store })
  if (recovery.at !== 'recovered') throw new Error(recovery.at)
  const writer = resumeRecording({ ...options, store }, recovery.recovered)
  expect(writer.openStream(describeStream(4))).toBe(2)
  writer.rtp(2, Uint8Array.of(4, 4))
  expect((await writer.finish()).at).toBe('sealed')
  const { records, damage } = await readAll(store)
  expect(damage).toEqual([])
  expect(records.at(-1)).toMatchObject({ type: 'rtp', stream: 2, timeUs: 9_000_000, segment: 3 })
  const times = records.map(({ timeUs }) => timeUs)
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

test('[ARC4] a crash within recovery is recovered from, and an ended recording is left alone', async () => {
  const { store: whole } = await keepRecording(givenRecords(24), { segmentBytes: 900 })
  const { options } = quietWriter()
  const store = await torn(whole.files, '000002.hcs', 500)
  await recoverRecording({ ...options, store })
  const size = store.files.get('000002.hcs')!.length
  for (let cut = 1; cut < size - 500; cut += 7) {
    const again = await torn(store.files, '000002.hcs', size - cut)
    const recovery = await recoverRecording({ ...options, store: again })
    if (recovery.at !== 'recovered') throw new Error(recovery.at)
    await closeRecovered({ ...options, store: again }, recovery.recovered)
    expect((await readAll(again)).damage).toEqual([])
  }
  expect(await recoverRecording({ ...options, store: whole })).toEqual({ at: 'ended' })
  expect(await recoverRecording({ ...options, store: new MemoryStore() })).toEqual({ at: 'nothing' })
})

test('[ARC4] a segment in the middle that is damaged is not touched, and is reported as it is', async () => {
  const { store: whole } = await keepRecording(givenRecords(40), { segmentBytes: 900 })
  const store = await torn(whole.files, '000003.hcs', 300)
  const middle = store.files.get('000002.hcs')!.slice()
  middle.fill(0, middle.length - 40)
  store.files.set('000002.hcs', middle)
  const { options } = quietWriter()
  const recovery = await recoverRecording({ ...options, store })
  if (recovery.at !== 'recovered') throw new Error(recovery.at)
  await closeRecovered({ ...options, store }, recovery.recovered)
  expect(store.files.get('000002.hcs')).toEqual(middle)
  const { damage } = await readAll(store)
  expect(damage).toMatchObject([{ kind: 'index-damaged', segment: 2, file: '000002.hcs', lostRecords: 0 }])
})
