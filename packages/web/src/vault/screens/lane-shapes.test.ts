import { expect, test } from 'vitest'
import { loudnessBars, pictureLine, spanBoxes } from './lane-shapes.ts'

const bars = (path: string) => [...path.matchAll(/M([\d.]+) /g)].map(([, x]) => Number(x))

test('[OPEN4] a bar stands where somebody was heard, however long the recording is', () => {
  const hour = 3_600_000
  const loudness = Array.from({ length: hour / 250 }, (_, i) => (i === 7200 ? 0.8 : 0))
  expect(bars(loudnessBars(loudness, hour))).toEqual([500])
  expect(bars(loudnessBars([0, 0.5, 0, 0.5], 1000))).toEqual([250, 750])
  expect(loudnessBars([], 1000)).toBe('')
})

test('[OPEN4] a gap of a moment can still be seen, and none reaches beyond the end', () => {
  expect(spanBoxes([{ fromMs: 500_000, toMs: 500_001 }], 1_000_000)).toBe('M500 0h3v32h-3z')
  expect(spanBoxes([{ fromMs: 900, toMs: 2_000 }], 1_000)).toBe('M900 0h100v32h-100z')
  expect(pictureLine([{ fromMs: 0, toMs: 500 }], 1_000)).toBe('M0 30.5h500')
})
