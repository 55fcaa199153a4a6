/** What the runs of the forward bench say, and when they are not to be believed. */
import type { Figure, Measured, Plot, Point } from '../run/bench.ts'
import { median, percentile } from '../run/statistics.ts'

export const RECEIVERS = 20
/** What bots on one event loop take in without being the limit themselves. */
export const PACKETS_PER_SECOND = 400
/** Of clear frames, one packet each. */
export const FRAME_BYTES = 1_100

export interface ForwardRun {
  name: string
  seconds: number
  /** Processor time of the forwarding process. */
  coreSeconds: number
  sent: number
  received: number
  delaysMs: number[]
  /** Of the bots' event loop, 0 to 1. */
  loopBusy: number
}

const OURS = 'Huis clos'
const BARE = 'mediasoup alone'
const FLOOR = 'bare UDP'
const LEAST_DELIVERED = 0.99
const LEAST_SENT = 0.97
const MOST_LOOP = 0.9
/** Our server may cost a tenth of what mediasoup alone forwards, and add a quarter to its delay. */
const AIM_RATE_RATIO = 0.9
const AIM_DELAY_RATIO = 1.25
const SETTING = `1 to ${RECEIVERS} at ${PACKETS_PER_SECOND.toLocaleString('en-GB')} packets/s`

const percent = (share: number): string => `${Math.round(share * 100)} %`
const perCore = ({ received, coreSeconds }: ForwardRun): number => received / coreSeconds
const middleDelay = ({ delaysMs }: ForwardRun): number => median(delaysMs)
const lateDelay = ({ delaysMs }: ForwardRun): number => percentile(delaysMs, 0.99)

function doubtsOf(runs: readonly ForwardRun[]): string[] {
  const doubts = runs.flatMap(({ name, sent, received, seconds, loopBusy, coreSeconds }) => {
    const found: string[] = []
    if (sent < PACKETS_PER_SECOND * seconds * LEAST_SENT)
      found.push(`${name}: the sender made only ${Math.round(sent / seconds)} packets/s`)
    if (received < sent * RECEIVERS * LEAST_DELIVERED)
      found.push(`${name}: ${percent(received / (sent * RECEIVERS))} of the packets arrived`)
    if (loopBusy > MOST_LOOP) found.push(`${name}: the bots' event loop was ${percent(loopBusy)} busy`)
    if (coreSeconds <= 0) found.push(`${name}: the forwarder used no processor time that could be measured`)
    return found
  })
  return [...new Set(doubts)]
}

/** Each forwarder's runs in the order they ran: the n-th of each stood side by side. */
function figuresOf(of: (name: string) => ForwardRun[]): Figure[] {
  const each = [OURS, BARE, FLOOR].flatMap((name): Figure[] => {
    const id = name.replaceAll(' ', '-').toLowerCase()
    const runs = of(name)
    const label = `${name}, ${SETTING}`
    return [
      {
        id: `${id}.rate`,
        label: `${label}: packets out for a core`,
        value: median(runs.map(perCore)),
        unit: 'packets/s',
        better: 'higher',
      },
      {
        id: `${id}.delay`,
        label: `${label}: delay, median`,
        value: median(runs.map(middleDelay)),
        unit: 'ms',
        better: 'lower',
      },
      {
        id: `${id}.delay99`,
        label: `${label}: delay, 99th percentile`,
        value: median(runs.map(lateDelay)),
        unit: 'ms',
        better: 'lower',
      },
    ]
  })
  const ratio = (over: string, value: (run: ForwardRun) => number): number =>
    median(of(OURS).map((run, i) => value(run) / value(of(over)[i] as ForwardRun)))
  return [
    {
      id: 'rate.bare',
      label: `Packets out for a core, ${OURS} against ${BARE}`,
      value: ratio(BARE, perCore),
      unit: '×',
      better: 'higher',
      aim: AIM_RATE_RATIO,
    },
    {
      id: 'rate.floor',
      label: `Packets out for a core, ${OURS} against ${FLOOR}`,
      value: ratio(FLOOR, perCore),
      unit: '×',
      better: 'higher',
    },
    {
      id: 'delay.bare',
      label: `Median delay, ${OURS} against ${BARE}`,
      value: ratio(BARE, middleDelay),
      unit: '×',
      better: 'lower',
      aim: AIM_DELAY_RATIO,
    },
    {
      id: 'delay.floor',
      label: `Median delay, ${OURS} against ${FLOOR}`,
      value: ratio(FLOOR, middleDelay),
      unit: '×',
      better: 'lower',
    },
    ...each,
  ]
}

function plotsOf(runs: readonly ForwardRun[]): Plot[] {
  const points = (value: (run: ForwardRun) => number, group = ''): Point[] =>
    runs.map((run) => ({ group, series: run.name, value: value(run) }))
  return [
    {
      title: `Packets out for a core, each run, ${SETTING}`,
      kind: 'runs',
      unit: 'packets/s',
      points: points(perCore),
    },
    {
      title: `Delay of a packet, each run, ${SETTING}`,
      kind: 'runs',
      unit: 'ms',
      points: [...points(middleDelay, 'median'), ...points(lateDelay, '99th percentile')],
    },
  ]
}

/** @param runs by turns; as many of each forwarder */
export function summarize(runs: readonly ForwardRun[]): Measured {
  const doubts = doubtsOf(runs)
  if (runs.some(({ received, coreSeconds }) => received === 0 || coreSeconds <= 0))
    return { figures: [], checks: [], doubts, plots: [] }
  const of = (name: string): ForwardRun[] => runs.filter((run) => run.name === name)
  const delivered = Math.min(...runs.map(({ sent, received }) => received / (sent * RECEIVERS)))
  const loop = Math.max(...runs.map(({ loopBusy }) => loopBusy))
  return {
    figures: figuresOf(of),
    checks: [
      `${of(OURS).length} runs of ${Math.round(runs[0]?.seconds ?? 0)} s each by turns; at least ${(delivered * 100).toFixed(1)} % of all packets arrived (less than ${percent(LEAST_DELIVERED)} and the run is refused), and the sender kept its rate`,
      `the bots' event loop was at most ${percent(loop)} busy (more than ${percent(MOST_LOOP)} and the run is refused)`,
      'a core is counted as processor time of the forwarding process, system calls included; delays run from one call to the other within the bots, whose own turns they contain',
    ],
    doubts,
    plots: plotsOf(runs),
  }
}
