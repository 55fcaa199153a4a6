/**
 * `npm run bench forward`: one sender, twenty receivers, 400 packets a second, through our server, through
 * mediasoup alone and through bare UDP, by turns. How many packets go out for a core of the forwarding process, and how
 * long a packet is under way. Cost per packet falls with load: the rate belongs to the figure.
 */
import { performance } from 'node:perf_hooks'
import { startSyntheticVideo } from '../media/synthetic-source.ts'
import { systemClock as clock } from '../media/system-clock.ts'
import type { Bench, BenchRun, Measured } from '../run/bench.ts'
import { processSeconds } from '../run/process-times.ts'
import { openBareMediasoup } from './bare-mediasoup.ts'
import type { ForwardRun } from './forward-figures.ts'
import { FRAME_BYTES, PACKETS_PER_SECOND, RECEIVERS, summarize } from './forward-figures.ts'
import type { Forwarder, OpenForwarder } from './forwarder.ts'
import { openOurServer } from './our-server.ts'
import { PacketMeter } from './packet-meter.ts'
import { openUdpFanout } from './udp-fanout.ts'

const ROUNDS = 4
const WARM_UP_MS = 1_500
const RUN_MS = 6_000
const openers: readonly OpenForwarder[] = [openOurServer, openBareMediasoup, openUdpFanout]

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function runOnce(forwarder: Forwarder, meter: PacketMeter, runMs: number): Promise<ForwardRun> {
  const source = startSyntheticVideo({ clock, fps: PACKETS_PER_SECOND, frameBytes: FRAME_BYTES })
  try {
    await forwarder.send(source.track)
    await pause(WARM_UP_MS)
    meter.reset()
    const loop = performance.eventLoopUtilization()
    const before = processSeconds(forwarder.pid)
    const from = performance.now()
    await pause(runMs)
    const seconds = (performance.now() - from) / 1000
    const coreSeconds = processSeconds(forwarder.pid) - before
    const { sent, received, delaysMs } = meter
    const loopBusy = performance.eventLoopUtilization(loop).utilization
    return { name: forwarder.name, seconds, coreSeconds, sent, received, delaysMs, loopBusy }
  } finally {
    await forwarder.send(null)
    source.stop()
  }
}

async function measure({ trial, progress, quietly }: BenchRun): Promise<Measured> {
  const open: { forwarder: Forwarder; meter: PacketMeter }[] = []
  try {
    for (const opener of openers) {
      const meter = new PacketMeter()
      const forwarder = await opener(meter, RECEIVERS)
      open.push({ forwarder, meter })
      progress(`${forwarder.name} is ready, with ${RECEIVERS} receivers`)
    }
    const runs: ForwardRun[] = []
    for (let round = 0; round < (trial ? 1 : ROUNDS); round++) {
      for (let i = 0; i < open.length; i++) {
        const { forwarder, meter } = open[(round + i) % open.length] as (typeof open)[number]
        runs.push(await quietly(() => runOnce(forwarder, meter, trial ? 2_000 : RUN_MS)))
      }
      progress(`round ${round + 1}`)
    }
    return summarize(runs)
  } finally {
    for (const { forwarder } of open) await forwarder.close()
  }
}

export const forwardBench: Bench = { name: 'forward', title: 'Forwarding packets', run: measure }
