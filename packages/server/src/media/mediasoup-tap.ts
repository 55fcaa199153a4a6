/**
 * A tap on mediasoup: one direct transport, whose consumers bring RTP and sender reports as buffers. Rules REC9, REC10.
 * Without bandwidth estimation mediasoup sends the highest layer that comes. Must never hand on a packet of a peer that
 * is not followed, also not one that was on its way when following ended.
 */
import type { PeerId, ProducerId } from '@huisclos/protocol'
import type { types } from 'mediasoup'
import { faultFields } from '../observe/log.ts'
import { KeyFrameGate } from './key-frame-gate.ts'
import type { ReceiverRoom } from './mediasoup-receiver.ts'
import { SFU_LIMITS } from './sfu.ts'
import type { SfuTap, TapSink } from './sfu-tap.ts'

/** What a tap needs of its room. */
export interface TappedRoom extends Pick<ReceiverRoom, 'router' | 'clock' | 'log'> {
  readonly peers: ReadonlyMap<PeerId, { readonly producers: ReadonlyMap<ProducerId, types.Producer> }>
}

export class MediasoupTap implements SfuTap {
  readonly #room: TappedRoom
  readonly #sink: TapSink
  readonly #onClose: () => void
  readonly #gate: KeyFrameGate
  readonly #transport: Promise<types.DirectTransport | null>
  readonly #consumers = new Map<ProducerId, types.Consumer>()
  readonly #making = new Set<ProducerId>()
  #peers: ReadonlySet<PeerId> = new Set()
  #closed = false

  constructor(room: TappedRoom, sink: TapSink, onClose: () => void) {
    this.#room = room
    this.#sink = sink
    this.#onClose = onClose
    this.#gate = new KeyFrameGate(SFU_LIMITS.keyFrameIntervalMs, room.clock)
    this.#transport = room.router.createDirectTransport().then(
      (transport) => this.#adoptTransport(transport),
      (error: unknown) => this.#refused(error),
    )
  }

  follow(peers: ReadonlySet<PeerId>): void {
    this.#peers = peers
    for (const id of [...this.#consumers.keys()]) if (!this.#isFollowed(id)) this.#drop(id)
    for (const id of peers) for (const producer of this.#producersOf(id)) this.consider(id, producer)
  }

  /** A stream that a peer has just begun, or that may be followed now. */
  consider(peer: PeerId, producer: types.Producer): void {
    const id = producer.id as ProducerId
    if (this.#closed || !this.#peers.has(peer) || this.#consumers.has(id) || this.#making.has(id)) return
    this.#making.add(id)
    this.#consume(peer, producer)
      .catch((error: unknown) => {
        if (!producer.closed) this.#refused(error)
      })
      .finally(() => this.#making.delete(id))
  }

  requestKeyFrame(producer: ProducerId): void {
    const found = this.#consumers.get(producer)
    if (found?.kind !== 'video') return
    this.#gate.ask(producer, () => {
      if (!found.closed) found.requestKeyFrame().catch(() => undefined)
    })
  }

  close(): void {
    if (this.#closed) return
    this.silence()
    void this.#transport.then((transport) => {
      if (transport?.closed === false) transport.close()
    })
  }

  /** The room's media is gone already. */
  silence(): void {
    this.#closed = true
    this.#gate.close()
    this.#consumers.clear()
    this.#onClose()
  }

  #adoptTransport(transport: types.DirectTransport): types.DirectTransport {
    if (this.#closed) transport.close()
    // Sender reports of every consumer come over the transport.
    transport.on('rtcp', (packet) => this.#rtcp(packet))
    return transport
  }

  async #consume(peer: PeerId, producer: types.Producer): Promise<void> {
    const transport = await this.#transport
    if (transport === null || transport.closed || producer.closed) return
    const { rtpCapabilities } = this.#room.router
    // Paused until it is known whom it belongs to: its first packet is then a key frame.
    const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities, paused: true })
    const id = producer.id as ProducerId
    if (!this.#isFollowed(id) || consumer.closed) {
      consumer.close()
      return
    }
    this.#consumers.set(id, consumer)
    consumer.on('producerclose', () => this.#drop(id))
    consumer.on('rtp', (packet) => {
      if (this.#consumers.get(id) === consumer) this.#sink.rtp(id, packet)
    })
    this.#open(peer, consumer)
    // mediasoup asks the sender for a key frame when a video consumer resumes.
    await consumer.resume()
  }

  #open(peer: PeerId, { producerId, kind, rtpParameters }: types.Consumer): void {
    const codec = rtpParameters.codecs[0]
    if (codec === undefined) return
    const { mimeType, clockRate, channels = 1, payloadType } = codec
    this.#sink.opened({
      producer: producerId as ProducerId,
      peer,
      kind,
      mimeType,
      clockRate,
      channels,
      payloadType,
      ssrc: rtpParameters.encodings?.[0]?.ssrc ?? 0,
    })
  }

  /** The first packet of a compound is the sender report; its bytes 4 to 7 say whose. */
  #rtcp(packet: Buffer): void {
    if (this.#closed || packet.length < 28 || packet[1] !== SENDER_REPORT) return
    const ssrc = packet.readUInt32BE(4)
    for (const [id, consumer] of this.#consumers) {
      if (consumer.rtpParameters.encodings?.[0]?.ssrc !== ssrc) continue
      this.#sink.rtcp(id, packet)
      return
    }
  }

  #drop(id: ProducerId): void {
    const consumer = this.#consumers.get(id)
    if (consumer === undefined) return
    this.#consumers.delete(id)
    this.#gate.forget(id)
    if (!consumer.closed) consumer.close()
    if (!this.#closed) this.#sink.closed(id)
  }

  #isFollowed(id: ProducerId): boolean {
    if (this.#closed) return false
    for (const peer of this.#peers) if (this.#room.peers.get(peer)?.producers.has(id) === true) return true
    return false
  }

  #producersOf(peer: PeerId): Iterable<types.Producer> {
    return [...(this.#room.peers.get(peer)?.producers.values() ?? [])]
  }

  #refused(error: unknown): null {
    // The router may have closed while the worker was asked; then there is nothing to tell.
    if (!this.#closed && !this.#room.router.closed)
      this.#room.log.error(faultFields(error), 'a stream could not be tapped')
    return null
  }
}

const SENDER_REPORT = 200
