/**
 * What the rounds of the phone bench say: how much later sound is for having gone through the bridge, and what a hundred
 * calls cost it. Where the load generator itself was late, figures of time are left out.
 */
import type { Figure, Measured, Point } from '../run/bench.ts'
import { median, percentile } from '../run/statistics.ts'
import type { Flow } from './heard-sound.ts'

export type Way = 'to-meeting' | 'to-phone'

export interface WayHeard {
  /** Of each chirp, without what the measuring ends take themselves; null: it was not heard. */
  addedMs: (number | null)[]
  flow: Flow
}

export interface PhoneRound {
  calls: number
  meetings: number
  heard: Record<Way, WayHeard>
  /** Of the telephones' packets: how late they left. */
  phonesLateMs: number[]
  phonesBusy: number
  /** Of the event loop with all meetings' hosts. */
  hostsBusy: number
  /** Of the whole machine, 0 to 1. */
  machineBusy: number
  hungUp: number
  seconds: number
  bridge: { coreSeconds: number; loopSeconds: number; residentBytes: number }
}

export interface PhoneRounds {
  few: PhoneRound
  many: PhoneRound
  /** Of the measuring end's own encoder and decoder, which every delay towards a telephone is without. */
  ownCodecMs: number
}

const AIM_MS = 150
const MOST_LOOP = 0.9
const MOST_LATE_MS = 5
const LEAST_CHIRPS = 50
const WAYS = {
  'to-meeting': 'from a telephone to the meeting',
  'to-phone': 'from the meeting to a telephone',
}
const MOST_POINTS = 150

const percent = (share: number): string => `${Math.round(share * 100)} %`
const named = ({ calls, meetings }: PhoneRound): string =>
  `${calls} calls in ${meetings} ${meetings === 1 ? 'meeting' : 'meetings'}`
const heardOf = ({ addedMs }: WayHeard): number[] => addedMs.filter((ms) => ms !== null)

function doubtsOf(round: PhoneRound): string[] {
  const what = named(round)
  const unheard = Object.values(round.heard).some((way) => heardOf(way).length < LEAST_CHIRPS)
  return [
    ...(round.phonesBusy > MOST_LOOP
      ? [`${what}: the telephones kept their event loop ${percent(round.phonesBusy)} busy`]
      : []),
    ...(round.hostsBusy > MOST_LOOP
      ? [`${what}: the meetings' hosts kept their event loop ${percent(round.hostsBusy)} busy`]
      : []),
    ...(round.hungUp > 0 ? [`${what}: ${round.hungUp} calls ended by themselves`] : []),
    ...(unheard ? [`${what}: fewer than ${LEAST_CHIRPS} chirps were heard`] : []),
  ]
}

/** Whether the telephones themselves kept their beat. */
const isPunctual = ({ phonesLateMs }: PhoneRound): boolean => percentile(phonesLateMs, 0.99) <= MOST_LATE_MS

function delays(round: PhoneRound, id: string): Figure[] {
  return (Object.keys(WAYS) as Way[]).flatMap((way) => {
    const added = heardOf(round.heard[way])
    // The run is refused for it.
    if (added.length === 0) return []
    const each = { unit: 'ms', better: 'lower', note: `${named(round)}, ${added.length} chirps` } as const
    const label = `Added by the way through the bridge, ${WAYS[way]}`
    return [
      { ...each, id: `${id}.${way}.median`, label: `${label}, median`, value: median(added) },
      {
        ...each,
        id: `${id}.${way}.p99`,
        label: `${label}, 99th percentile`,
        value: percentile(added, 0.99),
        aim: AIM_MS,
      },
    ]
  })
}

function losses(round: PhoneRound): Figure[] {
  const note = named(round)
  return (Object.keys(WAYS) as Way[]).flatMap((way) => {
    const { addedMs, flow } = round.heard[way]
    const share = (count: number, of: number) => (of === 0 ? 0 : (count / of) * 100)
    const each = { unit: '%', better: 'lower', note } as const
    return [
      {
        ...each,
        id: `many.${way}.lost`,
        label: `Packets lost ${WAYS[way]}`,
        value: share(flow.lost, flow.expected),
        aim: 0.1,
      },
      {
        ...each,
        id: `many.${way}.late`,
        label: `Packets more than 20 ms late ${WAYS[way]}`,
        value: share(flow.late, flow.expected),
        aim: 1,
      },
      {
        ...each,
        id: `many.${way}.unheard`,
        label: `Chirps lost or torn ${WAYS[way]}`,
        value: share(addedMs.length - heardOf(round.heard[way]).length, addedMs.length),
        aim: 1,
      },
    ]
  })
}

function costs(few: PhoneRound, many: PhoneRound): Figure[] {
  const cores = many.bridge.coreSeconds / many.seconds
  const grown = many.bridge.residentBytes - few.bridge.residentBytes
  const note = named(many)
  return [
    {
      id: 'many.cpu',
      label: 'Processor of the bridge for one call, of one core',
      value: (cores / many.calls) * 100,
      unit: '%',
      better: 'lower',
      note,
    },
    {
      id: 'many.per-core',
      label: 'Calls for one core',
      value: many.calls / cores,
      unit: 'calls',
      better: 'higher',
      note,
    },
    {
      id: 'many.loop',
      label: "The bridge's main thread, which all calls share, of one core",
      value: (many.bridge.loopSeconds / many.seconds) * 100,
      unit: '%',
      better: 'lower',
      note,
      aim: 80,
    },
    {
      id: 'many.memory',
      label: 'Memory of the bridge for one more call and its share of a meeting',
      value: grown / (many.calls - few.calls) / 2 ** 20,
      unit: 'MiB',
      better: 'lower',
      note: `from ${named(few)} to ${note}`,
    },
  ]
}

function pointsOf(round: PhoneRound): Point[] {
  return (Object.keys(WAYS) as Way[]).flatMap((way) =>
    heardOf(round.heard[way])
      .slice(0, MOST_POINTS)
      .map((value) => ({ group: named(round), series: WAYS[way], value })),
  )
}

export function summarize({ few, many, ownCodecMs }: PhoneRounds): Measured {
  const punctual = [few, many].filter(isPunctual)
  const busy = (of: 'phonesBusy' | 'hostsBusy') => percent(Math.max(few[of], many[of]))
  const timed = (round: PhoneRound, figures: Figure[]) => (punctual.includes(round) ? figures : [])
  const untimely = [few, many].filter((round) => !punctual.includes(round))
  return {
    figures: [
      ...timed(few, delays(few, 'few')),
      ...timed(many, delays(many, 'many')),
      ...timed(many, losses(many)),
      ...costs(few, many),
    ],
    omitted: untimely.map(
      (round) => `delays and late packets of ${named(round)}: the telephones themselves were late`,
    ),
    checks: [
      `a delay runs from the moment at which a packet leaves that begins with a chirp, until the packet with the chirp's first sample has come and its turn in it has: the sender's own packet is not in it, the way through the bridge, the server and all their buffers is; towards a telephone it is without the ${ownCodecMs.toFixed(1)} ms of the meeting's end's own Opus encoder`,
      `telephones, bridge, server, media worker and the meetings' hosts are processes of their own on one machine, which was ${percent(many.machineBusy)} busy with ${named(many)}; calls are PCMU over UDP in MLS meetings with SFrame; two in ten callers speak all the time, the others make a line's noise, all a chirp every two seconds`,
      `the telephones' event loop was at most ${busy('phonesBusy')} busy, that of the hosts ${busy('hostsBusy')} (more than ${percent(MOST_LOOP)} and the run is refused); 99 % of the telephones' packets left at most ${percentile(many.phonesLateMs, 0.99).toFixed(1)} ms late (more than ${MOST_LATE_MS} ms and no delays are given)`,
    ],
    doubts: [...doubtsOf(few), ...doubtsOf(many)],
    plots: [
      {
        title: 'Added by the way through the bridge, each chirp',
        kind: 'runs',
        unit: 'ms',
        points: [few, many].flatMap(pointsOf),
      },
    ],
  }
}
