/** Results in words: for the terminal and for docs/performance.md, which is made of nothing but stored results. */
import { badFirst, formatChange, formatValue, formatVerdict } from './figure-text.ts'
import { formatMachine } from './machine.ts'
import { needsPace } from './pace.ts'
import type { StoredFigure, StoredResult } from './stored-result.ts'

const MARKS = { 'misses-aim': '✗', worse: '✗', fine: '·' } as const

/** `✗ 2,345 ms  Joining, median (misses its aim: at most 2,000 ms; +12 % since 2026-11-24)`. */
export function figureLine(figure: StoredFigure): string {
  const { value, unit, label, note, verdict, before } = figure
  const change = formatChange(value, before?.value)
  const said = [
    formatVerdict(figure, verdict),
    note ?? null,
    change === null ? null : `${change} since ${before?.date}${paceText(figure)}`,
  ].filter((text) => text !== null)
  const behind = said.length > 0 ? ` (${said.join('; ')})` : ''
  return `${MARKS[verdict]} ${formatValue(value, unit).padStart(8)}  ${label}${behind}`
}

/** `, on a machine at 0.83 of the pace`, where that matters. */
function paceText({ unit, before }: StoredFigure): string {
  if (!needsPace(unit) || before === undefined) return ''
  if (before.slower === undefined) return ', at a pace not known'
  return Math.abs(before.slower - 1) < 0.03
    ? ''
    : `, on a machine at ${(1 / before.slower).toFixed(2)} of the pace`
}

export function resultLines(result: StoredResult): string[] {
  return [
    `${result.title}: ${formatMachine(result.machine)}, ${result.date}`,
    ...badFirst(result.figures).map((figure) => `  ${figureLine(figure)}`),
    ...(result.omitted ?? []).map((why) => `  ✗ no figure: ${why}`),
    ...result.checks.map((check) => `  checked: ${check}`),
  ]
}

const HEAD = `# Performance
Every figure here was measured by the command beside it; \`npm run bench\` runs all of them in less than ten minutes on two
cores and rewrites this page, [the plots](../bench/results/index.html) and the raw values in [bench/results](../bench/results/).
A figure that misses its aim, or is more than a tenth worse than the run before on the same machine, comes first with a ✗.
Shared machines are half as fast on some days: a fixed piece of work is timed before and after each part, and what takes
time is held against the figure of before at today's pace.
A run whose load generator was the limit, or that others on the machine disturbed, gives no figure at all; where that
holds of a few figures alone, these are left out and said so. One part alone, such as \`npm run bench -- forward\`, takes
less than a minute. Janus is compared where it is installed: \`apt-get install janus\`.
`

const markdownLine = (figure: StoredFigure, result: StoredResult): string =>
  `- ${figureLine(figure).replace(/\s+/g, ' ')} — \`${result.command}\`, ${formatMachine(result.machine)}, ${result.date}`

/** The whole text of docs/performance.md. */
export function performancePage(results: readonly StoredResult[]): string {
  const bad = results.flatMap((result) =>
    badFirst(result.figures)
      .filter(({ verdict }) => verdict !== 'fine')
      .map((figure) => markdownLine(figure, result)),
  )
  const sections = results.map((result) => {
    const good = result.figures.filter(({ verdict }) => verdict === 'fine')
    const checks = result.checks.map((check) => `- ${check}`)
    const omitted = (result.omitted ?? []).map((why) => `- no figure: ${why}`)
    return [
      `## ${result.title}`,
      ...good.map((figure) => markdownLine(figure, result)),
      ...omitted,
      '',
      'Checked in the same run, or there would be no figures:',
      '',
      ...checks,
      '',
    ].join('\n')
  })
  const first = bad.length > 0 ? ['## What is not good enough', ...bad, ''] : []
  const none = results.length === 0 ? ['No run has been stored yet.'] : []
  return `${[HEAD, ...none, ...first, ...sections].join('\n').trimEnd()}\n`
}
