import { expect, test } from 'vitest'
import type { Join, Memory } from './crowd-figures.ts'
import { isLimited, summarize } from './crowd-figures.ts'

const MIB = 2 ** 20
const join = (people: number, inMs: number, more: Partial<Join> = {}): Join => ({
  people,
  awake: 3,
  inMs,
  pictureMs: inMs + 100,
  waitedShare: 0.02,
  loopBusy: 0.3,
  ...more,
})
const few = [join(2, 100), join(2, 120), join(2, 110)]
const many = [970, 980, 990, 1_000].map((ms) => join(100, ms, { pictureMs: null }))
const memories: Memory[] = [2, 10, 100].map((people) => ({
  people,
  serverBytes: (80 + people * 0.5) * MIB,
  workerBytes: (20 + people * 0.25) * MIB,
}))
const valueIn = (measured: ReturnType<typeof summarize>) => (id: string) =>
  measured.figures.find((figure) => figure.id === id)?.value

test('joins are told by the size of the meeting, memory by its slope', () => {
  const value = valueIn(summarize([...few, ...many], memories))
  expect(value('join.2.median')).toBe(110)
  expect(value('join.2.p95')).toBe(120)
  expect(value('picture.2.median')).toBe(210)
  expect(value('join.100.median')).toBe(985)
  expect(value('picture.100.median')).toBeUndefined()
  expect(value('memory.server')).toBeCloseTo(0.5)
  expect(value('memory.worker')).toBeCloseTo(0.25)
  expect(value('memory.whole')).toBeCloseTo(0.75)
  expect(value('memory.full')).toBeCloseTo(175)
})

test("a join that the bots' machine held up is limited", () => {
  expect(isLimited(join(2, 100))).toBe(false)
  expect(isLimited(join(2, 100, { waitedShare: 0.16 }))).toBe(true)
  expect(isLimited(join(2, 100, { loopBusy: 0.91 }))).toBe(true)
})

test('limited joins count in no figure, and sizes with too few others are refused and said so', () => {
  const slow = many.map((one, i) => (i < 2 ? { ...one, waitedShare: 0.5 } : one))
  const measured = summarize([...few, join(2, 9_000, { loopBusy: 0.99 }), ...slow], memories)
  const value = valueIn(measured)
  expect(value('join.2.p95')).toBe(120)
  expect(value('join.100.median')).toBeUndefined()
  expect(measured.omitted).toContain(
    "Joining a meeting of 100 people, until in it: in 2 of 4 joins the bots' machine was the limit, and 3 good ones are needed",
  )
  expect(measured.doubts).toEqual([])
  const refused = measured.plots[0]?.points.filter(({ series }) => series.startsWith('refused'))
  expect(refused?.map(({ x }) => x)).toEqual([2, 100, 100])
})

test('where every join was limited the whole run is doubted', () => {
  const measured = summarize(
    few.map((one) => ({ ...one, waitedShare: 1 })),
    memories,
  )
  expect(measured.doubts).toEqual(["in all joins the bots' machine was the limit"])
})
