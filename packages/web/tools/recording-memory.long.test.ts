/**
 * An hour with five people, written and made into a file faster than it would pass: what memory it takes. The real
 * engine, journal and muxer, on a real disk; frames are made up.
 */
import { closeSync, fsyncSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { StreamTargetChunk } from 'mediabunny'
import { expect, test } from 'vitest'
import type { ByteSource } from '../src/platform/recording/byte-source.ts'
import { JournalFile } from '../src/platform/recording/journal-file.ts'
import { indexJournal } from '../src/platform/recording/journal-index.ts'
import { RecorderEngine } from '../src/platform/recording/recorder-engine.ts'
import { writeRecording } from '../src/platform/recording/write-recording.ts'
import { BEGAN_AT, tapped } from '../test/recorded-frames.ts'

const PEOPLE = ['ada', 'bob', 'chloe', 'dan', 'eve']
const HOUR_MS = 3_600_000
const BUDGET_BYTES = 200 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is in use: made-up frames that were written are garbage, and no part of it. */
function used(): number {
  collectGarbage()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + Math.max(external, arrayBuffers)
}

let peak = 0
const look = (): void => {
  peak = Math.max(peak, used())
}

function writeHour(path: string): void {
  const file = openSync(path, 'w')
  const journal = new JournalFile({
    write: (bytes, { at }) => writeSync(file, bytes, 0, bytes.length, at),
    flush: () => fsyncSync(file),
    close: () => closeSync(file),
  })
  const engine = new RecorderEngine(
    { title: 'Board', beganAt: BEGAN_AT },
    { write: (record) => journal.write(record), needsKeyFrame: () => {} },
  )
  for (let taken = 0; taken < HOUR_MS; taken += 20) {
    const frames = PEOPLE.flatMap((person, leaf) => [
      tapped({ person, leaf, source: 'microphone', taken, sizeBytes: 102 }),
      ...(taken % 40 === 0
        ? [tapped({ person, leaf, taken, key: taken % 20_000 === 0, sizeBytes: 1_200 })]
        : []),
    ])
    engine.take({ frames, gap: false, sizeBytes: 0 })
    if (taken % 60_000 === 0) look()
  }
  engine.end(BEGAN_AT + HOUR_MS)
  journal.close()
}

function fileSource(path: string): ByteSource {
  const file = openSync(path, 'r')
  return {
    sizeBytes: statSync(path).size,
    read: async (at, sizeBytes) => {
      const bytes = new Uint8Array(sizeBytes)
      return bytes.subarray(0, readSync(file, bytes, 0, sizeBytes, at))
    },
  }
}

test('[LREC3] an hour with five people takes less than 200 MB of memory, to record and to make the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'huisclos-hour-'))
  const path = join(folder, 'hour.journal')
  const before = used()
  look()
  writeHour(path)
  const recordedBytes = peak - before
  const source = fileSource(path)
  const index = await indexJournal(source)
  look()
  if (!index) throw new Error('no journal')
  let steps = -1
  const out = openSync(join(folder, 'hour.webm'), 'w')
  await writeRecording({
    index,
    journal: source,
    to: new WritableStream<StreamTargetChunk>({
      write: ({ data, position }) => void writeSync(out, data, 0, data.length, position),
    }),
    words: { title: 'Board', trackName: ({ name }) => name },
    progress: (done) => {
      if (Math.floor(done * 100) === steps) return
      steps = Math.floor(done * 100)
      look()
    },
  })
  const sizeBytes = statSync(join(folder, 'hour.webm')).size
  rmSync(folder, { recursive: true })
  console.info({ recordedMb: recordedBytes / 1e6, madeMb: (peak - before) / 1e6, fileMb: sizeBytes / 1e6 })
  expect(index.tracks).toHaveLength(10)
  expect(sizeBytes).toBeGreaterThan(500e6)
  expect(recordedBytes).toBeLessThan(BUDGET_BYTES)
  expect(peak - before).toBeLessThan(BUDGET_BYTES)
})
