/**
 * `npm run bench forward`: one sender, twenty receivers, 400 packets a second, through our server, through mediasoup
 * alone, through Janus and through bare UDP, by turns. How many packets go out for a core, what a participant costs, and
 * how long a packet is under way. Cost per packet falls with load: the rate belongs to the figure.
 */
import { performance } from 'node:perf_hooks'
import { systemClock as clock } from '@huisclos/node-media'
import { startSyntheticVideo } from '@huisclos/node-media/synthetic-source'
import { openJanus } from '../peers/janus.ts'
import { JANUS_MISSING, janusVersion } from '../peers/janus-process.ts'
import type { Bench, BenchRun, Measured } from '../run/bench.ts'
import { residentBytes, timesOf } from '../run/process-costs.ts'
import { openBareMediasoup } from './bare-mediasoup.ts'
import { judgeRuns } from './forward-doubts.ts'
import { summarize } from './forward-figures.ts'
import type { ForwardRun } from './forward-run.ts'
import { FRAME_BYTES, PACKETS_PER_SECOND, RECEIVERS } from './forward-run.ts'
import type { Forwarder, OpenForwarder } from './forwarder.ts'
import { openOurServer } from './our-server.ts'
import { PacketMeter } from './packet-meter.ts'
import { openUdpFanout } from './udp-fanout.ts'

const ROUNDS = 3
const WARM_UP_MS = 500
const RUN_MS = 1_400

interface Contestant {
  forwarder: Forwarder
  meter: PacketMeter
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function runOnce({ forwarder, meter }: Contestant, runMs: number): Promise<ForwardRun> {
  const { name, pids, emptyBytes } = forwarder
  const source = startSyntheticVideo({ clock, fps: PACKETS_PER_SECOND, frameBytes: FRAME_BYTES })
  try {
    await forwarder.send(source.track)
    await pause(WARM_UP_MS)
    meter.reset()
    const loop = performance.eventLoopUtilization()
    const before = timesOf(pids)
    const from = performance.now()
    await pause(runMs)
    const seconds = (performance.now() - from) / 1000
    const after = timesOf(pids)
    const { sent, received, delaysMs } = meter
    const loopBusy = performance.eventLoopUtilization(loop).utilization
    await forwarder.send(null)
    await forwarder.collectGarbage?.()
    return {
      name,
      seconds,
      coreSeconds: after.ran - before.ran,
      grownBytes: emptyBytes === null ? null : residentBytes(pids) - emptyBytes,
      sent,
      received,
      delaysMs,
      loopBusy,
    }
  } finally {
    await forwarder.send(null)
    source.stop()
  }
}

/** All at once: while our group settles there is time for the others. @throws the first error, and leaves nothing open */
async function openAll(
  openers: readonly OpenForwarder[],
  progress: BenchRun['progress'],
): Promise<Contestant[]> {
  const opening = openers.map(async (opener): Promise<Contestant> => {
    const meter = new PacketMeter()
    const forwarder = await opener(meter, RECEIVERS)
    progress(`${forwarder.name} is ready, with ${RECEIVERS} receivers`)
    return { forwarder, meter }
  })
  const settled = await Promise.allSettled(opening)
  const open = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = settled.find((one) => one.status === 'rejected')
  if (!failed) return open
  for (const { forwarder } of open) await forwarder.close()
  throw failed.reason
}

async function measure({ trial, progress, quietly }: BenchRun): Promise<Measured> {
  const janus = janusVersion()
  if (janus === null) progress(JANUS_MISSING)
  const beside = janus === null ? [] : [openJanus]
  const open = await openAll([openOurServer, openBareMediasoup, ...beside, openUdpFanout], progress)
  try {
    const runs: ForwardRun[] = []
    for (let round = 0; round < (trial ? 1 : ROUNDS); round++) {
      for (let i = 0; i < open.length; i++) {
        const contestant = open[(round + i) % open.length] as Contestant
        runs.push(await quietly(() => runOnce(contestant, RUN_MS)))
      }
      progress(`round ${round + 1}`)
    }
    const measured = summarize(runs)
    measured.checks.push(janus === null ? JANUS_MISSING : `Janus ${janus}, VideoRoom alone, ICE-lite`)
    return { ...measured, doubts: judgeRuns(runs) }
  } finally {
    for (const { forwarder } of open) await forwarder.close()
  }
}

export const forwardBench: Bench = { name: 'forward', title: 'Forwarding packets', run: measure }
