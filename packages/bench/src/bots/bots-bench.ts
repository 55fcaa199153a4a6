/**
 * `npm run bench bots`: what one bot costs the machine that runs it, so that the load generator is never mistaken for the
 * limit. Whole participants: engine, MLS in a thread, media over DTLS-SRTP, each frame really opened.
 */
import { performance } from 'node:perf_hooks'
import type { EncodedTrack, RunningSource } from '@huisclos/node-media'
import { systemClock as clock, NodeMediaAdapter } from '@huisclos/node-media'
import type { Meeting } from '@huisclos/participant'
import { enterAsBot, until } from '../meeting/bot-in-meeting.ts'
import { EngineThread } from '../meeting/engine-threads.ts'
import { publishLoop } from '../meeting/publish-loop.ts'
import { untilSettled } from '../meeting/until-settled.ts'
import type { ServerApart } from '../place/server-apart.ts'
import { startServerApart } from '../place/server-apart.ts'
import type { Bench, BenchRun, Measured } from '../run/bench.ts'
import { residentBytes, timesOf } from '../run/process-costs.ts'
import type { BotReport, Watched } from './bots-figures.ts'
import { summarize } from './bots-figures.ts'

const FEW = 2
const MANY = 12
/** One round of everybody's heartbeats. */
const WATCH_MS = 10_000
const TRIAL_MS = 2_000
const SOURCES = ['camera', 'microphone'] as const

/** Counts the frames of somebody else that a bot opens. */
class Listener {
  opened = 0
  /** Of what it is to hear and see. */
  tracks = 0
  readonly #known = new Set<EncodedTrack>()
  readonly #meeting: Meeting<EncodedTrack>
  readonly #media: NodeMediaAdapter
  readonly #enteredAt: number

  constructor(meeting: Meeting<EncodedTrack>, media: NodeMediaAdapter) {
    this.#meeting = meeting
    this.#media = media
    this.#enteredAt = meeting.view.security.epoch
    const look = (): void => {
      for (const { self, streams } of meeting.view.people) {
        for (const { track } of self ? [] : streams) {
          if (!track || this.#known.has(track)) continue
          this.#known.add(track)
          this.tracks += 1
          track.subscribe(() => {
            this.opened += 1
          })
        }
      }
    }
    meeting.subscribe(look)
    look()
  }

  get report(): BotReport {
    const epochs = this.#meeting.view.security.epoch - this.#enteredAt + 1
    return { streams: this.#media.qualities(), epochs }
  }
}

interface Hall {
  place: ServerApart
  engines: EngineThread
  speaker: Meeting<EncodedTrack>
  sources: readonly RunningSource[]
  listeners: Listener[]
}

async function openHall(place: ServerApart, engines: EngineThread): Promise<Hall> {
  const speaker = await enterAsBot(place, 'Speaker', { createGroup: () => engines.create() })
  const sources = await publishLoop(speaker)
  return { place, engines, speaker, sources, listeners: [] }
}

async function fillTo(hall: Hall, listeners: number): Promise<void> {
  const { place, engines } = hall
  const names = Array.from({ length: listeners - hall.listeners.length }, (_, i) => `Listener ${i + 1}`)
  const come = async (name: string): Promise<Listener> => {
    const media = new NodeMediaAdapter({ clock })
    return new Listener(await enterAsBot(place, name, { media, createGroup: () => engines.create() }), media)
  }
  hall.listeners.push(...(await Promise.all(names.map(come))))
  await until('everybody has sound and picture', 30_000, () =>
    hall.listeners.every(({ tracks }) => tracks >= SOURCES.length),
  )
  await untilSettled(hall.speaker)
}

async function watch({ sources, listeners }: Hall, watchMs: number): Promise<Watched> {
  const count = () => ({
    sent: sources.reduce((sum, source) => sum + source.sent, 0),
    opened: listeners.reduce((sum, listener) => sum + listener.opened, 0),
    ran: timesOf([process.pid]).ran,
  })
  const before = count()
  const loop = performance.eventLoopUtilization()
  const from = performance.now()
  await new Promise((resolve) => setTimeout(resolve, watchMs))
  const after = count()
  return {
    listeners: listeners.length,
    seconds: (performance.now() - from) / 1_000,
    coreSeconds: after.ran - before.ran,
    residentBytes: residentBytes([process.pid]),
    loopBusy: performance.eventLoopUtilization(loop).utilization,
    sent: after.sent - before.sent,
    opened: after.opened - before.opened,
  }
}

async function measure({ trial, progress, quietly }: BenchRun): Promise<Measured> {
  const place = await startServerApart()
  const engines = await EngineThread.start()
  const watchMs = trial ? TRIAL_MS : WATCH_MS
  let hall: Hall | null = null
  try {
    hall = await openHall(place, engines)
    const open = hall
    await fillTo(open, FEW)
    const few = await quietly(() => watch(open, watchMs))
    progress(`${FEW} listeners`)
    await fillTo(open, MANY)
    const many = await quietly(() => watch(open, watchMs))
    progress(`${MANY} listeners`)
    return summarize(
      few,
      many,
      open.listeners.map(({ report }) => report),
    )
  } finally {
    for (const source of hall?.sources ?? []) source.stop()
    await place.close()
    await engines.close()
  }
}

export const botsBench: Bench = { name: 'bots', title: 'What a bot costs', run: measure }
