/** What one bot costs: the difference between a meeting with few of them and one with many. */
import type { QualityReport } from '@huisclos/node-media'
import type { Figure, Measured } from '../run/bench.ts'
import { median } from '../run/statistics.ts'

/** A meeting at rest, of which one sends sound and pictures and all others open both. */
export interface Watched {
  listeners: number
  seconds: number
  /** Processor time of the bots' whole process, MLS included. */
  coreSeconds: number
  residentBytes: number
  /** Of their event loop, 0 to 1. */
  loopBusy: number
  /** Frames that one listener could open (one layer's of a picture), and those that all opened together. */
  sent: number
  opened: number
}

/** What each bot says at the end. */
export interface BotReport {
  streams: readonly ({ kind: 'audio' | 'video' } & QualityReport)[]
  /** Epochs of the group that it went through. */
  epochs: number
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

const named = { audio: 'sound', video: 'picture' } as const

function reportFigures(reports: readonly BotReport[]): Figure[] {
  const streams = reports.flatMap((report) => report.streams)
  const expected = streams.reduce((sum, stream) => sum + stream.expected, 0)
  const lost = streams.reduce((sum, stream) => sum + stream.lost, 0)
  const each = { better: 'lower', note: `as ${streams.length} streams' receivers report it` } as const
  const loss: Figure = {
    ...each,
    id: 'loss',
    label: 'Packets lost',
    value: (lost / expected) * 100,
    unit: '%',
  }
  const byKind = (['audio', 'video'] as const).flatMap((kind): Figure[] => {
    const own = streams.filter((stream) => stream.kind === kind)
    const first = own.map(({ firstFrameMs }) => firstFrameMs).filter((ms) => ms !== null)
    if (first.length === 0) return []
    const jitter = median(own.map(({ jitterMs }) => jitterMs))
    const start = `From being offered ${named[kind]} to the first opened frame, median`
    return [
      { ...each, id: `jitter.${kind}`, label: `Jitter of ${named[kind]}, median`, value: jitter, unit: 'ms' },
      { ...each, id: `first.${kind}`, label: start, value: median(first), unit: 'ms' },
    ]
  })
  return [loss, ...byKind]
}

function reportDoubts(reports: readonly BotReport[]): string[] {
  const silent = reports.filter(({ streams }) => streams.some(({ firstFrameMs }) => firstFrameMs === null))
  return silent.length > 0 ? [`${silent.length} bots opened nothing of a stream`] : []
}

export function summarize(few: Watched, many: Watched, reports: readonly BotReport[]): Measured {
  const more = many.listeners - few.listeners
  const share = (of: Watched): number => of.coreSeconds / of.seconds
  const cpu = ((share(many) - share(few)) / more) * 100
  const memory = (many.residentBytes - few.residentBytes) / more / 2 ** 20
  const note = `between ${few.listeners} and ${many.listeners} of them`
  const each = { better: 'lower', note } as const
  const busiest = Math.max(few.loopBusy, many.loopBusy)
  const epochs = reports.map((report) => report.epochs)
  return {
    figures: [
      { ...each, id: 'cpu', label: 'Processor for one bot that listens, of one core', value: cpu, unit: '%' },
      { ...each, id: 'memory', label: 'Memory for one bot that listens', value: memory, unit: 'MiB' },
      ...reportFigures(reports),
    ],
    checks: [
      `each bot is a full participant that opens one sound (Opus, 50 frames a second) and the largest of three simulcast layers of one picture (VP8, 640 × 360, 20 a second, 0.5 Mbit/s) of somebody else, both really encoded; ${percent(many.opened / (many.sent * many.listeners))} of the frames were opened (less than ${percent(LEAST_OPENED)} and the run is refused); they went through ${Math.min(...epochs)} to ${Math.max(...epochs)} epochs`,
      `the bots' event loop was at most ${percent(busiest)} busy (more than ${percent(MOST_LOOP)} and the run is refused); server and media worker are processes of their own and not counted`,
    ],
    doubts: [...doubtsOf([few, many]), ...reportDoubts(reports)],
    plots: [],
  }
}
