/** One peer of the fake media engine: transports, producers and consumers as entries in books, nothing forwarded. */
import { randomUUID } from 'node:crypto'
import type { MediaKind, PeerId, RtpCapabilities, RtpParameters } from '@huisclos/protocol'
import { ConsumerId, ProducerId, TransportId } from '@huisclos/protocol'
import { fakeIce, fakeSsrc, fakeTransportParameters } from './fake-sfu-parameters.ts'
import { checkProduced, checkReceivable, takesCodec, withAllowedExtensions } from './rtp-policy.ts'
import type { SfuPeer, SfuPeerOptions, TransportDirection } from './sfu.ts'
import { SFU_LIMITS, SfuError } from './sfu.ts'

interface FakeTransport {
  direction: TransportDirection
  connected: boolean
}
export interface FakeProducer {
  id: ProducerId
  kind: MediaKind
  rtp: RtpParameters
  paused: boolean
  /** How often a key frame was asked of its sender. */
  keyFramesAsked: number
}
export interface FakeConsumer {
  producer: FakeProducer
  paused: boolean
  spatial: number | undefined
  temporal: number | undefined
}

/** What a peer sees of its room. */
interface FakeBooks {
  readonly audioLevel: boolean
  readonly closed: boolean
  readonly peers: Map<PeerId, FakePeer>
  reviewTaps(): void
}

type Arg<M extends keyof SfuPeer> = Parameters<SfuPeer[M]>[0]

export class FakePeer implements SfuPeer {
  readonly transports = new Map<TransportId, FakeTransport>()
  readonly producers = new Map<ProducerId, FakeProducer>()
  readonly consumers = new Map<ConsumerId, FakeConsumer>()
  readonly #room: FakeBooks
  readonly #options: SfuPeerOptions
  #receiving: { transport: TransportId; rtp: RtpCapabilities } | null = null
  #closed = false

  constructor(room: FakeBooks, options: SfuPeerOptions) {
    this.#room = room
    this.#options = options
  }

  async createTransport({ direction, tcpOnly }: Arg<'createTransport'>) {
    this.#live()
    for (const [id, transport] of this.transports)
      if (transport.direction === direction) this.#dropTransport(id)
    const transport = TransportId.parse(randomUUID())
    this.transports.set(transport, { direction, connected: false })
    return { transport, ...fakeTransportParameters(tcpOnly) }
  }

  async connect({ transport }: Arg<'connect'>) {
    const found = this.#transport(transport)
    if (found.connected) throw new SfuError('media-refused')
    found.connected = true
  }

  async restartIce({ transport }: Arg<'restartIce'>) {
    this.#transport(transport)
    return { ice: fakeIce() }
  }

  async produce({ transport, kind, rtp, paused }: Arg<'produce'>) {
    this.#transport(transport, 'send')
    if (this.producers.size >= SFU_LIMITS.producersPerPeer) throw new SfuError('media-refused')
    checkProduced(kind, rtp, this.#room.audioLevel)
    const producer = { id: ProducerId.parse(randomUUID()), kind, rtp, paused, keyFramesAsked: 0 }
    this.producers.set(producer.id, producer)
    for (const peer of this.#room.peers.values()) peer.consume(this, producer)
    this.#room.reviewTaps()
    return { producer: producer.id }
  }

  async pause({ producer, paused }: Arg<'pause'>) {
    const found = this.#producer(producer)
    if (found.paused === paused) return
    found.paused = paused
    for (const peer of this.#room.peers.values()) peer.tell(found, paused)
  }

  async closeProducer({ producer }: Arg<'closeProducer'>) {
    this.#dropProducer(this.#producer(producer))
  }

  async receive({ transport, rtp }: Arg<'receive'>) {
    this.#transport(transport, 'receive')
    checkReceivable(rtp)
    for (const id of [...this.consumers.keys()]) this.#dropConsumer(id)
    this.#receiving = { transport, rtp: withAllowedExtensions(rtp, this.#room.audioLevel) }
    for (const peer of this.#room.peers.values()) {
      for (const producer of peer.producers.values()) this.consume(peer, producer)
    }
  }

  async want({ consumer, paused, spatial, temporal }: Arg<'want'>) {
    const found = this.#consumer(consumer)
    if (found.paused && !paused && found.producer.kind === 'video') found.producer.keyFramesAsked += 1
    Object.assign(found, { paused, spatial, temporal })
  }

  async requestKeyFrame({ consumer }: Arg<'requestKeyFrame'>) {
    this.#consumer(consumer).producer.keyFramesAsked += 1
  }

  close(): void {
    if (this.#closed) return
    this.end()
    this.#room.peers.delete(this.#options.peer)
  }

  /** Ends this peer's media; the others of a living room are told. */
  end(): void {
    this.#closed = true
    this.consumers.clear()
    for (const producer of [...this.producers.values()]) this.#dropProducer(producer)
    this.transports.clear()
  }

  /** Makes this peer's consumer of a producer, where it receives and can take the codec. */
  consume(of: FakePeer, producer: FakeProducer): void {
    const codec = producer.rtp.codecs[0]
    if (of === this || !this.#receiving || !codec || !takesCodec(this.#receiving.rtp, codec)) return
    const consumer = ConsumerId.parse(randomUUID())
    this.consumers.set(consumer, { producer, paused: true, spatial: undefined, temporal: undefined })
    const rtp = { codecs: producer.rtp.codecs, encodings: [{ ssrc: fakeSsrc() }] }
    this.#options.onEvent({
      t: 'media.consumer',
      consumer,
      producer: producer.id,
      peer: of.#options.peer,
      kind: producer.kind,
      rtp,
      producerPaused: producer.paused,
    })
  }

  /** Tells this peer that a producer it consumes was paused or resumed. */
  tell(producer: FakeProducer, paused: boolean): void {
    for (const [consumer, entry] of this.consumers) {
      if (entry.producer === producer) this.#options.onEvent({ t: 'media.consumer-paused', consumer, paused })
    }
  }

  #dropConsumersOf(producer: FakeProducer): void {
    for (const [id, entry] of this.consumers) if (entry.producer === producer) this.#dropConsumer(id)
  }

  #dropConsumer(consumer: ConsumerId): void {
    if (!this.consumers.delete(consumer) || this.#room.closed) return
    this.#options.onEvent({ t: 'media.consumer-closed', consumer })
  }

  #dropProducer(producer: FakeProducer): void {
    this.producers.delete(producer.id)
    for (const peer of this.#room.peers.values()) peer.#dropConsumersOf(producer)
    this.#room.reviewTaps()
  }

  #dropTransport(id: TransportId): void {
    const direction = this.transports.get(id)?.direction
    this.transports.delete(id)
    if (direction === 'send') {
      for (const producer of [...this.producers.values()]) this.#dropProducer(producer)
    } else {
      this.#receiving = null
      for (const consumer of [...this.consumers.keys()]) this.#dropConsumer(consumer)
    }
  }

  #live(): void {
    if (this.#closed) throw new SfuError('media-unavailable')
  }

  #transport(id: TransportId, direction?: TransportDirection): FakeTransport {
    const found = this.#find(this.transports.get(id))
    if (direction && found.direction !== direction) throw new SfuError('unknown-target')
    return found
  }

  #producer(id: ProducerId): FakeProducer {
    return this.#find(this.producers.get(id))
  }

  #consumer(id: ConsumerId): FakeConsumer {
    return this.#find(this.consumers.get(id))
  }

  #find<T>(entry: T | undefined): T {
    this.#live()
    if (!entry) throw new SfuError('unknown-target')
    return entry
  }
}
