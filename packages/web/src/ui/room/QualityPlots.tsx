/**
 * The plots of the quality panel, with uPlot, which is loaded only when the panel opens. Canvases say nothing to a
 * screen reader: each has its summary in words, and the panel offers the same figures as a table.
 */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import type { QualityPoint } from '../quality-ports.ts'
import type { Metric } from './quality-metrics.ts'
import { figureOf, formatFigure, METRICS, spanOf } from './quality-metrics.ts'
import 'uplot/dist/uPlot.min.css'

const HEIGHT_PX = 96
const AXIS_PX = 48

export function QualityPlots({ points }: { points: readonly QualityPoint[] }) {
  return (
    <div className="quality-plots">
      {METRICS.map((metric) => (
        <Plot key={metric} metric={metric} points={points} />
      ))}
    </div>
  )
}

function Plot({ metric, points }: { metric: Metric; points: readonly QualityPoint[] }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const name = t(`quality.metric.${metric}`)
  const write = (figure: number | null) => formatFigure(t, language, metric, figure)
  const span = spanOf(metric, points)
  const last = points.at(-1)
  const now = write(last ? figureOf(metric, last) : null)
  const summary =
    span === null
      ? t('quality.never', { name })
      : t('quality.summary', { name, now, least: write(span.least), most: write(span.most) })
  const latest = useRef(points)
  latest.current = points
  useEffect(() => {
    const host = place.current
    if (host === null) return undefined
    const made = new uPlot(options(host, metric, language), dataOf(metric, latest.current), host)
    plot.current = made
    const watch = new ResizeObserver(() => made.setSize({ width: host.clientWidth, height: HEIGHT_PX }))
    watch.observe(host)
    return () => {
      watch.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [metric, language])
  useEffect(() => plot.current?.setData(dataOf(metric, points)), [metric, points])
  return (
    <figure className="quality-plot">
      <figcaption>
        <span>{name}</span>
        <strong>{now}</strong>
      </figcaption>
      <div ref={place} role="img" aria-label={summary} />
    </figure>
  )
}

function dataOf(metric: Metric, points: readonly QualityPoint[]): uPlot.AlignedData {
  return [points.map(({ at }) => at / 1_000), points.map((point) => figureOf(metric, point))]
}

/** Short, for an axis: the unit stands in the caption. */
function tick(metric: Metric, language: string, figure: number): string {
  const short = (value: number, digits = 1) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits, notation: 'compact' }).format(value)
  if (metric === 'loss') return new Intl.NumberFormat(language, { style: 'percent' }).format(figure)
  return short(figure, metric === 'cipher' ? 2 : 1)
}

/** The smallest height of each scale, so that noise around nothing does not look like a storm. */
const LEAST_TOP: Record<Metric, number> = {
  bitRate: 100_000,
  loss: 0.05,
  roundTrip: 100,
  resolution: 180,
  frames: 30,
  cipher: 0.5,
}

function options(host: HTMLElement, metric: Metric, language: string): uPlot.Options {
  const style = getComputedStyle(host)
  const [ink, line, grid] = [style.color, style.borderTopColor, style.borderBottomColor]
  const font = `11px ${style.fontFamily}`
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short' })
  return {
    width: host.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(LEAST_TOP[metric], (most ?? 0) * 1.1)] } },
    axes: [
      {
        stroke: ink,
        font,
        size: 22,
        space: 80,
        grid: { show: false },
        ticks: { stroke: grid, size: 3 },
        values: (_plot, seconds) => seconds.map((each) => time.format(each * 1_000)),
      },
      {
        stroke: ink,
        font,
        size: AXIS_PX,
        space: 28,
        grid: { stroke: grid, width: 1 },
        ticks: { show: false },
        values: (_plot, figures) => figures.map((each) => tick(metric, language, each)),
      },
    ],
    series: [{}, { stroke: line, width: 2, points: { show: false }, spanGaps: false }],
  }
}
