/**
 * `npm run bench [NAME …]`: runs the named benches, or all; prints the figures beside the stored ones, stores them and
 * rewrites docs/performance.md and the page of plots. Ends with status 1 where a run was refused. After `--`:
 * `--trial` for a short run that stores nothing, `--dry` for a whole one, `--patience SECONDS` for a machine that others
 * use, too.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { botsBench } from './bots/bots-bench.ts'
import { crowdBench } from './crowd/crowd-bench.ts'
import { failoverBench } from './failover/failover-bench.ts'
import { forwardBench } from './forward/forward-bench.ts'
import { framesBench } from './frames/frames-bench.ts'
import { joinBench, joinClearBench } from './join/join-bench.ts'
import { phoneBench } from './phone/phone-bench.ts'
import { recordBench } from './record/record-bench.ts'
import type { Bench } from './run/bench.ts'
import { runBench } from './run/run-bench.ts'

const root = resolve(import.meta.dirname, '../../..')
const benches: readonly Bench[] = [
  framesBench,
  botsBench,
  forwardBench,
  crowdBench,
  failoverBench,
  recordBench,
  phoneBench,
  joinBench,
  joinClearBench,
]

const say = (text: string): void => void process.stdout.write(`${text}\n`)

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
  const how = { root, say, trial: values.trial, dry: values.dry, patienceMs }
  if (values.trial) say('A trial: these are no figures, and nothing is stored.')
  const chosen = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const outcomes: boolean[] = []
  for (const bench of chosen) {
    const failed = (error: unknown): false => {
      say(`  ✗ no figures: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return false
    }
    outcomes.push(await runBench(bench, how).catch(failed))
  }
  return outcomes.every(Boolean) ? 0 : 1
}

// Ends at once: timers of closed meetings may run for minutes more.
process.exit(await main())
