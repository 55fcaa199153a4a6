/**
 * A tap on mediasoup: consumers of what is followed, whose packets come by tap-source.ts and are told apart by their
 * SSRC. Rules REC9, REC10. Without bandwidth estimation mediasoup sends the highest layer that comes. Must never hand on a
 * packet of a peer that is not followed, also not one that was on its way when following ended.
 */
import type { PeerId, ProducerId } from '@huisclos/protocol'
import type { types } from 'mediasoup'
import { faultFields } from '../observe/log.ts'
import { KeyFrameGate } from './key-frame-gate.ts'
import type { ReceiverRoom } from './mediasoup-receiver.ts'
import { SFU_LIMITS } from './sfu.ts'
import type { SfuTap, TapSink } from './sfu-tap.ts'
import type { TapSource } from './tap-source.ts'
import { openTapSource } from './tap-source.ts'

/** What a tap needs of its room. */
export interface TappedRoom extends Pick<ReceiverRoom, 'router' | 'clock' | 'log'> {
  readonly peers: ReadonlyMap<PeerId, { readonly producers: ReadonlyMap<ProducerId, types.Producer> }>
}

export class MediasoupTap implements SfuTap {
  readonly #room: TappedRoom
  readonly #sink: TapSink
  readonly #onClose: () => void
  readonly #gate: KeyFrameGate
  readonly #source: Promise<TapSource | null>
  /** When it is there. */
  #open: TapSource | null = null
  readonly #consumers = new Map<ProducerId, types.Consumer>()
  readonly #bySsrc = new Map<number, ProducerId>()
  readonly #making = new Set<ProducerId>()
  #peers: ReadonlySet<PeerId> = new Set()
  #closed = false

  constructor(room: TappedRoom, sink: TapSink, onClose: () => void) {
    this.#room = room
    this.#sink = sink
    this.#onClose = onClose
    this.#gate = new KeyFrameGate(SFU_LIMITS.keyFrameIntervalMs, room.clock)
    const { router, clock, log } = room
    this.#source = openTapSource({
      router,
      clock,
      log,
      take: (packet) => this.#take(packet),
      onDropped: (packets) => {
        if (!this.#closed) sink.dropped(packets)
      },
      onFault: (error) => this.#refused(error),
    }).then(
      (source) => this.#adopt(source),
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
      if (found.closed) return
      this.#open?.hurry()
      found.requestKeyFrame().catch(() => undefined)
    })
  }

  close(): void {
    // Those who are followed to the end are heard to the end.
    if (!this.#closed) this.#open?.drain()
    this.silence()
  }

  /** The room's media is gone already. */
  silence(): void {
    if (this.#closed) return
    this.#closed = true
    this.#gate.close()
    this.#consumers.clear()
    this.#bySsrc.clear()
    this.#open?.close()
    this.#onClose()
  }

  #adopt(source: TapSource): TapSource {
    if (this.#closed) source.close()
    this.#open = source
    return source
  }

  async #consume(peer: PeerId, producer: types.Producer): Promise<void> {
    const source = await this.#source
    if (source === null || this.#closed || producer.closed) return
    const consumer = await source.consume(producer)
    const id = producer.id as ProducerId
    const ssrc = ssrcOf(consumer)
    if (!this.#isFollowed(id) || consumer.closed || this.#bySsrc.has(ssrc)) {
      consumer.close()
      return
    }
    this.#consumers.set(id, consumer)
    this.#bySsrc.set(ssrc, id)
    consumer.on('producerclose', () => {
      source.drain()
      this.#drop(id)
    })
    this.#tell(peer, consumer)
    source.hurry()
    // mediasoup asks the sender for a key frame when a video consumer resumes.
    await consumer.resume()
  }

  #tell(peer: PeerId, consumer: types.Consumer): void {
    const { producerId, kind, rtpParameters } = consumer
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
      ssrc: ssrcOf(consumer),
    })
  }

  /** RTP, or RTCP on the same port (RFC 5761 section 4). */
  #take(packet: Buffer): void {
    if (packet.length < RTP_HEADER_BYTES) return
    const type = packet[1] ?? 0
    if (type >= FIRST_RTCP && type <= LAST_RTCP) this.#rtcp(packet)
    else {
      const id = this.#bySsrc.get(packet.readUInt32BE(8))
      if (id !== undefined) this.#sink.rtp(id, packet)
    }
  }

  /** A compound may hold the sender reports of many streams; bytes 4 to 7 of each say whose. */
  #rtcp(packet: Buffer): void {
    for (let at = 0; at + 8 <= packet.length; ) {
      const end = at + 4 + 4 * packet.readUInt16BE(at + 2)
      const id = this.#bySsrc.get(packet.readUInt32BE(at + 4))
      if (packet[at + 1] === SENDER_REPORT && end <= packet.length && id !== undefined)
        this.#sink.rtcp(id, packet.subarray(at, end))
      at = end
    }
  }

  #drop(id: ProducerId): void {
    const consumer = this.#consumers.get(id)
    if (consumer === undefined) return
    this.#consumers.delete(id)
    this.#bySsrc.delete(ssrcOf(consumer))
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

const ssrcOf = ({ rtpParameters }: types.Consumer): number => rtpParameters.encodings?.[0]?.ssrc ?? 0

const RTP_HEADER_BYTES = 12
const FIRST_RTCP = 192
const LAST_RTCP = 223
const SENDER_REPORT = 200
