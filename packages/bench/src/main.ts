/**
 * `npm run bench [NAME …]`: runs the named benches, or all; prints the figures beside the stored ones, stores them and
 * rewrites docs/performance.md and the page of plots. Ends with status 1 where a run was refused. After `--`:
 * `--trial` for a short run that stores nothing, `--dry` for a whole one, `--patience SECONDS` for a machine that others
 * use, too.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench } from './run/bench.ts'
import { runBench } from './run/run-bench.ts'

const root = resolve(import.meta.dirname, '../../..')
/** Loaded one by one: collecting garbage takes longer beside the code of browsers and servers, and frames are timed with it. */
const benches: ReadonlyMap<string, () => Promise<Bench>> = new Map([
  ['frames', async () => (await import('./frames/frames-bench.ts')).framesBench],
  ['bots', async () => (await import('./bots/bots-bench.ts')).botsBench],
  ['forward', async () => (await import('./forward/forward-bench.ts')).forwardBench],
  ['crowd', async () => (await import('./crowd/crowd-bench.ts')).crowdBench],
  ['failover', async () => (await import('./failover/failover-bench.ts')).failoverBench],
  ['record', async () => (await import('./record/record-bench.ts')).recordBench],
  ['phone', async () => (await import('./phone/phone-bench.ts')).phoneBench],
  ['tiles', async () => (await import('./tiles/tiles-bench.ts')).tilesBench],
  ['join', async () => (await import('./join/join-bench.ts')).joinBench],
  ['join-clear', async () => (await import('./join/join-bench.ts')).joinClearBench],
])

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
  const unknown = positionals.filter((name) => !benches.has(name))
  if (unknown.length > 0) {
    say(`There is no bench ${unknown.join(', ')}; there are ${[...benches.keys()].join(', ')}.`)
    return 2
  }
  const patienceMs = Number(values.patience) * 1_000
  if (!Number.isFinite(patienceMs)) {
    say('--patience takes seconds.')
    return 2
  }
  const how = { root, say, trial: values.trial, dry: values.dry, patienceMs }
  if (values.trial) say('A trial: these are no figures, and nothing is stored.')
  const outcomes: boolean[] = []
  for (const [name, load] of benches) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const failed = (error: unknown): false => {
      say(`  ✗ no figures: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return false
    }
    outcomes.push(await runBench(await load(), how).catch(failed))
  }
  return outcomes.every(Boolean) ? 0 : 1
}

// Ends at once: timers of closed meetings may run for minutes more.
process.exit(await main())
