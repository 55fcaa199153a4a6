/** What a writer is given is what a reader gives out, whatever it is and however it is cut into segments. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nativeSha256 } from './node/index.ts'
import { RecordingReader } from './read/recording-reader.ts'
import type { Given } from './testing/small-recording.ts'
import { contentOf, givenRecords, keepRecording, readAll } from './testing/small-recording.ts'

const packets = (max: number) =>
  fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ do: fc.constant('rtp' as const), packet: fc.uint8Array({ maxLength: max }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('rtcp' as const), packet: fc.uint8Array({ maxLength: 60 }) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('envelope' as const), epoch: fc.nat(5) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('event' as const) }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 900 }) }),
      },
    ),
    { maxLength: 120 },
  ) as fc.Arbitrary<Given[]>

test('[REC4] every record is read as it was written, and proven, however segments are cut', async () => {
  await fc.assert(
    fc.asyncProperty(packets(400), fc.integer({ min: 300, max: 6_000 }), async (given, segmentBytes) => {
      const { store, expected } = await keepRecording(given, { segmentBytes, segmentUs: 5_000_000 })
      const { records, damage } = await readAll(store)
      expect(damage).toEqual([])
      expect(records.filter(({ repeated }) => !repeated).map(contentOf)).toEqual(expected)
      expect(records.every(({ proof }) => proof === 'manifest')).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('[REC4] packets larger than a block, and blocks by the hundred', async () => {
  const large = Array.from({ length: 300 }, (_, at) => ({
    do: 'rtp' as const,
    packet: new Uint8Array(at % 100 === 99 ? 100_000 : 1_200).fill(at),
  }))
  const { store, expected } = await keepRecording([{ do: 'open' }, ...large], { segmentBytes: 400_000 })
  const { records, damage } = await readAll(store)
  expect(damage).toEqual([])
  expect(records.filter(({ repeated }) => !repeated).map(contentOf)).toEqual(expected)
  expect(store.files.size).toBeGreaterThan(2)
})

test('[ARC2] each segment says again which streams are open and how the last two epochs are opened', async () => {
  const given = givenRecords(40)
  const { store } = await keepRecording(given, { segmentBytes: 1_000 })
  const { records } = await readAll(store)
  for (const segment of new Set(records.map((record) => record.segment))) {
    const inside = records.filter((record) => record.segment === segment)
    const known = new Set<number>()
    for (const record of inside) {
      if (record.type === 'stream-opened') known.add(record.stream)
      if (record.type === 'rtp') expect(known).toContain(record.stream)
    }
    if (segment > 1) expect(inside.some(({ type, repeated }) => type === 'envelope' && repeated)).toBe(true)
  }
})

test('[REC4] seeking gives the streams and envelopes first and then what is wanted, reading only that', async () => {
  const given = Array.from({ length: 400 }, (): Given[] => [
    { do: 'rtp', packet: new Uint8Array(1_100) },
    { do: 'wait', ms: 20 },
  ]).flat()
  const { store } = await keepRecording([{ do: 'open' }, { do: 'envelope', epoch: 3 }, ...given], {
    segmentBytes: 200_000,
  })
  let readBytes = 0
  const counted = {
    list: () => store.list(),
    read: async (name: string, offset: number, length: number) => {
      readBytes += length
      return store.read(name, offset, length)
    },
  }
  const reader = await RecordingReader.open(counted, nativeSha256)
  readBytes = 0
  const found = await Array.fromAsync(reader.records({ fromUs: 5_000_000, toUs: 5_100_000 }))
  expect(found.slice(0, 2).map(({ type }) => type)).toEqual(['stream-opened', 'envelope'])
  const media = found.filter(({ type }) => type === 'rtp')
  expect(media.at(-1)?.timeUs).toBe(5_100_000)
  expect(media[0]?.timeUs).toBeLessThanOrEqual(5_000_000)
  expect(readBytes).toBeLessThan(150_000)
  const control = await Array.fromAsync(reader.records({ media: false }))
  expect(control.some(({ type }) => type === 'rtp')).toBe(false)
  expect(control.filter(({ repeated }) => !repeated).map(({ type }) => type)).toEqual([
    'stream-opened',
    'envelope',
  ])
})
