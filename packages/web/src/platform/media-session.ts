/**
 * One pair of mediasoup-client transports: making them, what they consume, their joint state, ICE restarts. Knows
 * nothing of keys; every receiver is handed to its caller before a packet can reach it.
 */
import type { AskServer, TransportState } from '@huisclos/participant'
import type {
  ConsumerId,
  EventOf,
  ResultOf,
  RtpCapabilities,
  RtpParameters,
  TransportId,
} from '@huisclos/protocol'
import type { types } from 'mediasoup-client'
import { Device } from 'mediasoup-client'
import type { TransformApi } from './frame-worker-link.ts'
import { MediaError } from './media-error.ts'
import { ourCapabilities } from './router-capabilities.ts'

export interface SessionSetup {
  request: AskServer
  routerRtp: RtpCapabilities
  tcpOnly?: boolean
  /** Only these addresses of the server, for a test of one path. */
  only?: 'udp' | 'tcp'
  api: TransformApi
  onState(state: TransportState): void
}

/** What `appData` of a producer carries to the `produce` listener. */
export interface ProducerNote extends types.AppData {
  paused: boolean
}

export interface MediaSession {
  readonly send: types.Transport
  readonly receiveId: TransportId
  readonly receiveRtp: RtpCapabilities
  /** `attach` is called at once with the new receiver; without it having been called the consumer is refused. */
  consume(
    offer: EventOf<'media.consumer'>,
    attach: (receiver: RTCRtpReceiver) => void,
  ): Promise<MediaStreamTrack>
  drop(consumer: ConsumerId): void
  restartIce(request: AskServer): Promise<void>
  getStats(): Promise<{ send: RTCStatsReport; receive: RTCStatsReport }>
  close(): void
}

/** Makes both transports. Rejects with `codec-missing` or what a request rejects with. */
export async function openSession(setup: SessionSetup): Promise<MediaSession> {
  const device = await Device.factory()
  await device.load({ routerRtpCapabilities: ourCapabilities(setup.routerRtp) })
  if (!device.canProduce('audio') || !device.canProduce('video')) throw new MediaError('codec-missing')
  const { request, tcpOnly } = setup
  const only = tcpOnly === undefined ? {} : { tcpOnly }
  const [sendOffer, receiveOffer] = await Promise.all([
    request({ t: 'media.transport', direction: 'send', ...only }),
    request({ t: 'media.transport', direction: 'receive', ...only }),
  ])
  const send = device.createSendTransport(transportOptions(sendOffer, setup))
  const receive = device.createRecvTransport(transportOptions(receiveOffer, setup))
  connectTransport(send, setup)
  connectTransport(receive, setup)
  answerProduce(send, request)
  const report = () => setup.onState(worseState(send.connectionState, receive.connectionState))
  for (const transport of [send, receive]) transport.on('connectionstatechange', report)
  return makeSession(send, receive, device.recvRtpCapabilities as RtpCapabilities)
}

function makeSession(
  send: types.Transport,
  receive: types.Transport,
  receiveRtp: RtpCapabilities,
): MediaSession {
  const consumers = new Map<ConsumerId, types.Consumer>()
  return {
    send,
    receiveId: receive.id as TransportId,
    receiveRtp,
    async consume(offer, attach) {
      const consumer = await consumeShut(receive, offer, attach)
      consumers.set(offer.consumer, consumer)
      return consumer.track
    },
    drop(id) {
      consumers.get(id)?.close()
      consumers.delete(id)
    },
    async restartIce(request) {
      const restart = async (transport: types.Transport): Promise<void> => {
        const { ice } = await request({ t: 'media.restart-ice', transport: transport.id as TransportId })
        await transport.restartIce({ iceParameters: ice as types.IceParameters })
      }
      await Promise.all([restart(send), restart(receive)])
    },
    async getStats() {
      const [sent, received] = await Promise.all([send.getStats(), receive.getStats()])
      return { send: sent, receive: received }
    },
    close() {
      send.close()
      receive.close()
    },
  }
}

/** FRM2: a receiver that did not get its transform is closed before anything is rendered. */
async function consumeShut(
  receive: types.Transport,
  offer: EventOf<'media.consumer'>,
  attach: (receiver: RTCRtpReceiver) => void,
): Promise<types.Consumer> {
  let attached = false
  const consumer = await receive.consume({
    id: offer.consumer,
    producerId: offer.producer,
    kind: offer.kind,
    rtpParameters: offer.rtp as types.RtpParameters,
    onRtpReceiver: (receiver) => {
      attach(receiver)
      attached = true
    },
  })
  if (attached) return consumer
  consumer.close()
  throw new MediaError('unsupported-browser')
}

/** What mediasoup-client makes a transport of. */
export function transportOptions(
  offer: ResultOf<'media.transport'>,
  { api, only }: Pick<SessionSetup, 'api' | 'only'>,
): types.TransportOptions {
  const candidates = offer.candidates.filter(({ protocol }) => only === undefined || protocol === only)
  const insertable = { encodedInsertableStreams: true } as Partial<RTCConfiguration>
  return {
    id: offer.transport,
    iceParameters: offer.ice as types.IceParameters,
    iceCandidates: candidates as types.IceCandidate[],
    dtlsParameters: offer.dtls as types.DtlsParameters,
    additionalSettings: api === 'streams' ? insertable : {},
  }
}

export function connectTransport(
  transport: types.Transport,
  { request }: Pick<SessionSetup, 'request'>,
): void {
  transport.on('connect', ({ dtlsParameters }, connected, failed) => {
    request({ t: 'media.connect', transport: transport.id as TransportId, dtls: dtlsParameters }).then(
      connected,
      failed,
    )
  })
}

export function answerProduce(send: types.Transport, request: AskServer): void {
  send.on('produce', ({ kind, rtpParameters, appData }, produced, failed) => {
    const { paused } = appData as ProducerNote
    request({
      t: 'media.produce',
      transport: send.id as TransportId,
      kind,
      rtp: rtpParameters as RtpParameters,
      paused,
    }).then(({ producer }) => produced({ id: producer }), failed)
  })
}

const RANK: Record<types.ConnectionState, number> = {
  connected: 0,
  new: 0,
  connecting: 1,
  disconnected: 2,
  failed: 3,
  closed: 3,
}

/** A transport that has carried nothing yet is `new` and says nothing; when both are, media is still connecting. */
export function worseState(a: types.ConnectionState, b: types.ConnectionState): TransportState {
  if (a === 'new' && b === 'new') return 'connecting'
  const worse = RANK[a] >= RANK[b] ? a : b
  if (worse === 'closed') return 'failed'
  return worse === 'new' ? 'connected' : worse
}
