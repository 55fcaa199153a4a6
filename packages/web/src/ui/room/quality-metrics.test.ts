import type { TFunction } from 'i18next'
import { expect, test } from 'vitest'
import type { QualityPoint } from '../quality-ports.ts'
import { figureOf, formatFigure, METRICS, spanOf, tableRows } from './quality-metrics.ts'

/** Keys and numbers as they are: the words are the catalogues'. */
const t = ((key: string, values?: Record<string, unknown>) =>
  values ? `${String(values['number'])} ${key.replace('quality.', '')}` : key) as unknown as TFunction

const point = (part: Partial<QualityPoint> = {}): QualityPoint => ({
  at: Date.UTC(2026, 10, 24, 10, 0, 0),
  bps: 1_250_000,
  loss: 0.0123,
  roundTripMs: 34,
  width: 640,
  height: 360,
  framesPerSecond: 24,
  cipherMs: 0.1234,
  ...part,
})

test('each figure is written with its unit, and what was not measured says so', () => {
  const words = METRICS.map((metric) => formatFigure(t, 'en', metric, figureOf(metric, point())))
  expect(words).toEqual([
    '1.3 megabits',
    '1.2%',
    '34 milliseconds',
    '360 lines',
    '24 perSecond',
    '0.12 milliseconds',
  ])
  expect(formatFigure(t, 'en', 'bitRate', 64_000)).toBe('64 kilobits')
  expect(formatFigure(t, 'en', 'resolution', 0)).toBe('quality.noPicture')
  expect(formatFigure(t, 'en', 'roundTrip', null)).toBe('quality.unknown')
})

test('the span leaves out what was not measured', () => {
  const points = [point({ roundTripMs: null }), point({ roundTripMs: 20 }), point({ roundTripMs: 90 })]
  expect(spanOf('roundTrip', points)).toEqual({ least: 20, most: 90 })
  expect(spanOf('roundTrip', [point({ roundTripMs: null })])).toBeNull()
})

test('the table has the newest first, one row for so many points, and the last point always', () => {
  const points = Array.from({ length: 11 }, (_, i) => point({ bps: i * 1_000 }))
  expect(tableRows(t, 'en', points, 5).map(({ cells }) => cells[0])).toEqual([
    '10 kilobits',
    '5 kilobits',
    '0 kilobits',
  ])
})
