/** The fake media engine's tap: which streams are followed, in books; `say` hands a packet on as if one had come. */
import type { PeerId, ProducerId } from '@huisclos/protocol'
import type { FakeProducer } from './fake-sfu-peer.ts'
import type { SfuTap, TapSink } from './sfu-tap.ts'

export class FakeTap implements SfuTap {
  readonly followed = new Map<ProducerId, FakeProducer>()
  readonly #sink: TapSink
  readonly #present: () => Iterable<[PeerId, FakeProducer]>
  readonly #onClose: () => void
  #peers: ReadonlySet<PeerId> = new Set()
  #closed = false

  constructor(sink: TapSink, present: () => Iterable<[PeerId, FakeProducer]>, onClose: () => void) {
    this.#sink = sink
    this.#present = present
    this.#onClose = onClose
  }

  follow(peers: ReadonlySet<PeerId>): void {
    this.#peers = peers
    this.review()
  }

  /** Whenever streams came or went. */
  review(): void {
    const wanted = new Map<ProducerId, [PeerId, FakeProducer]>()
    if (!this.#closed)
      for (const [peer, producer] of this.#present())
        if (this.#peers.has(peer)) wanted.set(producer.id, [peer, producer])
    for (const id of [...this.followed.keys()]) if (!wanted.has(id)) this.#end(id)
    for (const [peer, producer] of wanted.values())
      if (!this.followed.has(producer.id)) this.#begin(peer, producer)
  }

  requestKeyFrame(producer: ProducerId): void {
    const found = this.followed.get(producer)
    if (found) found.keyFramesAsked += 1
  }

  /** A packet of that producer, which reaches the sink if it is followed. */
  say(producer: ProducerId, packet: Uint8Array, kind: 'rtp' | 'rtcp' = 'rtp'): void {
    if (!this.#closed && this.followed.has(producer)) this.#sink[kind](producer, packet)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.followed.clear()
    this.#onClose()
  }

  #begin(peer: PeerId, producer: FakeProducer): void {
    const codec = producer.rtp.codecs[0]
    if (codec === undefined) return
    this.followed.set(producer.id, producer)
    if (producer.kind === 'video') producer.keyFramesAsked += 1
    const { mimeType, clockRate, channels = 1, payloadType = 0 } = codec
    const { id, kind } = producer
    const ssrc = producer.rtp.encodings?.[0]?.ssrc ?? 0
    this.#sink.opened({ producer: id, peer, kind, mimeType, clockRate, channels, payloadType, ssrc })
  }

  #end(id: ProducerId): void {
    this.followed.delete(id)
    this.#sink.closed(id)
  }
}
