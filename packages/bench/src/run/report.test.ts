import { expect, test } from 'vitest'
import { figureLine, performancePage, resultLines } from './report.ts'
import type { StoredFigure, StoredResult } from './stored-result.ts'

const fine: StoredFigure = {
  id: 'good',
  label: 'Sealing a frame',
  value: 42,
  unit: 'µs',
  better: 'lower',
  verdict: 'fine',
}
const bad: StoredFigure = {
  id: 'bad',
  label: 'Joining, median',
  value: 2345,
  unit: 'ms',
  better: 'lower',
  aim: 2000,
  note: 'without encryption 2,300 ms',
  verdict: 'misses-aim',
  before: { value: 2093.75, date: '2026-11-01', slower: 1.25 },
}
const result = (figures: StoredFigure[]): StoredResult => ({
  format: 1,
  name: 'join',
  title: 'Joining',
  date: '2026-11-24',
  command: 'npm run bench join',
  machine: { cpu: 'Some CPU', cores: 2, memoryGiB: 8, node: '24.1.0' },
  figures,
  checks: ['no run was dropped'],
  plots: [],
})

test('a line says the value, what it misses, what stands beside it and the change', () => {
  expect(figureLine(bad)).toBe(
    '✗ 2,345 ms  Joining, median (misses its aim: at most 2,000 ms; without encryption 2,300 ms; +12 % since 2026-11-01, on a machine at 0.80 of the pace)',
  )
  expect(figureLine(fine)).toBe('·  42.0 µs  Sealing a frame')
})

test('bad figures are said first, in the terminal and on the page', () => {
  const lines = resultLines(result([fine, bad]))
  expect(lines[0]).toBe('Joining: Some CPU, 2 cores, 8 GiB, Node 24.1.0, 2026-11-24')
  expect(lines[1]).toContain('Joining, median')
  expect(lines[2]).toContain('Sealing a frame')
  const page = performancePage([result([fine]), { ...result([fine, bad]), name: 'z', title: 'Other' }])
  expect(page.indexOf('Joining, median')).toBeLessThan(page.indexOf('Sealing a frame'))
  expect(page).toContain('## What is not good enough')
})

test('each line of the page names command, machine and date, and each figure stands once', () => {
  const page = performancePage([result([fine, bad])])
  const lines = page.split('\n').filter((line) => /^- [✗·]/.test(line))
  expect(lines).toHaveLength(2)
  for (const line of lines)
    expect(line).toMatch(/`npm run bench join`, Some CPU, 2 cores, 8 GiB, Node 24\.1\.0, 2026-11-24$/)
})

test('without bad figures there is no such heading', () => {
  expect(performancePage([result([fine])])).not.toContain('not good enough')
})

test('without results the page says so', () => {
  expect(performancePage([])).toMatch(/No run has been stored yet\.\n$/)
})

test('figures that are left out are said, with why, in the terminal and on the page', () => {
  const some: StoredResult = { ...result([fine]), omitted: ['Joining of 100: the bots were the limit'] }
  expect(resultLines(some)).toContain('  ✗ no figure: Joining of 100: the bots were the limit')
  expect(performancePage([some])).toContain('\n- no figure: Joining of 100: the bots were the limit\n')
})
