/** What the runs of the record bench say: the same meeting forwarded and recorded, against forwarded alone. */
import type { Figure, Measured, Plot } from '../run/bench.ts'
import { median } from '../run/statistics.ts'
import type { WriterCost } from './writer-load.ts'

/** Cores in use, 1 being one core. */
export interface Cores {
  server: number
  /** The media worker. */
  worker: number
}

/** The same meeting with a recording and without. */
export interface RecordRun {
  plain: Cores
  recorded: Cores
  /** Packets on the disk for each second of the recording. */
  packetsPerSecond: number
  /** Streams that it holds. */
  streams: number
  /** Of the bots' event loop, 0 to 1, the busier half. */
  loopBusy: number
}

export interface RecordSetting {
  people: number
  /** Sounds and pictures that are recorded. */
  streams: number
}

const AIM = 1.1
const MOST_LOOP = 0.9
/** Of 50 packets of sound a second from each; pictures come on top. */
const LEAST_PACKETS = 45
const percent = (share: number): string => `${Math.round(share * 100)} %`

function doubtsOf(runs: readonly RecordRun[], { people, streams }: RecordSetting): string[] {
  const doubts = runs.flatMap((run) => [
    ...(run.streams < streams ? [`a recording holds ${run.streams} of ${streams} streams`] : []),
    ...(run.packetsPerSecond < LEAST_PACKETS * people ? ['a recording lacks packets'] : []),
    ...(run.loopBusy > MOST_LOOP ? [`the bots kept their event loop ${percent(run.loopBusy)} busy`] : []),
    ...(run.plain.server + run.plain.worker <= 0
      ? ['the server used no processor time that could be measured']
      : []),
  ])
  return [...new Set(doubts)]
}

const all = ({ server, worker }: Cores): number => server + worker

const roundsOf = (runs: readonly RecordRun[]): Plot => ({
  title: 'Server and media worker, each round',
  kind: 'runs',
  unit: '%',
  points: runs.flatMap(({ plain, recorded }) => [
    { group: '', series: 'forwarding', value: all(plain) * 100 },
    { group: '', series: 'forwarding and recording', value: all(recorded) * 100 },
  ]),
})

export function summarize(runs: readonly RecordRun[], writer: WriterCost, setting: RecordSetting): Measured {
  const { people, streams } = setting
  const packets = median(runs.map(({ packetsPerSecond }) => packetsPerSecond))
  const ratios = runs.map(({ plain, recorded }) => all(recorded) / all(plain))
  const extraUs = (of: keyof Cores) =>
    median(runs.map((run) => ((run.recorded[of] - run.plain[of]) * 1e6) / run.packetsPerSecond))
  const share = (of: 'plain' | 'recorded') => median(runs.map((run) => all(run[of]) * 100))
  const note = `${people} people who all see and hear each other, ${streams} streams recorded, ${Math.round(packets)} packets/s on the disk`
  const each = { better: 'lower', note } as const
  const figures: Figure[] = [
    {
      ...each,
      id: 'ratio',
      label: 'Forwarding and recording a meeting against forwarding it',
      value: median(ratios),
      unit: '×',
      aim: AIM,
      note: `${note}; rounds from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    },
    {
      ...each,
      id: 'cpu.plain',
      label: 'Processor of server and media worker, not recording',
      value: share('plain'),
      unit: '%',
    },
    {
      ...each,
      id: 'cpu.recorded',
      label: 'Processor of server and media worker, recording',
      value: share('recorded'),
      unit: '%',
    },
    {
      ...each,
      id: 'cpu.worker',
      label:
        'Processor for each packet that is recorded, in the media worker: one more receiver, on loopback',
      value: extraUs('worker'),
      unit: 'µs',
    },
    {
      ...each,
      id: 'cpu.server',
      label: 'Processor for each packet that is recorded, in the server: from the socket to the disk',
      value: extraUs('server'),
      unit: 'µs',
    },
    {
      id: 'writer.packet',
      label: 'Of that, the archive: records, checksums, hashes',
      value: writer.giveUs,
      unit: 'µs',
      better: 'lower',
      note: `${writer.packets} packets; a sync took ${writer.syncMedianMs.toFixed(1)} ms, at most ${writer.syncMaxMs.toFixed(0)} ms`,
    },
  ]
  return {
    figures,
    checks: [
      `${runs.length} rounds; in each the meeting goes on while the recording is ordered, consented to by all, and stopped again; the folder was read back: every stream and at least ${LEAST_PACKETS} packets a second of each sound are in it, undamaged (or the run is refused)`,
      `the bots' event loop was at most ${percent(Math.max(...runs.map(({ loopBusy }) => loopBusy)))} busy (more than ${percent(MOST_LOOP)} and the run is refused); server and media worker are processes of their own, and only they are counted`,
    ],
    doubts: doubtsOf(runs, setting),
    plots: [roundsOf(runs)],
  }
}
