/**
 * `npm run bench [NAME …]`: runs the named benches, or all; prints the figures beside the stored ones, stores them and
 * rewrites docs/performance.md and the page of plots. Ends with status 1 where a run was refused. After `--`:
 * `--trial` for a short run that stores nothing, `--dry` for a whole one, `--patience SECONDS` for a machine that others
 * use, too.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { botsBench } from './bots/bots-bench.ts'
import { crowdBench } from './crowd/crowd-bench.ts'
import { failoverBench } from './failover/failover-bench.ts'
import { forwardBench } from './forward/forward-bench.ts'
import { framesBench } from './frames/frames-bench.ts'
import { joinBench } from './join/join-bench.ts'
import type { Bench, Measured } from './run/bench.ts'
import { thisMachine } from './run/machine.ts'
import { plotPage } from './run/plot-page.ts'
import { MOST_OTHERS, QuietRuns } from './run/quiet-runs.ts'
import { performancePage, resultLines } from './run/report.ts'
import { readAllStored, readStored, toStored, writeStored } from './run/stored-result.ts'

const root = resolve(import.meta.dirname, '../../..')
const results = join(root, 'bench/results')
const benches: readonly Bench[] = [framesBench, botsBench, forwardBench, crowdBench, failoverBench, joinBench]

const say = (text: string): void => void process.stdout.write(`${text}\n`)

function store(name: string, text: string): void {
  const file = join(root, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function judgeQuiet({ checks, doubts }: Measured, { worst, repeated }: QuietRuns): void {
  const percent = (share: number) => `${Math.round(share * 100)} %`
  if (worst > MOST_OTHERS) doubts.push(`other programs used ${percent(worst)} of the machine`)
  checks.push(
    `other programs used at most ${percent(worst)} of the machine during any part of it (more than ${percent(MOST_OTHERS)} and that part is repeated, in the end refused); repeated: ${repeated}`,
  )
}

/** Whether the run gave figures. */
async function runOne(
  bench: Bench,
  { trial, dry, patienceMs }: { trial: boolean; dry: boolean; patienceMs: number },
): Promise<boolean> {
  const from = performance.now()
  say(`\n${bench.title} (${bench.name})`)
  const quiet = new QuietRuns({ patienceMs: trial ? 0 : patienceMs })
  const progress = (text: string) => say(`  … ${text}`)
  const measured = await bench.run({ trial, progress, quietly: (once) => quiet.run(once) })
  judgeQuiet(measured, quiet)
  say(`  took ${Math.round((performance.now() - from) / 1000)} s`)
  for (const doubt of measured.doubts) say(`  ✗ ${trial ? 'would be refused' : 'no figures'}: ${doubt}`)
  if (measured.doubts.length > 0 && !trial) return false
  const { name, title } = bench
  const date = new Date().toISOString().slice(0, 10)
  const run = { name, title, date, command: `npm run bench ${name}`, machine: thisMachine(), measured }
  const stored = toStored(run, trial ? null : readStored(results, name))
  for (const line of resultLines(stored)) say(line)
  if (trial || dry) return true
  writeStored(results, stored)
  const all = readAllStored(results)
  store('bench/results/index.html', plotPage(all))
  store('docs/performance.md', performancePage(all))
  return true
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      trial: { type: 'boolean', default: false },
      dry: { type: 'boolean', default: false },
      patience: { type: 'string', default: '60' },
    },
  })
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name))
  if (unknown.length > 0) {
    say(`There is no bench ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}.`)
    return 2
  }
  const patienceMs = Number(values.patience) * 1_000
  if (!Number.isFinite(patienceMs)) {
    say('--patience takes seconds.')
    return 2
  }
  const how = { trial: values.trial, dry: values.dry, patienceMs }
  if (values.trial) say('A trial: these are no figures, and nothing is stored.')
  const chosen = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const outcomes: boolean[] = []
  for (const bench of chosen) {
    const failed = (error: unknown): false => {
      say(`  ✗ no figures: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return false
    }
    outcomes.push(await runOne(bench, how).catch(failed))
  }
  return outcomes.every(Boolean) ? 0 : 1
}

// Ends at once: timers of closed meetings may run for minutes more.
process.exit(await main())
