/**
 * `npm run bench join`: time from pressing Join to the first picture of somebody else, three people in Chromium pages
 * on the real server, with encryption and, in turns within the same run, with the client that does not encrypt.
 */
import { ChromiumBrowser } from '../../../../e2e/support/browsers.ts'
import type { Bench, BenchRun, Figure, Measured, Point } from '../run/bench.ts'
import { median, percentile } from '../run/statistics.ts'
import { buildClearClient } from './clear-build.ts'
import type { Joined, JoinRound } from './join-round.ts'
import { runJoinRound } from './join-round.ts'

type Build = 'encrypted' | 'clear'

const TURNS: readonly Build[] = ['encrypted', 'clear', 'clear', 'encrypted']
const JOINS_PER_ROUND = 10
const TRIAL_TURNS: readonly Build[] = ['encrypted', 'clear']
const TRIAL_JOINS = 2
const AIM_MEDIAN_MS = 2_000
const AIM_P95_MS = 3_000
const AIM_RATIO = 1.25
/** Of the machine, before the third comes: what the two pages that stay may use. */
const MOST_RESTING = 0.75
/** Of the time to the first frame: what tasks of the joining page's main thread may hold up. */
const MOST_HELD_UP = 0.9

export interface JoinRuns {
  encrypted: JoinRound
  clear: JoinRound
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
const times = (round: JoinRound): number[] => round.joins.map(({ ms }) => ms)
const named: Record<Build, string> = { encrypted: 'encrypted', clear: 'not encrypted (bench build)' }

function figuresOf(runs: JoinRuns): Figure[] {
  const both = (['encrypted', 'clear'] as const).flatMap((build): Figure[] => {
    const aims = build === 'encrypted'
    const each = { unit: 'ms', better: 'lower' } as const
    const label = `From pressing Join to the first picture of somebody else, ${named[build]}`
    return [
      {
        ...each,
        id: `${build}.median`,
        label: `${label}, median`,
        value: median(times(runs[build])),
        ...(aims ? { aim: AIM_MEDIAN_MS } : {}),
      },
      {
        ...each,
        id: `${build}.p95`,
        label: `${label}, 95th percentile`,
        value: percentile(times(runs[build]), 0.95),
        ...(aims ? { aim: AIM_P95_MS } : {}),
      },
    ]
  })
  const ratio = median(times(runs.encrypted)) / median(times(runs.clear))
  return [
    ...both,
    {
      id: 'ratio',
      label: 'Median time to join, encrypted against not encrypted',
      value: ratio,
      unit: '×',
      better: 'lower',
      aim: AIM_RATIO,
    },
  ]
}

const worst = (runs: JoinRuns, of: (joined: Joined) => number): number =>
  Math.max(...[...runs.encrypted.joins, ...runs.clear.joins].map(of))

function doubtsOf(runs: JoinRuns, expected: number): string[] {
  const doubts = (['encrypted', 'clear'] as const).flatMap((build) => {
    const { joins, dropped, restingBusy } = runs[build]
    return [
      ...(joins.length < expected
        ? [`${expected - joins.length} of ${expected} joins (${named[build]}) gave no picture: ${dropped[0]}`]
        : []),
      ...(restingBusy > MOST_RESTING
        ? [`the two who stay (${named[build]}) kept the machine ${percent(restingBusy)} busy`]
        : []),
    ]
  })
  const heldUp = worst(runs, (joined) => joined.heldUp)
  if (heldUp > MOST_HELD_UP)
    doubts.push(`a joining page's main thread was held up ${percent(heldUp)} of the time`)
  return doubts
}

/** What the rounds say. @param expected joins of each build */
export function summarize(runs: JoinRuns, expected: number): Measured {
  if (runs.encrypted.joins.length === 0 || runs.clear.joins.length === 0) {
    const why = [...runs.encrypted.dropped, ...runs.clear.dropped][0]
    return { figures: [], checks: [], doubts: [`not one join of a build gave a picture: ${why}`], plots: [] }
  }
  const doubts = doubtsOf(runs, expected)
  const resting = Math.max(runs.encrypted.restingBusy, runs.clear.restingBusy)
  const all = [...runs.encrypted.joins, ...runs.clear.joins]
  const points = (['encrypted', 'clear'] as const).flatMap((build): Point[] =>
    times(runs[build]).map((value) => ({ group: '', series: named[build], value })),
  )
  return {
    figures: figuresOf(runs),
    checks: [
      `${runs.encrypted.joins.length} and ${runs.clear.joins.length} joins by turns of the two builds, none dropped; each in a fresh browser context, cameras of 480 × 270 at 12 pictures a second`,
      `the machine was at most ${percent(resting)} busy with the two who stay (more than ${percent(MOST_RESTING)} and the run is refused)`,
      `tasks over 50 ms held the joining page's main thread up at most ${percent(worst(runs, ({ heldUp }) => heldUp))} of the time (more than ${percent(MOST_HELD_UP)} and the run is refused)`,
      `server, media worker and all three browsers share the machine, which was ${percent(median(all.map(({ machineBusy }) => machineBusy)))} busy in the median while the third joined: these times are bound by its processor`,
    ],
    doubts,
    plots: [{ title: 'From pressing Join to the first picture, each run', kind: 'runs', unit: 'ms', points }],
  }
}

function add(to: JoinRound, round: JoinRound): void {
  to.joins.push(...round.joins)
  to.dropped.push(...round.dropped)
  to.restingBusy = Math.max(to.restingBusy, round.restingBusy)
}

async function measure({ trial, progress, quietly }: BenchRun): Promise<Measured> {
  const turns = trial ? TRIAL_TURNS : TURNS
  const joins = trial ? TRIAL_JOINS : JOINS_PER_ROUND
  progress('building the client without encryption')
  const clearRoot = await buildClearClient()
  const empty = (): JoinRound => ({ joins: [], dropped: [], restingBusy: 0 })
  const runs: JoinRuns = { encrypted: empty(), clear: empty() }
  for (const build of turns) {
    progress(`${joins} joins, ${named[build]}`)
    const chromium = await ChromiumBrowser.launch()
    try {
      const where = build === 'clear' ? { webRoot: clearRoot } : {}
      add(runs[build], await runJoinRound({ chromium, joins, quietly, ...where }))
    } finally {
      await chromium.close()
    }
  }
  const rounds = turns.filter((build) => build === 'encrypted').length
  return summarize(runs, rounds * joins)
}

export const joinBench: Bench = { name: 'join', title: 'Joining a meeting of three', run: measure }
