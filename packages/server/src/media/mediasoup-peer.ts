/**
 * One peer's media on mediasoup: at most one transport a direction and its own producers; what it receives is kept by
 * mediasoup-receiver.ts. Must never act for an object that another peer owns, nor emit an event after `close`.
 */
import type { PeerId, ProducerId } from '@huisclos/protocol'
import { ProducerId as ProducerIdSchema, TransportId } from '@huisclos/protocol'
import type { types } from 'mediasoup'
import { typed } from './mediasoup-errors.ts'
import type { ReceiverRoom } from './mediasoup-receiver.ts'
import { MediasoupReceiver } from './mediasoup-receiver.ts'
import { toDtlsParameters, toSendParameters } from './mediasoup-shapes.ts'
import { checkProduced } from './rtp-policy.ts'
import type { SfuPeer, SfuPeerOptions, TransportDirection } from './sfu.ts'
import { SFU_LIMITS, SfuError } from './sfu.ts'

/** What a peer needs of its room. */
export interface PeerRoom extends ReceiverRoom {
  readonly webRtcServer: types.WebRtcServer
  readonly peers: ReadonlyMap<PeerId, MediasoupPeer>
  readonly taps: Iterable<{ consider(peer: PeerId, producer: types.Producer): void }>
}

type Arg<M extends keyof SfuPeer> = Parameters<SfuPeer[M]>[0]

/** Enough for a first small video at once; congestion control takes over from there. */
const INITIAL_OUTGOING_BPS = 1_000_000
/** Three simulcast layers of a camera, a screen and two sounds fit in; a flood does not. */
const MAX_INCOMING_BPS = 10_000_000

export class MediasoupPeer implements SfuPeer {
  readonly producers = new Map<ProducerId, types.Producer>()
  readonly #room: PeerRoom
  readonly #options: SfuPeerOptions
  readonly #onClose: () => void
  readonly #receiver: MediasoupReceiver
  readonly #transports = new Map<TransportDirection, types.WebRtcTransport>()
  #producing = 0
  #closed = false

  constructor(room: PeerRoom, options: SfuPeerOptions, onClose: () => void) {
    this.#room = room
    this.#options = options
    this.#onClose = onClose
    this.#receiver = new MediasoupReceiver(room, options)
  }

  get transportCount(): number {
    return this.#transports.size
  }

  get consumerCount(): number {
    return this.#receiver.size
  }

  get consumersRefused(): number {
    return this.#receiver.refused
  }

  async createTransport({ direction, tcpOnly }: Arg<'createTransport'>) {
    this.#requireLive()
    const transport = await typed('us', () =>
      this.#room.router.createWebRtcTransport({
        webRtcServer: this.#room.webRtcServer,
        enableUdp: !tcpOnly,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BPS,
      }),
    )
    if (direction === 'send') await typed('us', () => transport.setMaxIncomingBitrate(MAX_INCOMING_BPS))
    if (this.#closed) {
      if (!transport.closed) transport.close()
      throw new SfuError('media-unavailable')
    }
    this.#transports.get(direction)?.close()
    this.#transports.set(direction, transport)
    transport.on('iceselectedtuplechange', () => this.#moved(direction))
    return {
      transport: TransportId.parse(transport.id),
      ice: transport.iceParameters,
      candidates: transport.iceCandidates,
      dtls: transport.dtlsParameters,
    }
  }

  /** After a change of path pictures go on with a key frame at once; a receiver asks for one seconds later, if at all. */
  #moved(direction: TransportDirection): void {
    if (direction === 'receive') this.#receiver.refresh()
    else for (const peer of this.#room.peers.values()) peer.#receiver.refresh(this.producers)
  }

  async connect({ transport, dtls }: Arg<'connect'>) {
    const found = this.#transport(transport)
    await typed('client', () => found.connect({ dtlsParameters: toDtlsParameters(dtls) }))
  }

  async restartIce({ transport }: Arg<'restartIce'>) {
    const found = this.#transport(transport)
    return { ice: await typed('us', () => found.restartIce()) }
  }

  async produce({ transport, kind, rtp, paused }: Arg<'produce'>) {
    const found = this.#transport(transport, 'send')
    checkProduced(kind, rtp, this.#room.audioLevel)
    if (this.producers.size + this.#producing >= SFU_LIMITS.producersPerPeer)
      throw new SfuError('media-refused')
    this.#producing += 1
    try {
      const producer = await typed('client', () =>
        // Field by field: an `id` among a client's fields would name the producer (or break its transport).
        found.produce({
          kind,
          rtpParameters: toSendParameters(rtp),
          paused,
          keyFrameRequestDelay: SFU_LIMITS.keyFrameIntervalMs,
        }),
      )
      return { producer: this.#adopt(producer) }
    } finally {
      this.#producing -= 1
    }
  }

  async pause({ producer, paused }: Arg<'pause'>) {
    const found = this.#producer(producer)
    await typed('us', () => (paused ? found.pause() : found.resume()))
  }

  async closeProducer({ producer }: Arg<'closeProducer'>) {
    this.#producer(producer).close()
    this.producers.delete(producer)
  }

  async receive({ transport, rtp }: Arg<'receive'>) {
    this.#receiver.start(this.#transport(transport, 'receive'), rtp)
    const makings: Promise<void>[] = []
    for (const peer of this.#room.peers.values()) {
      for (const producer of peer.producers.values()) makings.push(this.#consume(peer, producer))
    }
    await Promise.all(makings)
  }

  async want(wanted: Arg<'want'>) {
    this.#requireLive()
    await this.#receiver.want(wanted)
  }

  async requestKeyFrame({ consumer }: Arg<'requestKeyFrame'>) {
    this.#requireLive()
    this.#receiver.requestKeyFrame(consumer)
  }

  close(): void {
    if (this.#closed) return
    this.silence()
    for (const transport of this.#transports.values()) transport.close()
    this.#transports.clear()
    this.#onClose()
  }

  /** Emits nothing and answers nothing from now on; its media ends with its router or transports. */
  silence(): void {
    this.#closed = true
    this.producers.clear()
    this.#receiver.silence()
  }

  #adopt(producer: types.Producer): ProducerId {
    if (this.#closed) {
      if (!producer.closed) producer.close()
      throw new SfuError('media-unavailable')
    }
    if (producer.closed) throw new SfuError('unknown-target')
    const id = ProducerIdSchema.parse(producer.id)
    this.producers.set(id, producer)
    producer.observer.on('close', () => this.producers.delete(id))
    for (const peer of this.#room.peers.values()) void peer.#consume(this, producer)
    for (const tap of this.#room.taps) tap.consider(this.#options.peer, producer)
    return id
  }

  /** Never rejects. */
  #consume(of: MediasoupPeer, producer: types.Producer): Promise<void> {
    return of === this ? Promise.resolve() : this.#receiver.consume(of.#options.peer, producer)
  }

  #requireLive(): void {
    if (this.#closed) throw new SfuError('media-unavailable')
  }

  #transport(id: TransportId, only?: TransportDirection): types.WebRtcTransport {
    this.#requireLive()
    for (const [direction, transport] of this.#transports) {
      if (transport.id === id && !transport.closed && (only === undefined || only === direction))
        return transport
    }
    throw new SfuError('unknown-target')
  }

  #producer(id: ProducerId): types.Producer {
    this.#requireLive()
    const producer = this.producers.get(id)
    if (!producer || producer.closed) throw new SfuError('unknown-target')
    return producer
  }
}
