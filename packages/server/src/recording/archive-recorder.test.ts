/** REC7 by the clock: what retention deletes, what it leaves, and what comes back from the disk. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RecordingId } from '@huisclos/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeClock } from '../../test/fake-clock.ts'
import { ArchiveRecorder } from './archive-recorder.ts'
import type { Recording } from './recorder.ts'
import { RecordingShelf } from './recording-shelf.ts'

const DAY_MS = 86_400_000
let directory: string
let clock: FakeClock
let faults: unknown[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hc-shelf-'))
  clock = new FakeClock()
  faults = []
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const idOf = (letter: string) => RecordingId.parse(letter.repeat(22))
const recorderOf = (retentionDays: number | null) =>
  new ArchiveRecorder({
    shelf: new RecordingShelf(directory),
    clock,
    retentionDays,
    onFault: (error) => faults.push(error),
  })
const begin = (recorder: ArchiveRecorder, id: RecordingId): Recording =>
  recorder.begin({
    recording: id,
    ownerHash: new Uint8Array(32),
    openTap: () => ({ follow: () => undefined, requestKeyFrame: () => undefined, close: () => undefined }),
    onNews: () => undefined,
  })

test('[REC7] retention deletes what ended so many days ago, and nothing that is younger or goes on', async () => {
  const recorder = recorderOf(2)
  await recorder.start()
  begin(recorder, idOf('A')).end('asked')
  begin(recorder, idOf('B'))
  await expect.poll(() => recorder.shelf.about(idOf('A'))?.endedAt).toEqual(expect.any(Number))
  clock.advance(DAY_MS)
  expect(recorder.shelf.ids).toEqual([idOf('A'), idOf('B')])
  clock.advance(DAY_MS + 60_000)
  await expect.poll(() => recorder.shelf.ids).toEqual([idOf('B')])
  expect(readdirSync(directory).filter((name) => name.startsWith('A'))).toEqual([])
  await recorder.close()
  expect(faults).toEqual([])
})

test('[REC7] without retention nothing is deleted by itself', async () => {
  const recorder = recorderOf(null)
  await recorder.start()
  begin(recorder, idOf('A')).end('asked')
  await recorder.close()
  clock.advance(10_000 * DAY_MS)
  expect(new RecordingShelf(directory).ids).toEqual([idOf('A')])
})

test('[REC12] a torn note beside a recording and files of others are left alone', async () => {
  writeFileSync(join(directory, `${idOf('C')}.json`), '{"version":1,"ownerHa')
  writeFileSync(join(directory, 'notes.txt'), 'x')
  const recorder = recorderOf(1)
  await recorder.start()
  expect(recorder.shelf.ids).toEqual([])
  await recorder.close()
  expect(readdirSync(directory).sort()).toEqual([`${idOf('C')}.json`, 'notes.txt'])
})

test('[REC9] closed, or with less room than an end needs, it takes no recording', async () => {
  const recorder = recorderOf(null)
  expect(recorder.accepts()).toBe(true)
  const greedy = new ArchiveRecorder({
    shelf: new RecordingShelf(directory),
    clock,
    retentionDays: null,
    onFault: () => undefined,
    limits: { reserveBytes: 2 ** 60 },
  })
  expect(greedy.accepts()).toBe(false)
  await recorder.close()
  expect(recorder.accepts()).toBe(false)
})
