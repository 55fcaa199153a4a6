/** docs/recording.md and the code say the same: a reader written from the page alone reads what the code wrote. */
import { expect, test } from 'vitest'
import { manifestMessage } from './format/manifest.ts'
import { minimalEnvelope, minimalEvent, minimalStream, readMinimally } from './testing/minimal-reader.ts'
import type { Given } from './testing/small-recording.ts'
import { givenRecords, keepRecording, readAll } from './testing/small-recording.ts'
import { signManifest } from './write/sign-manifest.ts'

const given: Given[] = [
  ...givenRecords(30),
  { do: 'event' },
  { do: 'rtcp', packet: Uint8Array.of(0x80, 200, 0, 0) },
  { do: 'open' },
  ...Array.from({ length: 90 }, (): Given => ({ do: 'rtp', packet: new Uint8Array(1_200).fill(7) })),
  { do: 'envelope', epoch: 2 },
  { do: 'close' },
]

test.each([700, 50_000, 10_000_000])(
  '[REC4] a reader made from the page reads segments of %i bytes',
  async (segmentBytes) => {
    const { store } = await keepRecording(given, { segmentBytes })
    const { records } = await readAll(store)
    const read = readMinimally(store.files)
    expect(read.ended).toBe('stopped')
    expect(read.records.length).toBe(records.length)
    for (const [at, record] of records.entries()) {
      const other = read.records[at]!
      expect([other.timeUs, other.repeated]).toEqual([record.timeUs, record.repeated])
      if (record.type === 'rtp' || record.type === 'rtcp') {
        expect([other.type, other.stream]).toEqual([record.type === 'rtp' ? 1 : 2, record.stream])
        expect(other.body.equals(record.packet)).toBe(true)
      } else if (record.type === 'stream-opened') {
        expect([other.type, other.stream]).toEqual([3, record.stream])
        expect(minimalStream(other.body)).toEqual(record.description)
      } else if (record.type === 'stream-closed') {
        expect([other.type, other.stream, other.body.length]).toEqual([4, record.stream, 0])
      } else if (record.type === 'envelope') {
        const { sealed, ...rest } = minimalEnvelope(other.body)
        expect(other.type).toBe(5)
        expect({ ...rest, sealed: new Uint8Array(sealed) }).toEqual(record.envelope)
      } else if (record.type === 'event') {
        expect(other.type).toBe(6)
        expect(minimalEvent(other.body)).toEqual({ ...record.event, code: 7 })
      }
    }
  },
)

test('[REC4] the signature stands in the manifest, over what the page says, and is put there once', async () => {
  const { store } = await keepRecording(given)
  const { signed } = readMinimally(store.files)
  const statement = new Uint8Array(signed.subarray('huisclos/1 recording manifest'.length))
  expect(manifestMessage(statement)).toEqual(new Uint8Array(signed))
  expect(await signManifest(store, statement.slice(1), Uint8Array.of(1))).toBe(false)
  expect(await signManifest(store, statement, Uint8Array.of(1, 2, 3))).toBe(true)
  expect(await signManifest(store, statement, Uint8Array.of(4))).toBe(false)
  expect([...readMinimally(store.files).signature]).toEqual([1, 2, 3])
  expect((await readAll(store)).damage).toEqual([])
})
