/** Whatever happens to a recording's files: it is reported, precisely, and everything else is given out. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32c } from '../format/crc32c.ts'
import { leafHash } from '../format/merkle.ts'
import { encodeFooterBody, encodeTrailer } from '../format/segment-footer.ts'
import { nativeSha256 } from '../node/index.ts'
import { readMinimally } from '../testing/minimal-reader.ts'
import { contentOf, givenRecords, keepRecording, readAll } from '../testing/small-recording.ts'
import { MemoryStore } from '../write/memory-store.ts'
import type { ArchiveRecord } from './archive-record.ts'
import { describeDamage } from './describe-damage.ts'
import { surveySegment } from './segment-survey.ts'

const key = (record: ArchiveRecord): string => `${record.segment} ${record.offset}`

const print = (record: ArchiveRecord): string => JSON.stringify(contentOf(record))

async function small(packets = 12, segmentBytes = 500) {
  const { store } = await keepRecording(givenRecords(packets), { segmentBytes })
  return { files: store.files, whole: (await readAll(store)).records }
}

const changed = (
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  change: (bytes: Uint8Array) => Uint8Array,
) => new MemoryStore([...files].map(([file, bytes]) => [file, file === name ? change(bytes.slice()) : bytes]))

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  return bytes
}

test('[ARC1] every single bit of a recording, flipped: it is reported in its file, and only the record it hit is lost', async () => {
  const { files, whole } = await small()
  expect(files.size).toBe(4)
  const all = new Map(whole.map((record) => [key(record), print(record)]))
  for (const [name, bytes] of files) {
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const { records, damage } = await readAll(changed(files, name, (copy) => flipped(copy, bit)))
      const where = `${name} bit ${bit}`
      const places = new Set(records.map(key))
      const lost = whole.filter((record) => !places.has(key(record)))
      const same = records.every((record) => all.get(key(record)) === print(record))
      const reported = damage.some(({ file }) => file === name)
      expect([reported, same, places.size + lost.length, lost.length <= 1], where).toEqual([
        true,
        true,
        whole.length,
        true,
      ])
      for (const one of lost) {
        const about = damage.find(({ kind }) => kind === 'records-damaged')!
        expect(about, where).toMatchObject({ segment: one.segment, offset: one.offset, lostRecords: 1 })
        expect(about.offset! <= bit >> 3 && bit >> 3 < about.offset! + about.lengthBytes!, where).toBe(true)
        expect(about.fromUs! <= one.timeUs && one.timeUs <= (about.toUs ?? Infinity), where).toBe(true)
      }
    }
  }
}, 60_000)

test('[ARC1] a reader that is not lenient refuses every flipped bit, too: nothing in the format goes unchecked', async () => {
  const { files } = await small(6)
  readMinimally(files)
  for (const [name, bytes] of files) {
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      expect(
        () => readMinimally(changed(files, name, (copy) => flipped(copy, bit)).files),
        `${name} ${bit}`,
      ).toThrow()
    }
  }
})

test('[ARC1] cut at every length: what is whole is given out, and where it ends is said', async () => {
  const { files, whole } = await small(20)
  const name = '000002.hcs'
  const size = files.get(name)!.length
  for (let length = 0; length < size; length += 1) {
    const { records, damage } = await readAll(changed(files, name, (bytes) => bytes.slice(0, length)))
    const expected = whole.filter((record) => {
      const next = whole.find((other) => other.segment === record.segment && other.offset > record.offset)
      const end = next?.offset ?? Infinity
      return record.segment !== 2 || end <= length
    })
    const kept = records.filter(({ type }) => type === 'rtp')
    const least = expected.filter(({ type }) => type === 'rtp')
    expect(kept.length, `${length}`).toBeGreaterThanOrEqual(least.length)
    expect(
      damage.some(({ segment, file }) => segment === 2 || file === name),
      `${length}`,
    ).toBe(true)
    expect(records.filter(({ segment }) => segment !== 2).map(key)).toEqual(
      whole.filter(({ segment }) => segment !== 2).map(key),
    )
  }
})

test('[ARC1] a missing segment: which one, when, how many records; the next can be read alone', async () => {
  const { files, whole } = await small()
  const store = new MemoryStore(files)
  store.files.delete('000002.hcs')
  const { records, damage } = await readAll(store)
  const inside = whole.filter(({ segment }) => segment === 2)
  expect(damage).toMatchObject([
    { kind: 'segment-missing', segment: 2, fromUs: inside[0]!.timeUs, toUs: inside.at(-1)!.timeUs },
  ])
  expect(damage[0]!.lostRecords).toBe(inside.length)
  expect(records).toEqual(whole.filter(({ segment }) => segment !== 2))
  expect(describeDamage(damage[0]!)).toMatch(
    /^segment 2, from 0:00:00\.\d+ to .*: the segment is missing; \d+ records lost$/,
  )
})

test('[ARC1] the last segment missing: the manifest says so, and without it nobody can know', async () => {
  const { files } = await small()
  const store = new MemoryStore(files)
  store.files.delete('000003.hcs')
  expect((await readAll(store)).damage).toMatchObject([{ kind: 'segment-missing', segment: 3 }])
  store.files.delete('manifest')
  expect((await readAll(store)).damage).toMatchObject([{ kind: 'manifest-missing', lostRecords: null }])
})

test('[ARC1] segments that changed places are read in their true order', async () => {
  const { files, whole } = await small()
  const store = new MemoryStore(files)
  store.files.set('000001.hcs', files.get('000002.hcs')!)
  store.files.set('000002.hcs', files.get('000001.hcs')!)
  const { records, damage } = await readAll(store)
  expect(damage.map(({ kind, file }) => [kind, file])).toEqual([
    ['segment-misnamed', '000002.hcs'],
    ['segment-misnamed', '000001.hcs'],
  ])
  expect(records).toEqual(whole)
})

test('[ARC1] a doubled segment, one of another recording, and one too many', async () => {
  const { files, whole } = await small()
  const doubled = new MemoryStore([...files, ['000004.hcs', files.get('000002.hcs')!]])
  const first = await readAll(doubled)
  expect(first.damage).toMatchObject([{ kind: 'segment-duplicated', file: '000004.hcs', segment: 2 }])
  expect(first.records).toEqual(whole)
  const { store: other } = await keepRecording(givenRecords(30), { segmentBytes: 500 })
  const mixed = new MemoryStore([...files, ['000004.hcs', other.files.get('000004.hcs')!]])
  const second = await readAll(mixed)
  expect(second.damage.map(({ kind }) => kind)).toContain('differs-from-manifest')
  expect(second.records.filter(({ segment }) => segment < 4)).toEqual(whole)
  expect(
    second.records.filter(({ segment }) => segment === 4).every(({ proof }) => proof === 'checksum'),
  ).toBe(true)
})

/** As someone would who has the disk and knows the format: the packet changed and its checksum made right. */
function forgePacket(bytes: Uint8Array, offset: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const end = offset + 16 + view.getUint32(offset + 4)
  bytes[end - 1]! ^= 0xff
  view.setUint32(end, crc32c(bytes, offset, end))
  return bytes
}

test('[ARC1] a packet changed together with its checksum is told by its block', async () => {
  const { files, whole } = await small()
  const target = whole.find(({ segment, type }) => segment === 2 && type === 'rtp')!
  const { records, damage } = await readAll(
    changed(files, '000002.hcs', (bytes) => forgePacket(bytes, target.offset)),
  )
  expect(damage).toMatchObject([{ kind: 'block-altered', segment: 2, offset: 84 }])
  expect(records.filter(({ segment }) => segment === 2).every(({ proof }) => proof === 'checksum')).toBe(true)
  expect(records.filter(({ segment }) => segment !== 2).every(({ proof }) => proof === 'manifest')).toBe(true)
})

test('[ARC1] control: without footer and manifest such a packet passes for the real one', async () => {
  const { files, whole } = await small()
  const target = whole.find(({ segment, type }) => segment === 3 && type === 'rtp')!
  const forged = changed(files, '000003.hcs', (bytes) => {
    const footer = new DataView(bytes.buffer).getUint32(bytes.length - 16)
    return forgePacket(bytes, target.offset).slice(0, bytes.length - 16 - footer)
  })
  forged.files.delete('manifest')
  const { records, damage } = await readAll(forged)
  expect(records.length).toBe(whole.length)
  expect(damage.map(({ kind }) => kind)).toEqual(['manifest-missing', 'unfinished'])
})

test('[ARC1] damage in the middle of a large segment without footer costs the records it hit', async () => {
  const given = Array.from({ length: 900 }, () => ({
    do: 'rtp' as const,
    packet: new Uint8Array(1_200).fill(5),
  }))
  const { store } = await keepRecording([{ do: 'open' }, ...given])
  const files = new Map(store.files)
  const hurt = changed(files, '000001.hcs', (bytes) => bytes.fill(0, 500_000, 600_000).slice(0, -20))
  const { records, damage } = await readAll(hurt)
  expect(damage.map(({ kind }) => kind)).toEqual(['records-damaged', 'unfinished'])
  expect(damage[0]!.lengthBytes).toBeLessThan(100_000 + 2 * 1_220)
  expect(damage[1]!.lostRecords).toBe(901 - records.length)
  expect(records.length).toBeGreaterThan(901 - 100_000 / 1_220 - 2)
})

test('[ARC1] whatever is done to the files: no exception, and nothing is called proven that was not written', async () => {
  const { files, whole } = await small(20)
  const written = new Set(whole.map((record) => key(record) + print(record)))
  const names = [...files.keys()]
  const change = fc.record({
    name: fc.constantFrom(...names),
    from: fc.nat(1_200),
    remove: fc.nat(400),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      // Parts of the recording itself, with checksums that are right.
      fc
        .tuple(fc.constantFrom(...names), fc.nat(1_000), fc.nat(300))
        .map(([name, from, length]) => files.get(name)!.slice(from, from + length)),
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const store = new MemoryStore(files)
      for (const { name, from, remove, insert } of changes) {
        const bytes = Buffer.from(store.files.get(name)!)
        const parts = [bytes.subarray(0, from), insert, bytes.subarray(from + remove)]
        store.files.set(name, new Uint8Array(Buffer.concat(parts)))
      }
      const { records, damage } = await readAll(store)
      const proven = records.filter(({ proof }) => proof === 'manifest')
      expect(proven.filter((record) => !written.has(key(record) + print(record)))).toEqual([])
      const lost = whole.filter((one) => !records.some((record) => key(record) === key(one)))
      if (lost.length > 0) expect(damage.length).toBeGreaterThan(0)
      for (const one of damage) expect(describeDamage(one)).not.toContain('undefined')
    }),
    { numRuns: 300 },
  )
})

test('[ARC1] a footer with one endless block is not believed: a reader holds a block at a time', async () => {
  const given = Array.from({ length: 300 }, () => ({
    do: 'rtp' as const,
    packet: new Uint8Array(1_200).fill(5),
  }))
  const { store } = await keepRecording([{ do: 'open' }, ...given])
  const name = '000001.hcs'
  const bytes = store.files.get(name)!
  const dataEnd =
    bytes.length - 16 - new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 16)
  const hash = leafHash(nativeSha256, bytes.subarray(84, dataEnd))
  const { header } = (await surveySegment(store, nativeSha256, { name, sizeBytes: bytes.length }))!
  const block = { offset: 84, records: 301, firstUs: 0, hash }
  const body = encodeFooterBody({
    header: header!,
    root: hash,
    records: 301,
    lastUs: 0,
    blocks: [block],
    control: [84],
  })
  const forged = new MemoryStore([
    [name, Buffer.concat([bytes.subarray(0, dataEnd), body, encodeTrailer(body)])],
  ])
  const { records, damage } = await readAll(forged)
  expect(records).toHaveLength(301)
  expect(damage.map(({ kind }) => kind)).toEqual(['manifest-missing', 'unfinished'])
})

test('[ARC1] a file that does not say which segment it is', async () => {
  const { files, whole } = await small()
  const { records, damage } = await readAll(new MemoryStore([...files, ['copy.hcs', new Uint8Array(300)]]))
  expect(damage).toMatchObject([{ kind: 'segment-unreadable', file: 'copy.hcs' }])
  expect(records).toEqual(whole)
})
