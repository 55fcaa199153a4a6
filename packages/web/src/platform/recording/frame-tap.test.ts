import { expect, test } from 'vitest'
import { tapped } from '../../../test/recorded-frames.ts'
import { FrameTap } from './frame-tap.ts'
import type { TappedBatch } from './tapped-frame.ts'

function listening(): { tap: FrameTap; batches: TappedBatch[] } {
  const batches: TappedBatch[] = []
  return { tap: new FrameTap({ postMessage: (batch) => batches.push(batch) }), batches }
}
const LEAVES: Record<string, number> = { ada: 1, bob: 2, eve: 3 }
const give = (tap: FrameTap, person: string, taken: number, sizeBytes = 100): void =>
  tap.take(tapped({ person, leaf: LEAVES[person] ?? null, taken }), new Uint8Array(sizeBytes).fill(7))
const people = (batches: TappedBatch[]): string[] => batches.flatMap((b) => b.frames.map((f) => f.person))

test('[LREC2] nobody is recorded before the page has named somebody', () => {
  const { tap, batches } = listening()
  for (let i = 0; i < 50; i++) give(tap, 'ada', i * 33)
  tap.flush()
  expect(batches).toEqual([])
})

test('[LREC2] who is not named is left out, and so is who no longer is, with what was held of them', () => {
  const { tap, batches } = listening()
  tap.only([1, 2], false)
  give(tap, 'ada', 0)
  give(tap, 'bob', 1)
  give(tap, 'eve', 2)
  tap.only([1], false)
  give(tap, 'bob', 3)
  tap.flush()
  expect(people(batches)).toEqual(['ada'])
})

test('[LREC2] one’s own frames are heard only when that was said', () => {
  const { tap, batches } = listening()
  const own = { ...tapped({ person: '', taken: 0 }), leaf: null }
  tap.only([1], false)
  tap.take(own, new Uint8Array(3))
  tap.only([1], true)
  tap.take({ ...own, at: own.at + 33 }, new Uint8Array(3))
  tap.flush()
  expect(batches.flatMap(({ frames }) => frames.map(({ at }) => at - own.at))).toEqual([33])
})

test('a batch holds copies: the meeting keeps its bytes', () => {
  const { tap, batches } = listening()
  tap.only([1], false)
  const data = new Uint8Array([1, 2, 3])
  tap.take(tapped({ taken: 0, leaf: 1 }), data)
  data.fill(0)
  tap.flush()
  expect(new Uint8Array(batches[0]?.frames[0]?.data ?? new ArrayBuffer(0))).toEqual(new Uint8Array([1, 2, 3]))
})

test('frames come ten times a second together, not one by one', () => {
  const { tap, batches } = listening()
  tap.only([1], false)
  for (let i = 0; i < 100; i++) give(tap, 'ada', i * 10)
  expect(batches.length).toBeLessThan(11)
  expect(batches.length).toBeGreaterThan(7)
})

test('[LREC3] a recording worker that does not keep up costs frames, not memory, and the gap is said', () => {
  const { tap, batches } = listening()
  tap.only([1], false)
  const MEGABYTE = 1024 * 1024
  for (let i = 0; i < 100; i++) give(tap, 'ada', i * 200, MEGABYTE)
  tap.flush()
  const held = batches.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  expect(held).toBeLessThanOrEqual(32 * MEGABYTE)
  expect(batches.some(({ gap }) => gap)).toBe(false)
  tap.written(held)
  give(tap, 'ada', 90_000)
  tap.flush()
  expect(batches.at(-1)).toMatchObject({ gap: true })
})
