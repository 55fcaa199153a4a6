/**
 * bench/results/index.html: every stored result with its plots as SVG in the page. The page loads nothing and runs no
 * script; Plot draws here, into a document that linkedom makes.
 */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Plot as PlotOf, Point } from './bench.ts'
import { badFirst, formatChange, formatValue, formatVerdict } from './figure-text.ts'
import { formatMachine } from './machine.ts'
import { median } from './statistics.ts'
import type { StoredFigure, StoredResult } from './stored-result.ts'

const WIDTH_PX = 760

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The median of each series in each group, in the order in which they come. */
export function medians(points: readonly Point[]): Point[] {
  const bySeries = Map.groupBy(points, ({ group, series }) => JSON.stringify([group, series]))
  return [...bySeries.values()].map((all) => {
    const { group, series } = all[0] as Point
    return { group, series, value: median(all.map(({ value }) => value)) }
  })
}

function marksOf({ kind, points }: PlotOf): Plot.Markish[] {
  const middle = medians(points)
  if (kind === 'medians') {
    return [
      Plot.barX(middle, { fy: 'group', y: 'series', x: 'value', fill: 'series' }),
      Plot.text(middle, {
        fy: 'group',
        y: 'series',
        x: 'value',
        text: ({ value }: Point) => value.toPrecision(3),
        textAnchor: 'start',
        dx: 4,
      }),
      Plot.ruleX([0]),
    ]
  }
  return [
    Plot.dot(points, { fy: 'group', y: 'series', x: 'value', stroke: 'series', strokeOpacity: 0.7 }),
    Plot.tickX(middle, { fy: 'group', y: 'series', x: 'value', strokeWidth: 3 }),
    Plot.ruleX([0]),
  ]
}

/** The series' values against `x`: dots, and beside them the names of the series. */
function drawCurve(plot: PlotOf): Plot.PlotOptions {
  const series = [...new Set(plot.points.map((point) => point.series))]
  const right = Math.max(...plot.points.map(({ x = 0 }) => x))
  const top = Math.max(...plot.points.map(({ value }) => value))
  const names = series.map((name, i) => ({ series: name, x: right, value: top * (1 - i * 0.07) }))
  return {
    width: WIDTH_PX,
    height: 340,
    marginLeft: 60,
    marginRight: 190,
    x: { label: `${plot.across ?? ''} →`, grid: true, zero: true },
    y: { label: `↑ ${plot.unit}`, grid: true, zero: true, tickFormat: (value: number) => `${value}` },
    color: { domain: series, scheme: 'observable10' },
    marks: [
      Plot.dot(plot.points, { x: 'x', y: 'value', stroke: 'series', strokeOpacity: 0.8 }),
      Plot.text(names, { x: 'x', y: 'value', text: 'series', fill: 'series', textAnchor: 'start', dx: 14 }),
      Plot.ruleY([0]),
    ],
  }
}

/** A panel for each group, and in it a row for each series. */
function drawRows(plot: PlotOf): Plot.PlotOptions {
  const groups = new Set(plot.points.map(({ group }) => group)).size
  const series = new Set(plot.points.map((point) => point.series))
  const longest = Math.max(...[...series].map((name) => name.length))
  return {
    width: WIDTH_PX,
    height: 60 + groups * (series.size * 26 + 12),
    marginLeft: 16 + longest * 7,
    marginRight: groups > 1 ? 130 : 60,
    x: { label: `${plot.unit} →`, grid: true, zero: true, insetRight: 44 },
    y: { label: null, domain: [...series] },
    fy: { label: null, domain: [...new Set(plot.points.map(({ group }) => group))] },
    color: { domain: [...series], scheme: 'observable10' },
    marks: marksOf(plot),
  }
}

/** One plot as the text of an `<svg>` element. */
export function drawPlot(plot: PlotOf): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const options = plot.kind === 'curve' ? drawCurve(plot) : drawRows(plot)
  const svg = Plot.plot({ document, style: { fontSize: '12px', overflow: 'visible' }, ...options })
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', plot.title)
  return svg.outerHTML
}

function row(figure: StoredFigure): string {
  const { label, value, unit, note, verdict, before } = figure
  const change = formatChange(value, before?.value)
  const cells = [
    `${verdict === 'fine' ? '' : '✗ '}${label}`,
    formatValue(value, unit),
    formatVerdict(figure, verdict) ?? '',
    note ?? '',
    change === null ? '' : `${change} since ${before?.date}`,
  ]
  const tag = verdict === 'fine' ? '<tr>' : '<tr class="bad">'
  return `${tag}${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
}

function section(result: StoredResult): string {
  const { title, command, machine, date, figures, checks, plots, name } = result
  const drawn = plots.map(
    (plot) => `<figure><figcaption>${escapeHtml(plot.title)}</figcaption>${drawPlot(plot)}</figure>`,
  )
  const omitted = (result.omitted ?? []).map((why) => `<p>No figure: ${escapeHtml(why)}</p>`)
  return `<section id="${name}">
<h2>${escapeHtml(title)}</h2>
<p><code>${escapeHtml(command)}</code> · ${escapeHtml(formatMachine(machine))} · ${date} · <a href="${name}.json">raw values</a></p>
<table><thead><tr><th>figure<th>value<th>aim<th>beside it<th>change</tr></thead>
<tbody>
${badFirst(figures).map(row).join('\n')}
</tbody></table>
${omitted.join('')}
${drawn.join('\n')}
<p>Checked in the same run:</p>
<ul>${checks.map((check) => `<li>${escapeHtml(check)}</li>`).join('')}</ul>
</section>`
}

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}
td:nth-child(2){white-space:nowrap;font-variant-numeric:tabular-nums;font-weight:600}
.bad td:first-child{color:light-dark(#b3261e,#ff8a80);font-weight:600}
figure{margin:1.5rem 0;overflow-x:auto}figcaption{font-weight:600}`

/** The whole page. */
export function plotPage(results: readonly StoredResult[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Huis clos: measured</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Measured</h1>
<p>Bad figures come first. In a plot each dot is one run and the bar its median; bars alone are medians.</p>
${results.map(section).join('\n')}
</body>
</html>
`
}
