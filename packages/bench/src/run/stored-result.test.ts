import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Figure } from './bench.ts'
import type { Run } from './stored-result.ts'
import { readAllStored, readStored, toStored, writeStored } from './stored-result.ts'

const machine = { cpu: 'Some CPU', cores: 2, memoryGiB: 8, node: '24.1.0' }
const figure: Figure = { id: 'm', label: 'Median', value: 123.456, unit: 'ms', better: 'lower' }

const run = (value: number, more: Partial<Run> = {}): Run => ({
  name: 'join',
  title: 'Joining',
  date: '2026-11-24',
  command: 'npm run bench join',
  machine,
  pace: 25,
  measured: {
    figures: [{ ...figure, value }],
    checks: ['looked'],
    doubts: [],
    plots: [
      {
        title: 'All',
        kind: 'runs',
        unit: 'ms',
        points: [{ group: 'g', series: 'a "b"', value: 1.23456 }],
      },
      {
        title: 'Grown',
        kind: 'curve',
        unit: 'ms',
        across: 'people',
        points: [{ group: '', series: 's', x: 12, value: 3.5 }],
      },
    ],
  },
  ...more,
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-results-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what is written is read again, values short and points on one line each', () => {
  const stored = toStored(run(123.456), null)
  writeStored(folder, stored)
  expect(readStored(folder, 'join')).toEqual(stored)
  expect(stored.figures[0]).toMatchObject({ value: 123.5, verdict: 'fine' })
  const text = readFileSync(join(folder, 'join.json'), 'utf8')
  expect(text).toContain('{ "group": "g", "series": "a \\"b\\"", "value": 1.235 }')
  expect(text).toContain('{ "group": "", "series": "s", "x": 12, "value": 3.5 }')
})

test('a second run is compared with the stored one, on the same machine only', () => {
  const first = toStored(run(100), null)
  expect(first.figures[0]).not.toHaveProperty('before')
  const second = toStored(run(120, { date: '2026-12-01' }), first)
  expect(second.figures[0]).toMatchObject({ verdict: 'worse', before: { value: 100, date: '2026-11-24' } })
  for (const other of [
    { ...machine, cpu: 'Another' },
    { ...machine, cores: 4 },
    { ...machine, node: '26.0.0' },
  ]) {
    const elsewhere = toStored(run(120, { machine: other }), first)
    expect(elsewhere.figures[0]).toMatchObject({ verdict: 'fine' })
    expect(elsewhere.figures[0]).not.toHaveProperty('before')
  }
  expect(toStored(run(120, { machine: { ...machine, node: '24.9.1' } }), first).figures[0]?.verdict).toBe(
    'worse',
  )
})

test.each([
  ['ms', 'lower', 120, 1.2],
  ['packets/s', 'higher', 83, 1.2],
] as const)(
  '%s on a slower machine are held against what was before at that pace',
  (unit, better, value, slower) => {
    const measured = (of: number) => ({
      ...run(0).measured,
      figures: [{ ...figure, unit, better, value: of }],
    })
    const first = toStored(run(0, { measured: measured(100) }), null)
    const again = (pace: number) => toStored(run(0, { measured: measured(value), pace }), first).figures[0]
    expect(again(25)).toMatchObject({ verdict: 'worse', before: { slower: 1 } })
    expect(again(25 * slower)).toMatchObject({ verdict: 'fine', before: { value: 100, slower } })
  },
)

test('bytes and ratios are worse at any pace, and what takes time is not judged where the pace of before is not known', () => {
  const mebibytes = { ...run(0).measured, figures: [{ ...figure, unit: 'MiB' as const, value: 100 }] }
  const more = { ...mebibytes, figures: [{ ...figure, unit: 'MiB' as const, value: 120 }] }
  const first = toStored(run(0, { measured: mebibytes }), null)
  expect(toStored(run(0, { measured: more, pace: 50 }), first).figures[0]?.verdict).toBe('worse')
  const { pace: _, ...old } = toStored(run(100), null)
  expect(toStored(run(200), old).figures[0]).toMatchObject({ verdict: 'fine', before: { value: 100 } })
})

test('a figure that changed its unit is a new one', () => {
  const first = toStored(run(100), null)
  const changed = run(1)
  changed.measured.figures[0] = { ...figure, value: 1, unit: '×' }
  expect(toStored(changed, first).figures[0]).not.toHaveProperty('before')
})

test('nothing stored is null, all are read by name, other formats are left alone', () => {
  expect(readStored(folder, 'join')).toBeNull()
  writeStored(folder, toStored(run(1), null))
  writeStored(folder, toStored(run(1, { name: 'frames' }), null))
  writeFileSync(join(folder, 'old.json'), JSON.stringify({ format: 0, name: 'old' }))
  writeFileSync(join(folder, 'index.html'), 'not a result')
  expect(readAllStored(folder).map(({ name }) => name)).toEqual(['frames', 'join'])
})

test('why figures were left out is kept', () => {
  const measured = { ...run(1).measured, omitted: ['100 people: the bots were the limit'] }
  writeStored(folder, toStored(run(1, { measured }), null))
  expect(readStored(folder, 'join')?.omitted).toEqual(['100 people: the bots were the limit'])
})
