/**
 * `npm run bench record`: what a recording on the server costs beside forwarding the same meeting. Five bots, whole
 * participants that all see and hear each other; a host orders a recording, all consent, it runs and stops, over and over.
 * Counted are the server and its media worker, processes of their own.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { RecordingReader } from '@huisclos/archive'
import { folderStore, nativeSha256 } from '@huisclos/archive/node'
import { newRecordingKey } from '@huisclos/crypto/seal'
import type { EncodedTrack, RunningSource } from '@huisclos/node-media'
import type { Meeting } from '@huisclos/participant'
import { enterAsBot, until } from '../meeting/bot-in-meeting.ts'
import { EngineThread } from '../meeting/engine-threads.ts'
import { publishLoop } from '../meeting/publish-loop.ts'
import { untilSettled } from '../meeting/until-settled.ts'
import type { ServerApart } from '../place/server-apart.ts'
import { startServerApart } from '../place/server-apart.ts'
import type { Bench, BenchRun, Measured } from '../run/bench.ts'
import { timesOf } from '../run/process-costs.ts'
import type { RecordRun } from './record-figures.ts'
import { summarize } from './record-figures.ts'
import { measureWriter } from './writer-load.ts'

const PEOPLE = 5
const SETTING = { people: PEOPLE, streams: PEOPLE * 2 }
/** About what these streams come to, for the writer alone. */
const PACKETS_PER_SECOND = 400
const PACKET_BYTES = 600
const ROUNDS = 3
const RUN_MS = 4_000
const TRIAL_MS = 2_000
const WITHIN_MS = 20_000
/** Fresh keys have gone round by then, and pictures have begun. */
const SETTLE_MS = 3_500
/** The thread that held the recording's socket has ended by then, and its time is no process's any more. */
const ENDED_MS = 500

type Bot = Meeting<EncodedTrack>
interface Hall {
  place: ServerApart
  directory: string
  bots: readonly Bot[]
  publicKey: Uint8Array
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Processor time of server and media worker while `ms` pass, and how busy the bots were. */
async function watch({ place }: Hall, ms: number) {
  const loop = performance.eventLoopUtilization()
  const before = { server: timesOf([place.pid]).ran, worker: timesOf(place.workers).ran }
  const from = performance.now()
  await pause(ms)
  const seconds = (performance.now() - from) / 1000
  const server = timesOf([place.pid]).ran - before.server
  const worker = timesOf(place.workers).ran - before.worker
  return {
    seconds,
    server: server / seconds,
    worker: worker / seconds,
    loopBusy: performance.eventLoopUtilization(loop).utilization,
  }
}

async function begin({ bots, publicKey }: Hall): Promise<string> {
  const [host] = bots as [Bot]
  await host.startRecording({ publicKey, owner: 'Bench', withMe: true })
  await until('everybody is asked', WITHIN_MS, () => bots.every(({ view }) => view.recording.ordered))
  const id = host.view.recording.ordered?.id ?? ''
  for (const bot of bots.slice(1)) bot.answerRecording(id, true)
  await until('everybody is recorded', WITHIN_MS, () => host.view.people.every(({ recorded }) => recorded))
  await pause(SETTLE_MS)
  return id
}

/** Resolves when the manifest is there. */
async function end({ bots, directory }: Hall, id: string): Promise<void> {
  await (bots[0] as Bot).stopRecording()
  await until('the mark is out', WITHIN_MS, () => bots.every(({ view }) => view.recording.ordered === null))
  const endBy = performance.now() + WITHIN_MS
  while (!(await readdir(join(directory, id))).includes('manifest')) {
    if (performance.now() > endBy) throw new Error('the recording was not ended')
    await pause(100)
  }
}

/** What the folder holds. @throws Error where anything in it is damaged */
async function readBack(folder: string): Promise<{ streams: number; packetsPerSecond: number }> {
  const reader = await RecordingReader.open(folderStore(folder), nativeSha256)
  const streams = new Set<number>()
  const times: number[] = []
  for await (const record of reader.records()) {
    if (record.type !== 'rtp' || record.repeated) continue
    streams.add(record.stream)
    times.push(record.timeUs)
  }
  if (reader.damage.length > 0) throw new Error('the recording is damaged')
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1e6
  return { streams: streams.size, packetsPerSecond: times.length / seconds }
}

async function runOnce(hall: Hall, ms: number): Promise<RecordRun> {
  const plain = await watch(hall, ms)
  const id = await begin(hall)
  const recorded = await watch(hall, ms)
  await end(hall, id)
  const folder = join(hall.directory, id)
  const found = await readBack(folder)
  await rm(folder, { recursive: true })
  await pause(ENDED_MS)
  const { loopBusy } = plain.loopBusy > recorded.loopBusy ? plain : recorded
  return { ...found, plain, recorded, loopBusy }
}

async function gather(place: ServerApart, engines: EngineThread): Promise<Bot[]> {
  const createGroup = () => engines.create()
  const { hostSeed } = place
  if (hostSeed === null) throw new Error('nobody hosts the room')
  const host = await enterAsBot(place, 'Host', { createGroup, hostSeed })
  const names = Array.from({ length: PEOPLE - 1 }, (_, i) => `Guest ${i + 1}`)
  return [host, ...(await Promise.all(names.map((name) => enterAsBot(place, name, { createGroup }))))]
}

/** Each has the sound and the picture of all others. */
const isWhole = ({ view }: Bot): boolean =>
  view.people.filter(({ self, streams }) => !self && streams.filter(({ track }) => track).length === 2)
    .length ===
  PEOPLE - 1

async function measure({ trial, progress, quietly }: BenchRun): Promise<Measured> {
  // Alone: what it counts is this whole process.
  const load = { packetBytes: PACKET_BYTES, packetsPerSecond: PACKETS_PER_SECOND, seconds: trial ? 1 : 2 }
  const writer = await quietly(() => measureWriter(load))
  progress('the writer alone')
  const directory = await mkdtemp(join(tmpdir(), 'hc-record-'))
  const place = await startServerApart({ recordingsDirectory: directory })
  const engines = await EngineThread.start()
  const sources: RunningSource[] = []
  try {
    const bots = await gather(place, engines)
    for (const bot of bots) sources.push(...(await publishLoop(bot)))
    await until('everybody sees and hears everybody', 30_000, () => bots.every(isWhole))
    await untilSettled(bots[0] as Bot)
    progress(`${PEOPLE} people are there`)
    const hall: Hall = { place, directory, bots, publicKey: (await newRecordingKey()).publicKey }
    const runs: RecordRun[] = []
    for (let round = 0; round < (trial ? 1 : ROUNDS); round++) {
      runs.push(await quietly(() => runOnce(hall, trial ? TRIAL_MS : RUN_MS)))
      progress(`round ${round + 1}`)
    }
    return summarize(runs, writer, SETTING)
  } finally {
    for (const source of sources) source.stop()
    await place.close()
    await engines.close()
    await rm(directory, { recursive: true, force: true })
  }
}

export const recordBench: Bench = { name: 'record', title: 'Recording on the server', run: measure }
