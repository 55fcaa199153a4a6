/** What the crowd bench says: time to join, and memory of the server, against the number of people. */
import type { Figure, Measured, Plot } from '../run/bench.ts'
import { median, percentile, slope } from '../run/statistics.ts'

export interface Join {
  /** In the meeting, the newcomer included. */
  people: number
  /** Those of them who compute. */
  awake: number
  /** From the start until the newcomer is in the meeting and a member has answered it. */
  inMs: number
  /** Until the first picture was opened; null where that was not measured. */
  pictureMs: number | null
  /** How long those whose work a join is made of waited for a core, against the time of the join. */
  waitedShare: number
  /** Of the bots' event loop, 0 to 1. */
  loopBusy: number
}

export interface Memory {
  people: number
  /** Resident, of the server's process. */
  serverBytes: number
  /** Of the media worker. */
  workerBytes: number
}

/** Sizes of meetings that joins are told of, the newcomer included. */
const SIZES = [2, 12, 25, 50, 100]
const MOST_WAITED = 0.15
const MOST_LOOP = 0.9
const LEAST_JOINS = 3

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** Whether the bots' machine, not server or client, set the time of this join. */
export const isLimited = ({ waitedShare, loopBusy }: Join): boolean =>
  waitedShare > MOST_WAITED || loopBusy > MOST_LOOP

function joinFigures(joins: readonly Join[]): Pick<Measured, 'figures'> & { omitted: string[] } {
  const figures: Figure[] = []
  const omitted: string[] = []
  for (const size of SIZES) {
    const all = joins.filter(({ people }) => people === size)
    const good = all.filter((join) => !isLimited(join))
    const label = `Joining a meeting of ${size} people, until in it`
    if (all.length === 0) continue
    if (good.length < LEAST_JOINS) {
      omitted.push(
        `${label}: in ${all.length - good.length} of ${all.length} joins the bots' machine was the limit, and ${LEAST_JOINS} good ones are needed`,
      )
      continue
    }
    const each = { unit: 'ms', better: 'lower', note: `${good.length} joins` } as const
    const times = good.map(({ inMs }) => inMs)
    figures.push(
      { ...each, id: `join.${size}.median`, label: `${label}, median`, value: median(times) },
      { ...each, id: `join.${size}.p95`, label: `${label}, 95th percentile`, value: percentile(times, 0.95) },
    )
    const pictures = good.map(({ pictureMs }) => pictureMs).filter((ms) => ms !== null)
    if (pictures.length < LEAST_JOINS) continue
    const seen = `Joining a meeting of ${size} people, until the first picture is opened`
    figures.push(
      { ...each, id: `picture.${size}.median`, label: `${seen}, median`, value: median(pictures) },
      {
        ...each,
        id: `picture.${size}.p95`,
        label: `${seen}, 95th percentile`,
        value: percentile(pictures, 0.95),
      },
    )
  }
  return { figures, omitted }
}

const mib = (bytes: number): number => bytes / 2 ** 20

function memoryFigures(memories: readonly Memory[]): Figure[] {
  if (memories.length < 2) return []
  const grown = (of: (memory: Memory) => number) => slope(memories.map((one) => [one.people, mib(of(one))]))
  const counts = memories.map(({ people }) => people).join(', ')
  const last = memories.at(-1) as Memory
  const each = { unit: 'MiB', better: 'lower' } as const
  const note = `slope over ${counts} people`
  return [
    {
      ...each,
      id: 'memory.whole',
      label: 'Memory of the server for one more participant, media worker included',
      value: grown(({ serverBytes, workerBytes }) => serverBytes + workerBytes),
      note,
    },
    {
      ...each,
      id: 'memory.server',
      label: "Memory of the server's own process for one more participant",
      value: grown(({ serverBytes }) => serverBytes),
      note,
    },
    {
      ...each,
      id: 'memory.worker',
      label: 'Memory of the media worker for one more participant',
      value: grown(({ workerBytes }) => workerBytes),
      note,
    },
    {
      ...each,
      id: 'memory.full',
      label: `Memory of server and media worker with ${last.people} people`,
      value: mib(last.serverBytes + last.workerBytes),
    },
  ]
}

function plotsOf(joins: readonly Join[], memories: readonly Memory[]): Plot[] {
  const join: Plot = {
    title: 'Time to join against the number of people, each join',
    kind: 'curve',
    unit: 'ms',
    across: 'people in the meeting',
    points: joins.flatMap(({ people, inMs, pictureMs, ...how }) => {
      const limited = isLimited({ people, inMs, pictureMs, ...how })
      const series = limited ? 'refused: bots the limit' : 'in the meeting'
      const picture =
        limited || pictureMs === null
          ? []
          : [{ group: '', series: 'first picture', x: people, value: pictureMs }]
      return [{ group: '', series, x: people, value: inMs }, ...picture]
    }),
  }
  const memory: Plot = {
    title: 'Memory against the number of people',
    kind: 'curve',
    unit: 'MiB',
    across: 'people in the meeting',
    points: memories.flatMap(({ people, serverBytes, workerBytes }) => [
      { group: '', series: "server's process", x: people, value: mib(serverBytes) },
      { group: '', series: 'media worker', x: people, value: mib(workerBytes) },
    ]),
  }
  return [join, memory]
}

export function summarize(joins: readonly Join[], memories: readonly Memory[]): Measured {
  const { figures, omitted } = joinFigures(joins)
  const limited = joins.filter(isLimited).length
  return {
    figures: [...figures, ...memoryFigures(memories)],
    checks: [
      `${joins.length} joins one after another, of real participants over the real server, each with its MLS engine in a thread of its own; ${limited} of them left out because a thread that they are made of waited for a core more than ${percent(MOST_WAITED)} of the time or the bots' event loop was more than ${percent(MOST_LOOP)} busy`,
      `the newcomer and the first member, who lets it in, compute; the others sleep: they have real key packages, leaves and media transports, but open no commit, so the tree holds fewer path keys than after a long meeting; each newcomer leaves before the next one comes`,
      'memory is resident memory, after a garbage collection, when everybody is seated and has both media transports',
    ],
    doubts: figures.length === 0 ? ["in all joins the bots' machine was the limit"] : [],
    omitted,
    plots: plotsOf(joins, memories),
  }
}
