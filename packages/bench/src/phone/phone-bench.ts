/**
 * `npm run bench phone`: how late sound is that goes through the telephone bridge, alone and with a hundred calls in ten
 * meetings, and what these cost the bridge. Real SIP, RTP, server, media worker and encryption, each in its own process.
 */
import { performance } from 'node:perf_hooks'
import { decodeG711 } from '@huisclos/phone/g711'
import { until } from '../meeting/bot-in-meeting.ts'
import type { ServerApart } from '../place/server-apart.ts'
import { startServerApart } from '../place/server-apart.ts'
import type { Bench, BenchRun, Measured } from '../run/bench.ts'
import { watchCpu } from '../run/cpu-watch.ts'
import { residentBytes, threadTimes, timesOf } from '../run/process-costs.ts'
import type { BridgeApart } from './bridge-apart.ts'
import { startBridgeApart } from './bridge-apart.ts'
import { HeardSound, LATEST_MS } from './heard-sound.ts'
import type { HeardByHost } from './hosted-meeting.ts'
import { decodeHeard, HostedMeeting, ownCodecMs, RATE } from './hosted-meeting.ts'
import type { HeardByPhone } from './load-phone.ts'
import type { PhoneRound, WayHeard } from './phone-figures.ts'
import { summarize } from './phone-figures.ts'
import type { PhonesReport } from './phones-apart.ts'
import { PhonesApart } from './phones-apart.ts'

const MEETINGS = 10
const CALLS_EACH = 10
const FEW_CALLS = 4
const ROUND_MS = 10_000
const TRIAL_MS = 3_000
const WITHIN_MS = 30_000
/** A prompt that is pressed away and its successors are over by then, and jitter buffers have settled. */
const SETTLE_MS = 4_000
/** Chirps of the few may come often; among a hundred, callers would talk all at once. */
const OFTEN = 20
const SELDOM = { host: 50, phones: 100 }
/** The hand up and down again: the greeting, which plays over the meeting, ends with it. */
const END_GREETING = '*9*9'

interface Hall {
  server: ServerApart
  bridge: BridgeApart
  phones: PhonesApart
  meetings: HostedMeeting[]
  calls: number
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function call(hall: Hall, meeting: HostedMeeting, count: number): Promise<void> {
  const before = meeting.callers
  for (let i = 0; i < count; i += 1) {
    const number = `+336123456${String(hall.calls).padStart(2, '0')}`
    const talks = hall.calls % CALLS_EACH < 2
    await hall.phones.call({ port: hall.bridge.port, number, pin: meeting.pin, talks })
    hall.calls += 1
  }
  await until('all callers are heard', WITHIN_MS, () => meeting.callers === before + count)
}

/** Chirps whose whole time was listened to. */
const complete = (sentMs: readonly number[], endMs: number): number[] =>
  sentMs.filter((ms) => ms < endMs - LATEST_MS - 100)

function addAll(heard: WayHeard, sound: HeardSound, delays: (number | null)[]): void {
  heard.addedMs.push(...delays)
  heard.flow.expected += sound.flow.expected
  heard.flow.lost += sound.flow.lost
  heard.flow.late += sound.flow.late
}

const nothing = (): WayHeard => ({ addedMs: [], flow: { expected: 0, lost: 0, late: 0 } })

function heardByHosts(hosts: readonly HeardByHost[], phones: readonly HeardByPhone[]): WayHeard {
  const all = nothing()
  for (const [caller, frames] of hosts.flatMap(({ callers }) => [...callers])) {
    const sound = new HeardSound(RATE, decodeHeard(frames))
    const sent = complete(phones[caller]?.chirpsSentMs ?? [], frames.at(-1)?.atMs ?? 0)
    addAll(
      all,
      sound,
      sent.map((ms) => sound.delayOf('down', ms)),
    )
  }
  return all
}

/** Sequence numbers as they go on over 65,535. */
function unrolled(sequence: readonly number[]): number[] {
  let high = 0
  return sequence.map((number, i) => {
    if (i > 0 && number - (sequence[i - 1] ?? 0) < -32_768) high += 65_536
    return number + high
  })
}

function heardByPhones(
  { meetings }: Hall,
  hosts: readonly HeardByHost[],
  phones: readonly HeardByPhone[],
  ownMs: number,
): WayHeard {
  const all = nothing()
  for (const [caller, { atMs, sequence, payloads }] of phones.entries()) {
    const host = hosts[Math.min(Math.floor(caller / CALLS_EACH), meetings.length - 1)]
    const numbers = unrolled(sequence)
    const packets = payloads.map((payload, i) => ({
      atMs: atMs[i] ?? 0,
      number: numbers[i] ?? 0,
      samples: decodeG711('ulaw', payload),
    }))
    const sound = new HeardSound(8_000, packets)
    const sent = complete(host?.chirpsSentMs ?? [], atMs.at(-1) ?? 0)
    const delays = sent.map((ms) => sound.delayOf('up', ms))
    addAll(
      all,
      sound,
      delays.map((delay) => delay && delay - ownMs),
    )
  }
  return all
}

/** Runs for `ms` and gives what was heard, not looked at yet. */
async function listen({ bridge, phones, meetings }: Hall, ms: number) {
  const main = `${bridge.pid}/task/${bridge.pid}`
  for (const meeting of meetings) meeting.keep()
  phones.keep()
  const loop = performance.eventLoopUtilization()
  const machine = watchCpu()
  const before = { all: timesOf([bridge.pid]).ran, loop: threadTimes(main).ran, at: performance.now() }
  await pause(ms)
  const seconds = (performance.now() - before.at) / 1000
  const coreSeconds = timesOf([bridge.pid]).ran - before.all
  const loopSeconds = threadTimes(main).ran - before.loop
  const hostsBusy = performance.eventLoopUtilization(loop).utilization
  const machineBusy = machine().busy
  const hosts = meetings.map((meeting) => meeting.kept())
  const report = await phones.report()
  return { hosts, report, seconds, coreSeconds, loopSeconds, hostsBusy, machineBusy }
}

type Listened = Awaited<ReturnType<typeof listen>>

function judge(hall: Hall, listened: Listened, resident: number, ownMs: number): PhoneRound {
  const { hosts, report, seconds, coreSeconds, loopSeconds, hostsBusy, machineBusy } = listened
  const { heard, lateMs, loopBusy, hungUp }: PhonesReport = report
  return {
    calls: hall.calls,
    meetings: hall.meetings.length,
    heard: {
      'to-meeting': heardByHosts(hosts, heard),
      'to-phone': heardByPhones(hall, hosts, heard, ownMs),
    },
    phonesLateMs: lateMs,
    phonesBusy: loopBusy,
    hostsBusy,
    machineBusy,
    hungUp,
    seconds,
    bridge: { coreSeconds, loopSeconds, residentBytes: resident },
  }
}

async function round(hall: Hall, run: BenchRun, every: { host: number; phones: number }) {
  const { bridge, phones, meetings } = hall
  phones.press(END_GREETING)
  phones.chirp(every.phones)
  for (const meeting of meetings) meeting.chirp(every.host)
  await pause(SETTLE_MS)
  const listened = await run.quietly(() => listen(hall, run.trial ? TRIAL_MS : ROUND_MS))
  await bridge.collectGarbage()
  const resident = residentBytes([bridge.pid])
  run.progress(`${hall.calls} calls`)
  return (ownMs: number) => judge(hall, listened, resident, ownMs)
}

async function fill(hall: Hall): Promise<void> {
  const { server, bridge, meetings } = hall
  await call(hall, meetings[0] as HostedMeeting, CALLS_EACH - FEW_CALLS)
  while (meetings.length < MEETINGS) {
    const meeting = await HostedMeeting.open(server.url, bridge.card)
    meetings.push(meeting)
    await call(hall, meeting, CALLS_EACH)
  }
}

async function measure(run: BenchRun): Promise<Measured> {
  const server = await startServerApart()
  const ends: (() => Promise<void>)[] = [() => server.close()]
  try {
    const bridge = await startBridgeApart(server.url)
    ends.push(() => bridge.close())
    const phones = await PhonesApart.start()
    ends.push(() => phones.close())
    const hall: Hall = { server, bridge, phones, meetings: [], calls: 0 }
    ends.push(async () => void (await Promise.all(hall.meetings.map((meeting) => meeting.close()))))
    hall.meetings.push(await HostedMeeting.open(server.url, bridge.card))
    await call(hall, hall.meetings[0] as HostedMeeting, FEW_CALLS)
    const few = (await round(hall, run, { host: OFTEN, phones: OFTEN }))(ownCodecMs())
    await fill(hall)
    const many = (await round(hall, run, SELDOM))(ownCodecMs())
    return summarize({ few, many, ownCodecMs: ownCodecMs() })
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

export const phoneBench: Bench = { name: 'phone', title: 'Telephones in meetings', run: measure }
