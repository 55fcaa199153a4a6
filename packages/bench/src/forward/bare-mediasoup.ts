/** Forwarding by mediasoup with nothing of ours around it: one worker, one router, DTLS-SRTP to the same bots. */
import { randomInt } from 'node:crypto'
import type { RawTransport } from '@huisclos/node-media'
import { codecFor, receiveCapabilities, sendParameters } from '@huisclos/node-media'
import type { types } from 'mediasoup'
import { createWorker } from 'mediasoup'
import { until } from '../meeting/bot-in-meeting.ts'
import { residentBytes } from '../run/process-costs.ts'
import type { Forwarder } from './forwarder.ts'
import { MeteredTransport } from './metered-transport.ts'
import type { PacketMeter } from './packet-meter.ts'
import { trackSender } from './packet-sender.ts'

/** What bots speak. */
const CODECS: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
]

async function connect(router: types.Router, raw: RawTransport): Promise<types.WebRtcTransport> {
  const transport = await router.createWebRtcTransport({
    listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }],
  })
  let state = 'connecting'
  raw.onState = (now) => {
    state = now
  }
  await transport.connect({ dtlsParameters: raw.dtls as types.DtlsParameters })
  const { iceParameters: ice, iceCandidates: candidates, dtlsParameters: dtls } = transport
  raw.connect({ ice, candidates, dtls } as unknown as Parameters<RawTransport['connect']>[0])
  await until('a bot is connected', 10_000, () => state === 'connected')
  return transport
}

export async function openBareMediasoup(meter: PacketMeter, receivers: number): Promise<Forwarder> {
  const worker = await createWorker({
    workerBin: process.env['MEDIASOUP_WORKER_BIN'] ?? '',
    logLevel: 'error',
  })
  const emptyBytes = residentBytes([worker.pid])
  const raws: RawTransport[] = []
  const newRaw = (): RawTransport => {
    const raw = new MeteredTransport(meter)
    raws.push(raw)
    return raw
  }
  const router = await worker.createRouter({ mediaCodecs: CODECS })
  const offered = router.rtpCapabilities as unknown as Parameters<typeof codecFor>[0]
  const sending = codecFor(offered, 'video')
  const ssrcs = { media: randomInt(1, 0xffff_fffe), rtx: randomInt(1, 0xffff_fffe) }
  const from = newRaw()
  const sender = await connect(router, from)
  const rtpParameters = sendParameters(sending, '0', [ssrcs]) as unknown as types.RtpParameters
  const producer = await sender.produce({ kind: 'video', rtpParameters })
  for (let i = 0; i < receivers; i++) {
    const transport = await connect(router, newRaw())
    const rtpCapabilities = receiveCapabilities(offered) as unknown as types.RtpCapabilities
    await transport.consume({ producerId: producer.id, rtpCapabilities })
  }
  const send = trackSender(from, sending.payloadType, ssrcs.media)
  return {
    name: 'mediasoup alone',
    pids: [worker.pid],
    emptyBytes,
    send: async (track) => send(track),
    close: async () => {
      send(null)
      for (const raw of raws) raw.close()
      worker.close()
    },
  }
}
