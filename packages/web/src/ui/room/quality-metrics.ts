/** The figures of the quality panel: which, how each is read from a point, how it is written. */
import type { TFunction } from 'i18next'
import { formatBitRate, formatPercent } from '../format-figures.ts'
import type { QualityPoint } from '../quality-ports.ts'

export const METRICS = ['bitRate', 'loss', 'roundTrip', 'resolution', 'frames', 'cipher'] as const
export type Metric = (typeof METRICS)[number]

/** The figure in the metric's own unit: bits a second, 0..1, ms, lines, frames a second, ms; null: not measured. */
export function figureOf(metric: Metric, point: QualityPoint): number | null {
  switch (metric) {
    case 'bitRate':
      return point.bps
    case 'loss':
      return point.loss
    case 'roundTrip':
      return point.roundTripMs
    case 'resolution':
      return point.height
    case 'frames':
      return point.framesPerSecond
    case 'cipher':
      return point.cipherMs
  }
}

export function formatFigure(t: TFunction, language: string, metric: Metric, figure: number | null): string {
  if (figure === null) return t('quality.unknown')
  const number = (digits: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(figure)
  switch (metric) {
    case 'bitRate':
      return formatBitRate(t, language, figure)
    case 'loss':
      return formatPercent(language, figure)
    case 'roundTrip':
      return t('quality.milliseconds', { number: number(0) })
    case 'cipher':
      return t('quality.milliseconds', { number: number(2) })
    case 'resolution':
      return figure === 0 ? t('quality.noPicture') : t('quality.lines', { number: number(0) })
    case 'frames':
      return t('quality.perSecond', { number: number(0) })
  }
}

/** Least and most of a metric; null where it was never measured. */
export function spanOf(
  metric: Metric,
  points: readonly QualityPoint[],
): { least: number; most: number } | null {
  const figures = points.map((point) => figureOf(metric, point)).filter((figure) => figure !== null)
  if (figures.length === 0) return null
  return { least: Math.min(...figures), most: Math.max(...figures) }
}

/** A row a point, the newest first: time, then each metric in words. `every`: of so many points one. */
export function tableRows(
  t: TFunction,
  language: string,
  points: readonly QualityPoint[],
  every: number,
): { at: string; cells: string[] }[] {
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' })
  return points
    .filter((_, index) => (points.length - 1 - index) % every === 0)
    .toReversed()
    .map((point) => ({
      at: time.format(point.at),
      cells: METRICS.map((metric) => formatFigure(t, language, metric, figureOf(metric, point))),
    }))
}
