/**
 * `npm run bench failover`: from `kill -9` of the only media worker to pictures again, in an encrypted meeting of three
 * bots. With one worker the room has to wait for another to start, which is the worst case.
 */
import { performance } from 'node:perf_hooks'
import type { EncodedTrack } from '@huisclos/node-media'
import { systemClock as clock } from '@huisclos/node-media'
import { startSyntheticVideo } from '@huisclos/node-media/synthetic-source'
import type { Meeting } from '@huisclos/participant'
import type { MeetingPlace } from '@huisclos/testkit/meeting-place'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import { enterAsBot, until } from '../meeting/bot-in-meeting.ts'
import type { Bench, BenchRun, Figure, Measured } from '../run/bench.ts'
import { median, percentile } from '../run/statistics.ts'
import { StreamWatch } from './stream-watch.ts'

const KILLS = 20
const TRIAL_KILLS = 2
const TIMEOUT_MS = 15_000
/** Between a recovery and the next kill. */
const CALM_MS = 1_500
const AIM_MEDIAN_MS = 1_000
const AIM_P95_MS = 2_000
const MOST_LOOP = 0.9

export interface Kill {
  /** For each watched stream; null where it did not come back in time. */
  backMs: (number | null)[]
}

interface Scene {
  place: MeetingPlace
  watches: StreamWatch[]
  close(): Promise<void>
}

async function openScene(): Promise<Scene> {
  const place = await startMeetingPlace({ workers: 1 })
  const meetings: Meeting<EncodedTrack>[] = []
  const stops: (() => void)[] = []
  const close = async (): Promise<void> => {
    for (const stop of stops) stop()
    await Promise.all(meetings.map((meeting) => meeting.leave()))
    await place.close()
  }
  try {
    for (const name of ['Alice', 'Bob', 'Carol']) meetings.push(await enterAsBot(place, name))
    const [alice, bob, carol] = meetings as [
      Meeting<EncodedTrack>,
      Meeting<EncodedTrack>,
      Meeting<EncodedTrack>,
    ]
    for (const meeting of [alice, bob]) {
      const camera = startSyntheticVideo({ clock, fps: 25, frameBytes: 1_500 })
      stops.push(() => camera.stop())
      await meeting.publish('camera', camera.track)
    }
    const watches = [
      new StreamWatch(bob, 'Alice'),
      new StreamWatch(carol, 'Alice'),
      new StreamWatch(alice, 'Bob'),
      new StreamWatch(carol, 'Bob'),
    ]
    await until('all four pictures move', 20_000, () => watches.every(({ frames }) => frames > 25))
    return { place, watches, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function killOnce({ place, watches }: Scene): Promise<Kill> {
  const [pid] = place.server.workerPids()
  if (pid === undefined) throw new Error('no media worker lives')
  const at = clock.now()
  process.kill(pid, 'SIGKILL')
  const backMs = await Promise.all(watches.map((watch) => watch.backAfter(at, TIMEOUT_MS)))
  await new Promise((resolve) => setTimeout(resolve, CALM_MS))
  return { backMs }
}

export interface FailoverRun {
  kills: Kill[]
  /** Of the bench's own event loop, which runs the bots and the server, 0 to 1. */
  loopBusy: number
}

/** What the kills say. */
export function summarize({ kills, loopBusy }: FailoverRun): Measured {
  const whole = kills.filter(({ backMs }) => backMs.every((ms) => ms !== null))
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  const doubts: string[] = []
  if (whole.length < kills.length)
    doubts.push(`after ${kills.length - whole.length} of ${kills.length} kills not every picture came back`)
  if (loopBusy > MOST_LOOP) doubts.push(`the bots kept their event loop ${percent(loopBusy)} busy`)
  if (whole.length === 0) return { figures: [], checks: [], doubts, plots: [] }
  const last = whole.map(({ backMs }) => Math.max(...(backMs as number[])))
  const first = whole.map(({ backMs }) => Math.min(...(backMs as number[])))
  const each = { unit: 'ms', better: 'lower' } as const
  const label = 'From kill -9 of the only media worker until'
  const figures: Figure[] = [
    {
      ...each,
      id: 'last.median',
      label: `${label} the last picture is back, median`,
      value: median(last),
      aim: AIM_MEDIAN_MS,
    },
    {
      ...each,
      id: 'last.p95',
      label: `${label} the last picture is back, 95th percentile`,
      value: percentile(last, 0.95),
      aim: AIM_P95_MS,
    },
    {
      ...each,
      id: 'first.median',
      label: `${label} the first picture is back, median`,
      value: median(first),
    },
  ]
  return {
    figures,
    checks: [
      `${kills.length} kills; each time all ${kills[0]?.backMs.length} encrypted pictures came back by themselves`,
      `server and bots share one event loop, ${percent(loopBusy)} busy (more than ${percent(MOST_LOOP)} and the run is refused)`,
    ],
    doubts,
    plots: [
      {
        title: 'From kill -9 to pictures, each kill',
        kind: 'runs',
        unit: 'ms',
        points: [
          ...first.map((value) => ({ group: '', series: 'first picture', value })),
          ...last.map((value) => ({ group: '', series: 'last picture', value })),
        ],
      },
    ],
  }
}

async function measure({ trial, progress, quietly }: BenchRun): Promise<Measured> {
  progress('three bots meet')
  const scene = await openScene()
  try {
    const loop = performance.eventLoopUtilization()
    const kills: Kill[] = []
    progress('killing')
    while (kills.length < (trial ? TRIAL_KILLS : KILLS)) {
      kills.push(await quietly(() => killOnce(scene)))
    }
    const loopBusy = performance.eventLoopUtilization(loop).utilization
    return summarize({ kills, loopBusy })
  } finally {
    await scene.close()
  }
}

export const failoverBench: Bench = { name: 'failover', title: 'Losing a media worker', run: measure }
