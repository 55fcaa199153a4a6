import type { StreamTargetChunk } from 'mediabunny'
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny'
import { describe, expect, test } from 'vitest'
import type { FrameWish } from '../../../test/recorded-frames.ts'
import { BEGAN_AT, tapped } from '../../../test/recorded-frames.ts'
import type { ByteSource } from './byte-source.ts'
import { JournalFile } from './journal-file.ts'
import { indexJournal } from './journal-index.ts'
import { RecorderEngine } from './recorder-engine.ts'
import { joinLayers } from './superframe.ts'
import { writeRecording } from './write-recording.ts'

/** A file in memory that grows. */
function memoryFile() {
  let bytes = new Uint8Array(0)
  const put = (data: Uint8Array, at: number): void => {
    if (at + data.length > bytes.length) {
      const grown = new Uint8Array(at + data.length)
      grown.set(bytes)
      bytes = grown
    }
    bytes.set(data, at)
  }
  return {
    bytes: () => bytes,
    sync: {
      write: (data: Uint8Array<ArrayBuffer>, { at }: { at: number }) => {
        put(data, at)
        return data.length
      },
      flush: () => {},
      close: () => {},
    },
    stream: () =>
      new WritableStream<StreamTargetChunk>({ write: ({ data, position }) => put(data, position) }),
  }
}

const source = (bytes: Uint8Array<ArrayBuffer>): ByteSource => ({
  sizeBytes: bytes.length,
  read: async (at, sizeBytes) => bytes.slice(at, at + sizeBytes),
})

/** A journal of these frames, in the order in which they come. */
function journalOf(wishes: FrameWish[], names: [number, string][] = []): Uint8Array<ArrayBuffer> {
  const file = memoryFile()
  const journal = new JournalFile(file.sync)
  const engine = new RecorderEngine(
    { title: 'Board', beganAt: BEGAN_AT },
    { write: (record) => journal.write(record), needsKeyFrame: () => {} },
  )
  engine.names(new Map(names))
  const frames = wishes.map(tapped).sort((a, b) => a.at - b.at)
  for (const frame of frames) engine.take({ frames: [frame], gap: false, sizeBytes: 0 })
  engine.end(frames.at(-1)?.at ?? BEGAN_AT)
  journal.close()
  return file.bytes()
}

/** The tracks of the file that is made of a journal: name, codec, and the times of its packets in ms. */
async function tracksOf(journal: Uint8Array<ArrayBuffer>) {
  const index = await indexJournal(source(journal))
  if (!index) throw new Error('no journal')
  const file = memoryFile()
  await writeRecording({
    index,
    journal: source(journal),
    to: file.stream(),
    words: { title: 'Board', trackName: ({ name, source: from }) => `${name}, ${from}` },
    progress: () => {},
  })
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(file.bytes()) })
  const tracks = []
  for (const track of await input.getTracks()) {
    const times: number[] = []
    for await (const packet of new EncodedPacketSink(track).packets()) times.push(packet.timestamp * 1000)
    tracks.push({ name: await track.getName(), codec: await track.getCodec(), times })
  }
  return tracks
}

const every = (stepMs: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / stepMs) }, (_, i) => from + i * stepMs)
const sound = (person: string, from: number, to: number): FrameWish[] =>
  every(20, from, to).map((taken) => ({
    person,
    leaf: person === 'bob' ? 2 : 1,
    source: 'microphone',
    taken,
  }))
const picture = (person: string, from: number, to: number, wish: Partial<FrameWish> = {}): FrameWish[] =>
  every(40, from, to).map((taken, i) => ({ person, taken, key: i % 100 === 0, ...wish }))

describe('[LREC4] a journal becomes a file', () => {
  test('with a track for each person’s sound and picture, at their times', async () => {
    const journal = journalOf(
      [...sound('ada', 0, 3_000), ...picture('ada', 0, 3_000), ...sound('bob', 1_000, 3_000)],
      [
        [1, 'Ada'],
        [2, 'Bob'],
      ],
    )
    const tracks = await tracksOf(journal)
    expect(tracks.map(({ name, codec }) => `${name} ${codec}`).sort()).toEqual([
      'Ada, camera vp8',
      'Ada, microphone opus',
      'Bob, microphone opus',
    ])
    const bob = tracks.find(({ name }) => name === 'Bob, microphone')
    expect(bob?.times).toHaveLength(100)
    expect(bob?.times[0]).toBeCloseTo(1_000, -1)
    const picked = tracks.find(({ name }) => name === 'Ada, camera')
    expect(picked?.times).toHaveLength(75)
    expect(Math.abs((picked?.times[50] ?? 0) - 2_000)).toBeLessThan(2)
  })

  test('whoever comes ten minutes late does not make the muxer hold them', async () => {
    const journal = journalOf([
      ...every(1_000, 0, 600_000).map((taken): FrameWish => ({ taken, key: true, sizeBytes: 60 })),
      { person: 'bob', source: 'microphone', taken: 599_000 },
    ])
    const tracks = await tracksOf(journal)
    expect(tracks).toHaveLength(2)
    expect(tracks.flatMap(({ times }) => times).length).toBe(601)
  })

  test('a picture whose size changes in the middle stays one track, as large as its largest', async () => {
    const journal = journalOf([
      ...picture('ada', 0, 1_000, { width: 320 }),
      ...picture('ada', 1_000, 2_000, { width: 1_280 }),
    ])
    const index = await indexJournal(source(journal))
    expect(index?.tracks.map(({ size }) => size)).toEqual([{ width: 1_280, height: 720 }])
  })

  test('what nothing could show is left out: pictures before the first key frame of their run', async () => {
    const late = picture('ada', 0, 1_000).map((wish, i) => ({ ...wish, key: i === 10 }))
    const again = picture('ada', 5_000, 6_000, { stream: 2 }).map((wish, i) => ({ ...wish, key: i === 5 }))
    const [track] = await tracksOf(journalOf([...late, ...again]))
    expect(track?.times).toHaveLength(15 + 20)
    expect(track?.times[0]).toBeCloseTo(400, -1)
    expect(track?.times[15]).toBeCloseTo(5_200, -1)
  })

  test('sound and picture of one moment meet, however the way treated them', async () => {
    const delayed = (wish: FrameWish, i: number): FrameWish => ({ ...wish, delay: (i * 37) % 90 })
    const journal = journalOf([
      ...sound('ada', 0, 20_000).map(delayed),
      ...picture('ada', 0, 20_000).map(delayed),
    ])
    const tracks = await tracksOf(journal)
    for (const { times, codec } of tracks) {
      const step = codec === 'opus' ? 20 : 40
      times.forEach((time, i) => {
        expect(Math.abs(time - i * step)).toBeLessThan(5)
      })
    }
  })
})

describe('[LREC3] a journal that was interrupted', () => {
  const whole = journalOf([...sound('ada', 0, 2_000), ...picture('ada', 0, 2_000)])

  test.each(Array.from({ length: 40 }, (_, i) => i))(
    'cut at moment %i loses its last record at most',
    async (i) => {
      const cut = whole.slice(0, Math.floor(((i + 1) / 41) * whole.length))
      const index = await indexJournal(source(cut))
      if (!index) return expect(cut.length).toBeLessThan(100)
      expect(index.ended).toBe(false)
      const frames = index.tracks.reduce((sum, track) => sum + track.frames.count, 0)
      const expected = (150 * (i + 1)) / 41
      expect(Math.abs(frames - expected)).toBeLessThan(25)
    },
  )

  test('with damage in the middle gives what comes before it', async () => {
    const damaged = whole.slice()
    const at = Math.floor(damaged.length / 2)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    const tracks = await tracksOf(damaged)
    const times = tracks.flatMap((track) => track.times)
    expect(Math.max(...times)).toBeGreaterThan(700)
    expect(Math.max(...times)).toBeLessThan(1_300)
  })

  test('and one that ended says so', async () => {
    expect((await indexJournal(source(whole)))?.ended).toBe(true)
    expect(await indexJournal(source(new Uint8Array(50)))).toBeNull()
  })
})

test('layers of one VP9 picture become a superframe whose index tells their sizes', () => {
  const joined = joinLayers([new Uint8Array(5).fill(1), new Uint8Array(300).fill(2)])
  expect(joined.length).toBe(5 + 300 + 2 + 8)
  expect(joined.at(-1)).toBe(0xc0 | (3 << 3) | 1)
  expect(joined[305]).toBe(joined.at(-1))
  expect([...joined.slice(306, 314)]).toEqual([5, 0, 0, 0, 44, 1, 0, 0])
  expect(joinLayers([new Uint8Array(4)])).toHaveLength(4)
})
