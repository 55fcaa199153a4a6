import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import type { Plot } from './bench.ts'
import { drawPlot, medians, plotPage } from './plot-page.ts'
import type { StoredResult } from './stored-result.ts'

const points = [
  { group: 'small', series: 'ours', value: 3 },
  { group: 'small', series: 'ours', value: 1 },
  { group: 'small', series: 'ours', value: 2 },
  { group: 'small', series: 'bare', value: 5 },
  { group: 'large', series: 'ours', value: 9 },
]
const plot = (kind: Plot['kind']): Plot => ({ title: 'A <plot>', kind, unit: 'ms', points })

test('medians are of each series in each group', () => {
  expect(medians(points)).toEqual([
    { group: 'small', series: 'ours', value: 2 },
    { group: 'small', series: 'bare', value: 5 },
    { group: 'large', series: 'ours', value: 9 },
  ])
})

test('each run is a dot and each median a tick, or each median a bar', () => {
  const runs = parseHTML(drawPlot(plot('runs'))).document
  expect(runs.querySelectorAll('circle')).toHaveLength(5)
  const bars = parseHTML(drawPlot(plot('medians'))).document
  expect(bars.querySelectorAll('[aria-label="bar"] rect')).toHaveLength(3)
})

test('a curve has a dot for each value at its place, and names each series', () => {
  const curve = [
    { group: '', series: 'in', x: 2, value: 100 },
    { group: '', series: 'in', x: 100, value: 900 },
    { group: '', series: 'seen', x: 2, value: 300 },
  ]
  const drawn = { title: 'Time', kind: 'curve', unit: 'ms', across: 'people', points: curve } as const
  const { document } = parseHTML(drawPlot({ ...drawn, points: [...curve] }))
  const dots = [...document.querySelectorAll('circle')].map((dot) => Number(dot.getAttribute('cx')))
  expect(dots).toHaveLength(3)
  expect(dots[1]).toBeGreaterThan(Number(dots[0]))
  expect(dots[2]).toBe(dots[0])
  const texts = [...document.querySelectorAll('text')].map((text) => text.textContent)
  for (const said of ['in', 'seen', 'people →', '↑ ms']) expect(texts).toContain(said)
})

test('the page holds its plots and texts, and nothing that is loaded or run', () => {
  const result: StoredResult = {
    format: 1,
    name: 'frames',
    title: 'Frames & <b>',
    date: '2026-11-24',
    command: 'npm run bench frames',
    machine: { cpu: 'CPU', cores: 2, memoryGiB: 8, node: '24.0.0' },
    figures: [
      { id: 'a', label: 'Fine one', value: 1, unit: 'ms', better: 'lower', verdict: 'fine' },
      { id: 'b', label: 'Bad one', value: 3, unit: 'ms', better: 'lower', aim: 2, verdict: 'misses-aim' },
    ],
    checks: ['something'],
    plots: [plot('runs'), plot('medians')],
  }
  const html = plotPage([result])
  const { document } = parseHTML(html)
  expect(document.querySelector('h2')?.textContent).toBe('Frames & <b>')
  expect(document.querySelectorAll('svg')).toHaveLength(2)
  expect([...document.querySelectorAll('tbody tr')].map((row) => row.className)).toEqual(['bad', ''])
  expect(document.querySelectorAll('script, link, img, iframe, [src], [onload]')).toHaveLength(0)
  expect(html).not.toMatch(/@import|url\(/)
})
