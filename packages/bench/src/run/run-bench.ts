/**
 * One bench from start to end: runs it, refuses what must not be believed, prints the rest beside what is stored, and
 * stores it with the pages that are made of all that is stored. A refused run changes no file.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Bench, Measured } from './bench.ts'
import { thisMachine } from './machine.ts'
import { measurePace } from './pace.ts'
import { plotPage } from './plot-page.ts'
import type { QuietOptions } from './quiet-runs.ts'
import { MOST_OTHERS, QuietRuns } from './quiet-runs.ts'
import { performancePage, resultLines } from './report.ts'
import { readAllStored, readStored, toStored, writeStored } from './stored-result.ts'

/** Of a bench alone on an idle machine. */
const MOST_SECONDS = 60

export interface RunHow {
  /** Of the repository; results go into its bench/results and docs. */
  root: string
  /** Short, and stores nothing. */
  trial: boolean
  /** Whole, and stores nothing. */
  dry: boolean
  /** How long runs that others disturb may be repeated, in all. */
  patienceMs: number
  /** What others use meanwhile; by itself what the system says. */
  watch?: QuietOptions['watch']
  say(text: string): void
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

function judgeQuiet({ checks, doubts }: Measured, { worst, repeated }: QuietRuns): void {
  if (worst > MOST_OTHERS) doubts.push(`other programs used ${percent(worst)} of the machine`)
  checks.push(
    `other programs used at most ${percent(worst)} of the machine during any part of it (more than ${percent(MOST_OTHERS)} and that part is repeated, in the end refused); repeated: ${repeated}`,
  )
}

function store(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Whether the run gave figures. */
export async function runBench(bench: Bench, how: RunHow): Promise<boolean> {
  const { root, trial, dry, patienceMs, watch, say } = how
  const results = join(root, 'bench/results')
  const from = performance.now()
  say(`\n${bench.title} (${bench.name})`)
  const quiet = new QuietRuns({ patienceMs: trial ? 0 : patienceMs, ...(watch ? { watch } : {}) })
  const progress = (text: string) => say(`  … ${text}`)
  const paceBefore = measurePace()
  const measured = await bench.run({ trial, progress, quietly: (once) => quiet.run(once) })
  judgeQuiet(measured, quiet)
  const seconds = Math.round((performance.now() - from) / 1000)
  const late = seconds > MOST_SECONDS && quiet.repeated === 0 ? ', which is more than a minute' : ''
  say(`  took ${seconds} s${late}`)
  for (const doubt of measured.doubts) say(`  ✗ ${trial ? 'would be refused' : 'no figures'}: ${doubt}`)
  if (measured.doubts.length > 0 && !trial) return false
  const { name, title } = bench
  const date = new Date().toISOString().slice(0, 10)
  const pace = (paceBefore + measurePace()) / 2
  const command = `npm run bench ${name}`
  const run = { name, title, date, command, machine: thisMachine(), pace, measured }
  const stored = toStored(run, trial ? null : readStored(results, name))
  for (const line of resultLines(stored)) say(line)
  if (trial || dry) return true
  writeStored(results, stored)
  const all = readAllStored(results)
  store(join(results, 'index.html'), plotPage(all))
  store(join(root, 'docs/performance.md'), performancePage(all))
  return true
}
