/** What the runs of the forward bench say: of each contestant, and of us against each other one. */
import type { Figure, Measured, Plot, Point, Unit } from '../run/bench.ts'
import { median, medianRatio, percentile } from '../run/statistics.ts'
import { LEAST_DELIVERED, MOST_LOOP } from './forward-doubts.ts'
import type { ForwardRun } from './forward-run.ts'
import { PACKETS_PER_SECOND, RECEIVERS } from './forward-run.ts'

const OURS = 'Huis clos'
const OTHERS = ['mediasoup alone', 'Janus', 'bare UDP'] as const
const FLOOR = 'bare UDP'
/** The whole server may cost a tenth of what mediasoup alone forwards, and add a quarter to its delay. */
const AIMS: Readonly<Record<string, number>> = { 'rate.mediasoup-alone': 0.9, 'delay.mediasoup-alone': 1.25 }
const SETTING = `1 to ${RECEIVERS} at ${PACKETS_PER_SECOND.toLocaleString('en-GB')} packets/s`
/** A 99th percentile is the contestant's own when the floor, which is the bots' own part, is below half of it. */
const MOST_FLOOR = 0.5

interface Kind {
  id: string
  label: string
  unit: Unit
  better: Figure['better']
  /** Null where the contestant has no such thing. */
  of(run: ForwardRun): number | null
}

const PEOPLE = RECEIVERS + 1
const KINDS: readonly Kind[] = [
  {
    id: 'rate',
    label: 'packets out for a core',
    unit: 'packets/s',
    better: 'higher',
    of: ({ received, coreSeconds }) => received / coreSeconds,
  },
  {
    id: 'cpu',
    label: 'processor for a participant, of one core',
    unit: '%',
    better: 'lower',
    of: ({ coreSeconds, seconds }) => (coreSeconds / seconds / PEOPLE) * 100,
  },
  {
    id: 'memory',
    label: 'memory for a participant',
    unit: 'MiB',
    better: 'lower',
    of: ({ grownBytes }) => (grownBytes === null ? null : grownBytes / PEOPLE / 2 ** 20),
  },
  {
    id: 'delay',
    label: 'delay, median',
    unit: 'ms',
    better: 'lower',
    of: ({ delaysMs }) => median(delaysMs),
  },
  {
    id: 'delay99',
    label: 'delay, 99th percentile',
    unit: 'ms',
    better: 'lower',
    of: ({ delaysMs }) => percentile(delaysMs, 0.99),
  },
]

type RunsOf = (name: string) => readonly ForwardRun[]

/** Ours is a new one since signalling counts, too: not to be compared with figures of the media worker alone. */
const idOf = (name: string): string => (name === OURS ? 'ours' : name.replaceAll(' ', '-').toLowerCase())
const capital = (text: string): string => text[0]?.toUpperCase() + text.slice(1)

/** All runs' values; null where one has none. */
function valuesOf(kind: Kind, runs: readonly ForwardRun[]): number[] | null {
  const values = runs.map(kind.of).filter((value) => value !== null)
  return values.length < runs.length || values.length === 0 ? null : values
}

/** A figure, or why there is none. */
type Said = { figure: Figure } | { omitted: string }

function ownFigures(of: RunsOf, name: string): Said[] {
  const floor = medianOfDelay99(of(FLOOR))
  return KINDS.flatMap((kind): Said[] => {
    const values = valuesOf(kind, of(name))
    if (values === null) return []
    const label = `${name}, ${SETTING}: ${kind.label}`
    const value = median(values)
    if (kind.id === 'delay99' && name !== FLOOR && floor > value * MOST_FLOOR)
      return [{ omitted: `${label}: the bots themselves, as bare UDP shows, make packets that late` }]
    const { unit, better } = kind
    return [{ figure: { id: `${idOf(name)}.${kind.id}`, label, value, unit, better } }]
  })
}

const medianOfDelay99 = (runs: readonly ForwardRun[]): number =>
  runs.length === 0 ? 0 : median(runs.map(({ delaysMs }) => percentile(delaysMs, 0.99)))

/** Each contestant's runs in the order they ran: the n-th of each stood side by side. */
function ratioFigures(of: RunsOf, other: string, omitted: (id: string) => boolean): Figure[] {
  return KINDS.flatMap((kind): Figure[] => {
    const ours = valuesOf(kind, of(OURS))
    const theirs = valuesOf(kind, of(other))
    const own = [OURS, other].map((name) => `${idOf(name)}.${kind.id}`)
    if (ours === null || theirs === null || own.some(omitted)) return []
    const id = `${kind.id}.${idOf(other)}`
    const aim = AIMS[id]
    const label = `${capital(kind.label)}, ${OURS} against ${other}`
    const value = medianRatio(ours, theirs)
    return [{ id, label, value, unit: '×', better: kind.better, ...(aim === undefined ? {} : { aim }) }]
  })
}

function plotsOf(runs: readonly ForwardRun[]): Plot[] {
  return KINDS.filter(({ id }) => id !== 'delay99').map(({ id, label, unit, of }): Plot => {
    const points = runs.flatMap((run): Point[] => {
      const value = of(run)
      return value === null ? [] : [{ group: id === 'delay' ? 'median' : '', series: run.name, value }]
    })
    const late = runs.map(({ name, delaysMs }) => ({
      group: '99th percentile',
      series: name,
      value: percentile(delaysMs, 0.99),
    }))
    const title = id === 'delay' ? 'Delay of a packet' : capital(label)
    return {
      title: `${title}, each run, ${SETTING}`,
      kind: 'runs',
      unit,
      points: id === 'delay' ? [...points, ...late] : points,
    }
  })
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

function checksOf(runs: readonly ForwardRun[], each: number): string[] {
  const delivered = Math.min(...runs.map(({ sent, received }) => received / (sent * RECEIVERS)))
  const loop = Math.max(...runs.map(({ loopBusy }) => loopBusy))
  return [
    `${each} runs of ${(runs[0]?.seconds ?? 0).toFixed(1)} s each by turns, all over the same bots' DTLS-SRTP (bare UDP: none); at least ${(delivered * 100).toFixed(1)} % of all packets arrived (less than ${percent(LEAST_DELIVERED)} and the run is refused), and the sender kept its rate`,
    `the bots' event loop was at most ${percent(loop)} busy (more than ${percent(MOST_LOOP)} and the run is refused)`,
    'processor time and memory are those of all processes that forward, system calls included, and for us of signalling, too, whose sessions the others lack or have few of; memory is what grew since before the first came; delays run from one call to the other within the bots, whose own turns they contain',
  ]
}

/** @param runs by turns; as many of each contestant */
export function summarize(runs: readonly ForwardRun[]): Omit<Measured, 'doubts'> {
  if (runs.some(({ received, coreSeconds }) => received === 0 || coreSeconds <= 0))
    return { figures: [], checks: [], omitted: [], plots: [] }
  const of: RunsOf = (name) => runs.filter((run) => run.name === name)
  const said = [OURS, ...OTHERS].flatMap((name) => ownFigures(of, name))
  const own = said.flatMap((one) => ('figure' in one ? [one.figure] : []))
  const isOmitted = (id: string): boolean => !own.some((figure) => figure.id === id)
  const ratios = OTHERS.flatMap((other) => ratioFigures(of, other, isOmitted))
  return {
    figures: [...ratios, ...own],
    checks: checksOf(runs, of(OURS).length),
    omitted: said.flatMap((one) => ('omitted' in one ? [one.omitted] : [])),
    plots: plotsOf(runs),
  }
}
