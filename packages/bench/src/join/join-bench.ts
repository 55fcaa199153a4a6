/**
 * `npm run bench join`: time from pressing Join to the first picture of somebody else, three people in Chromium pages on
 * the real server. `npm run bench join-clear`: the same with and without encryption by turns, fewer joins of each.
 */
import { ChromiumBrowser } from '../../../../e2e/support/browsers.ts'
import type { Bench, BenchRun, Figure, Measured, Point } from '../run/bench.ts'
import { median, percentile } from '../run/statistics.ts'
import { buildClearClient } from './clear-build.ts'
import type { Joined, JoinRound } from './join-round.ts'
import { runJoinRound } from './join-round.ts'

type Build = 'encrypted' | 'clear'

/** Of one build alone, and of each of the two: as many as a minute has room for. */
const JOINS_ALONE = 8
const JOINS_BESIDE = 3
const TRIAL_JOINS = 2
const AIM_MEDIAN_MS = 2_000
const AIM_P95_MS = 3_000
const AIM_RATIO = 1.25
/** Of the machine, before the third comes: what the two pages that stay may use. */
const MOST_RESTING = 0.75
/** Of the time to the first frame: what tasks of the joining page's main thread may hold up. */
const MOST_HELD_UP = 0.9

export type JoinRuns = Partial<Record<Build, JoinRound>>

const percent = (share: number): string => `${Math.round(share * 100)} %`
const times = (round: JoinRound): number[] => round.joins.map(({ ms }) => ms)
const named: Record<Build, string> = { encrypted: 'encrypted', clear: 'not encrypted (bench build)' }

/** The builds that ran, in the order they did. */
const ran = (runs: JoinRuns): (readonly [Build, JoinRound])[] =>
  (['encrypted', 'clear'] as const).flatMap((build) => {
    const round = runs[build]
    return round ? [[build, round] as const] : []
  })

function figuresOf(runs: JoinRuns): Figure[] {
  const each = ran(runs).flatMap(([build, round]): Figure[] => {
    const aims = build === 'encrypted'
    const common = { unit: 'ms', better: 'lower' } as const
    const label = `From pressing Join to the first picture of somebody else, ${named[build]}`
    return [
      {
        ...common,
        id: `${build}.median`,
        label: `${label}, median`,
        value: median(times(round)),
        ...(aims ? { aim: AIM_MEDIAN_MS } : {}),
      },
      {
        ...common,
        id: `${build}.p95`,
        label: `${label}, 95th percentile`,
        value: percentile(times(round), 0.95),
        ...(aims ? { aim: AIM_P95_MS } : {}),
      },
    ]
  })
  if (!runs.encrypted || !runs.clear) return each
  const ratio = median(times(runs.encrypted)) / median(times(runs.clear))
  return [
    ...each,
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
  Math.max(...ran(runs).flatMap(([, { joins }]) => joins.map(of)))

function doubtsOf(runs: JoinRuns, expected: number): string[] {
  const doubts = ran(runs).flatMap(([build, { joins, dropped, restingBusy }]) => {
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
  const rounds = ran(runs)
  if (rounds.some(([, { joins }]) => joins.length === 0)) {
    const why = rounds.flatMap(([, { dropped }]) => dropped)[0]
    return { figures: [], checks: [], doubts: [`not one join of a build gave a picture: ${why}`], plots: [] }
  }
  const doubts = doubtsOf(runs, expected)
  const resting = Math.max(...rounds.map(([, { restingBusy }]) => restingBusy))
  const all = rounds.flatMap(([, { joins }]) => joins)
  const points = rounds.flatMap(([build, round]): Point[] =>
    times(round).map((value) => ({ group: '', series: named[build], value })),
  )
  const counts = rounds.map(([, { joins }]) => joins.length).join(' and ')
  const builds = rounds.length > 1 ? ' of the two builds, one after the other' : ''
  return {
    figures: figuresOf(runs),
    checks: [
      `${counts} joins${builds}, none dropped; each in a fresh browser context, cameras of 480 × 270 at 12 pictures a second`,
      `the machine was at most ${percent(resting)} busy with the two who stay (more than ${percent(MOST_RESTING)} and the run is refused)`,
      `tasks over 50 ms held the joining page's main thread up at most ${percent(worst(runs, ({ heldUp }) => heldUp))} of the time (more than ${percent(MOST_HELD_UP)} and the run is refused)`,
      `server, media worker and all three browsers share the machine, which was ${percent(median(all.map(({ machineBusy }) => machineBusy)))} busy in the median while the third joined: these times are bound by its processor`,
    ],
    doubts,
    plots: [{ title: 'From pressing Join to the first picture, each run', kind: 'runs', unit: 'ms', points }],
  }
}

async function measure(builds: readonly Build[], joins: number, run: BenchRun): Promise<Measured> {
  const { progress, quietly } = run
  if (builds.includes('clear')) progress('building the client without encryption')
  const clearRoot = builds.includes('clear') ? await buildClearClient() : null
  const runs: JoinRuns = {}
  const chromium = await ChromiumBrowser.launch({ whole: true })
  try {
    for (const build of builds) {
      progress(`${joins} joins, ${named[build]}`)
      const where = build === 'clear' && clearRoot !== null ? { webRoot: clearRoot } : {}
      runs[build] = await runJoinRound({ chromium, joins, quietly, ...where })
    }
  } finally {
    await chromium.close()
  }
  return summarize(runs, joins)
}

export const joinBench: Bench = {
  name: 'join',
  title: 'Joining a meeting of three',
  run: (run) => measure(['encrypted'], run.trial ? TRIAL_JOINS : JOINS_ALONE, run),
}

export const joinClearBench: Bench = {
  name: 'join-clear',
  title: 'Joining with and without encryption',
  run: (run) => measure(['encrypted', 'clear'], run.trial ? TRIAL_JOINS : JOINS_BESIDE, run),
}
