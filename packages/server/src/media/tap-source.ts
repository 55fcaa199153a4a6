/**
 * How a tap's packets leave the media worker. On Linux by a plain transport to a packet well of loopback, read in batches;
 * elsewhere by a direct transport, which tells each packet in a message of its own and costs this process many times as
 * much. Knows streams by nothing: whoever takes the packets looks at their SSRC.
 */
import type { types } from 'mediasoup'
import { faultFields } from '../observe/log.ts'
import type { GateClock } from './key-frame-gate.ts'
import type { MediaLog } from './media-worker.ts'
import { PacketWell } from './packet-well.ts'
import { WellPump } from './well-pump.ts'

export interface TapSourceOptions {
  router: types.Router
  clock: GateClock
  log: MediaLog
  /** RTP and RTCP, in their order; the bytes are good for the call alone. Must not throw. */
  take: (packet: Buffer) => void
  onDropped: (packets: number) => void
  onFault: (error: unknown) => void
}

export interface TapSource {
  consume(producer: types.Producer): Promise<types.Consumer>
  /** Hands over what has arrived and was not read yet. */
  drain(): void
  /** Pictures begin. */
  hurry(): void
  /** Nothing is handed over any more. */
  close(): void
}

/** Estimates of bandwidth and requests for lost packets need somebody who answers: nobody does here. */
function capabilitiesOf({ rtpCapabilities }: types.Router): types.RtpCapabilities {
  const { codecs = [], headerExtensions = [] } = rtpCapabilities
  return {
    codecs: codecs
      .filter(({ mimeType }) => !mimeType.endsWith('/rtx'))
      .map((codec) => ({
        ...codec,
        rtcpFeedback: codec.rtcpFeedback?.filter(({ parameter }) => parameter === 'pli') ?? [],
      })),
    headerExtensions: headerExtensions.filter(({ uri }) => !/transport-wide-cc|abs-send-time/.test(uri)),
  }
}

/** @throws Error when the router has closed */
export async function openTapSource(options: TapSourceOptions): Promise<TapSource> {
  if (process.platform !== 'linux') return openDirectSource(options)
  return await openWellSource(options).catch((error: unknown) => {
    // A system without /proc, or without a port to give.
    if (!options.router.closed) options.log.warn(faultFields(error), 'recording in the costly way')
    return openDirectSource(options)
  })
}

async function openWellSource(options: TapSourceOptions): Promise<TapSource> {
  const { router } = options
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    // Where packets go is said below, and no packet that comes may change it.
    comedia: false,
  })
  const pump = await connectWell(transport, options).catch((error: unknown) => {
    if (!transport.closed) transport.close()
    throw error
  })
  const rtpCapabilities = capabilitiesOf(router)
  return {
    // Paused until it is known whom it belongs to: its first packet is then a key frame.
    consume: (producer) => transport.consume({ producerId: producer.id, rtpCapabilities, paused: true }),
    drain: () => pump.drain(),
    hurry: () => pump.hurry(),
    close: () => {
      pump.close()
      if (!transport.closed) transport.close()
    },
  }
}

/** From now on what the transport sends lies in the well. */
async function connectWell(transport: types.PlainTransport, options: TapSourceOptions): Promise<WellPump> {
  const well = await PacketWell.open(transport.tuple.localPort)
  try {
    await transport.connect({ ip: '127.0.0.1', port: well.port })
    return new WellPump({ ...options, well })
  } catch (error) {
    well.close()
    throw error
  }
}

async function openDirectSource({ router, take }: TapSourceOptions): Promise<TapSource> {
  const transport = await router.createDirectTransport()
  // Sender reports of every consumer come over the transport.
  transport.on('rtcp', take)
  const rtpCapabilities = capabilitiesOf(router)
  return {
    consume: async (producer) => {
      const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities, paused: true })
      consumer.on('rtp', take)
      return consumer
    },
    drain: () => undefined,
    hurry: () => undefined,
    close: () => {
      if (!transport.closed) transport.close()
    },
  }
}
