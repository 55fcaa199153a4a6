import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Bench, Figure, Measured } from './bench.ts'
import { runBench } from './run-bench.ts'

let root: string
let said: string[]
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bench-run-'))
  said = []
})
afterEach(() => rmSync(root, { recursive: true }))

const figure: Figure = { id: 'm', label: 'Time to nothing', value: 5, unit: 'ms', better: 'lower' }
const bench = (more: Partial<Measured> = {}): Bench => ({
  name: 'nothing',
  title: 'Nothing at all',
  run: async () => ({ figures: [figure], checks: [], doubts: [], plots: [], ...more }),
})
const how = (more: object = {}) => ({
  root,
  trial: false,
  dry: false,
  patienceMs: 0,
  say: (text: string) => void said.push(text),
  ...more,
})
const page = (): string => readFileSync(join(root, 'docs/performance.md'), 'utf8')

test('a good run is printed and stored, and the next one shows the change', async () => {
  expect(await runBench(bench(), how())).toBe(true)
  expect(said.join('\n')).toContain('5.00 ms  Time to nothing')
  expect(page()).toContain('5.00 ms Time to nothing')
  expect(existsSync(join(root, 'bench/results/index.html'))).toBe(true)
  await runBench(bench({ figures: [{ ...figure, value: 10 }] }), how())
  expect(page()).toMatch(
    /## What is not good enough\n- ✗ 10\.0 ms Time to nothing \(worse than before; \+100 % since/,
  )
})

test('where the load generator was the limit no figure is printed or stored, and the run fails', async () => {
  await runBench(bench(), how())
  const before = page()
  said = []
  const doubts = ["the bots' event loop was 97 % busy"]
  expect(await runBench(bench({ doubts, figures: [{ ...figure, value: 77 }] }), how())).toBe(false)
  expect(said.join('\n')).toContain("✗ no figures: the bots' event loop was 97 % busy")
  expect(said.join('\n')).not.toContain('77')
  expect(page()).toBe(before)
})

test.each([
  [0.5, false],
  [0.1, true],
])('a run during which others used %d of the machine: kept is %s', async (others, kept) => {
  const quiet: Bench = {
    ...bench(),
    run: async ({ quietly }) => ({
      figures: [{ ...figure, value: await quietly(async () => 6) }],
      checks: [],
      doubts: [],
      plots: [],
    }),
  }
  expect(await runBench(quiet, how({ watch: () => () => ({ busy: 1, others }) }))).toBe(kept)
  expect(said.some((line) => line.includes('✗ no figures: other programs used 50 %'))).toBe(!kept)
  expect(existsSync(join(root, 'docs/performance.md'))).toBe(kept)
})

test('trials and dry runs store nothing', async () => {
  expect(await runBench(bench(), how({ dry: true }))).toBe(true)
  expect(await runBench(bench({ doubts: ['short'] }), how({ trial: true }))).toBe(true)
  expect(said.join('\n')).toContain('would be refused: short')
  expect(existsSync(join(root, 'docs'))).toBe(false)
  expect(existsSync(join(root, 'bench/results/nothing.json'))).toBe(false)
})
