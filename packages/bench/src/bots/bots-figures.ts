/** What one bot costs: the difference between a meeting with few of them and one with many. */
import type { Figure, Measured } from '../run/bench.ts'

/** A meeting at rest, of which one sends sound and pictures and all others open both. */
export interface Watched {
  listeners: number
  seconds: number
  /** Processor time of the bots' whole process, MLS included. */
  coreSeconds: number
  residentBytes: number
  /** Of their event loop, 0 to 1. */
  loopBusy: number
  /** Frames sent, and frames opened by all together. */
  sent: number
  opened: number
}

const MOST_LOOP = 0.9
const LEAST_OPENED = 0.98
const percent = (share: number): string => `${Math.round(share * 100)} %`

function doubtsOf(watched: readonly Watched[]): string[] {
  return watched.flatMap(({ listeners, loopBusy, sent, opened }) => [
    ...(loopBusy > MOST_LOOP
      ? [`${listeners} listeners kept the bots' event loop ${percent(loopBusy)} busy`]
      : []),
    ...(opened < sent * listeners * LEAST_OPENED
      ? [`${listeners} listeners opened ${percent(opened / (sent * listeners))} of the frames`]
      : []),
  ])
}

export function summarize(few: Watched, many: Watched): Measured {
  const more = many.listeners - few.listeners
  const share = (of: Watched): number => of.coreSeconds / of.seconds
  const cpu = ((share(many) - share(few)) / more) * 100
  const memory = (many.residentBytes - few.residentBytes) / more / 2 ** 20
  const note = `between ${few.listeners} and ${many.listeners} of them`
  const figures: Figure[] = [
    {
      id: 'cpu',
      label: 'Processor for one bot that listens, of one core',
      value: cpu,
      unit: '%',
      better: 'lower',
      note,
    },
    {
      id: 'memory',
      label: 'Memory for one bot that listens',
      value: memory,
      unit: 'MiB',
      better: 'lower',
      note,
    },
  ]
  const busiest = Math.max(few.loopBusy, many.loopBusy)
  return {
    figures,
    checks: [
      `each bot is a full participant that opens one sound (50 frames a second) and one picture (20 a second) of somebody else; ${percent(many.opened / (many.sent * many.listeners))} of the frames were opened (less than ${percent(LEAST_OPENED)} and the run is refused)`,
      `the bots' event loop was at most ${percent(busiest)} busy (more than ${percent(MOST_LOOP)} and the run is refused); server and media worker are processes of their own and not counted`,
    ],
    doubts: doubtsOf([few, many]),
    plots: [],
  }
}
