import { expect, test } from 'vitest'
import type { BotReport, Watched } from './bots-figures.ts'
import { summarize } from './bots-figures.ts'

const few: Watched = {
  listeners: 2,
  seconds: 10,
  coreSeconds: 1,
  residentBytes: 200 * 2 ** 20,
  loopBusy: 0.1,
  sent: 700,
  opened: 1_400,
}
const many: Watched = {
  ...few,
  listeners: 12,
  coreSeconds: 3,
  residentBytes: 240 * 2 ** 20,
  loopBusy: 0.3,
  opened: 8_400,
}

const stream = { kind: 'audio', expected: 500, lost: 0, jitterMs: 2, firstFrameMs: 80 } as const
const reports: BotReport[] = [
  { streams: [stream, { ...stream, kind: 'video', lost: 10, firstFrameMs: 300 }], epochs: 14 },
  { streams: [{ ...stream, jitterMs: 4, firstFrameMs: 90 }], epochs: 3 },
]

test('one bot costs what more bots cost more, and the bots report their streams', () => {
  const { figures, doubts, checks } = summarize(few, many, reports)
  expect(doubts).toEqual([])
  expect(figures.map(({ id, value }) => [id, Number(value.toFixed(6))])).toEqual([
    ['cpu', 2],
    ['memory', 4],
    ['loss', Number(((10 / 1_500) * 100).toFixed(6))],
    ['jitter.audio', 3],
    ['first.audio', 85],
    ['jitter.video', 2],
    ['first.video', 300],
  ])
  expect(checks[0]).toContain('3 to 14 epochs')
})

test('a busy loop, frames that were not opened and a stream that never began are each refused', () => {
  expect(summarize(few, { ...many, loopBusy: 0.95 }, reports).doubts).toEqual([
    "12 listeners kept the bots' event loop 95 % busy",
  ])
  expect(summarize({ ...few, opened: 700 }, many, reports).doubts).toEqual([
    '2 listeners opened 50 % of the frames',
  ])
  const mute: BotReport = { streams: [{ ...stream, firstFrameMs: null }], epochs: 1 }
  expect(summarize(few, many, [...reports, mute]).doubts).toEqual(['1 bots opened nothing of a stream'])
})
