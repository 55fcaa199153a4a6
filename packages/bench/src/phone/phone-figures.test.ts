import { expect, test } from 'vitest'
import type { PhoneRound } from './phone-figures.ts'
import { summarize } from './phone-figures.ts'

const delays = Array.from({ length: 100 }, (_, i) => 50 + i)
const way = () => ({ addedMs: [...delays], flow: { expected: 1_000, lost: 5, late: 20 } })
const round = (more: Partial<PhoneRound> = {}): PhoneRound => ({
  calls: 100,
  meetings: 10,
  heard: { 'to-meeting': way(), 'to-phone': way() },
  phonesLateMs: [0.5, 1, 2],
  phonesBusy: 0.3,
  hostsBusy: 0.4,
  machineBusy: 0.8,
  hungUp: 0,
  seconds: 10,
  bridge: { coreSeconds: 8, loopSeconds: 6, residentBytes: 300 * 2 ** 20 },
  ...more,
})
const few = round({
  calls: 4,
  meetings: 1,
  bridge: { coreSeconds: 1, loopSeconds: 1, residentBytes: 108 * 2 ** 20 },
})
const all = (many: PhoneRound) => summarize({ few, many, ownCodecMs: 6.5 })
const valuesOf = (many: PhoneRound) =>
  Object.fromEntries(all(many).figures.map(({ id, value }) => [id, value]))

test('delays, losses and costs are of one call', () => {
  const values = valuesOf(round())
  expect(values['few.to-phone.median']).toBe(99.5)
  expect(values['many.to-meeting.p99']).toBe(148)
  expect(values['many.to-phone.lost']).toBe(0.5)
  expect(values['many.to-meeting.late']).toBe(2)
  expect(values['many.cpu']).toBeCloseTo(0.8)
  expect(values['many.per-core']).toBeCloseTo(125)
  expect(values['many.loop']).toBeCloseTo(60)
  expect(values['many.memory']).toBeCloseTo(2)
  expect(all(round()).doubts).toEqual([])
})

test('chirps that were not heard are a figure of their own, and no delay', () => {
  const torn = { addedMs: [...delays.slice(2), null, null], flow: way().flow }
  const values = valuesOf(round({ heard: { 'to-meeting': torn, 'to-phone': way() } }))
  expect(values['many.to-meeting.unheard']).toBe(2)
  expect(values['many.to-phone.unheard']).toBe(0)
})

test('telephones that were late themselves give no figure of time, and the rest stands', () => {
  const measured = all(round({ phonesLateMs: [1, 1, 9] }))
  const ids = measured.figures.map(({ id }) => id)
  expect(ids.filter((id) => id.startsWith('many.to-'))).toEqual([])
  expect(ids).toContain('few.to-phone.p99')
  expect(ids).toContain('many.cpu')
  expect(measured.omitted?.join()).toContain('100 calls in 10 meetings: the telephones themselves were late')
})

test.each([
  [{ phonesBusy: 0.95 }, 'the telephones kept their event loop 95 % busy'],
  [{ hostsBusy: 0.95 }, "the meetings' hosts kept their event loop 95 % busy"],
  [{ hungUp: 3 }, '3 calls ended by themselves'],
  [{ heard: { 'to-meeting': { ...way(), addedMs: [50, null] }, 'to-phone': way() } }, 'fewer than 50 chirps'],
  [{ heard: { 'to-meeting': { ...way(), addedMs: [null] }, 'to-phone': way() } }, 'fewer than 50 chirps'],
])('a run is refused: %j', (more, doubt) => {
  expect(all(round(more)).doubts.join()).toContain(doubt)
})
