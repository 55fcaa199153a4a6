/**
 * The `Sfu` port without a media engine, for tests of the room and of signalling: it keeps the same books as the
 * mediasoup adapter (sfu-contract.test.ts runs on both) and forwards nothing. `loseWorker` plays a worker's death.
 */
import type { PeerId, RtpCapabilities } from '@huisclos/protocol'
import { fakeCapabilities } from './fake-sfu-parameters.ts'
import type { FakeProducer } from './fake-sfu-peer.ts'
import { FakePeer } from './fake-sfu-peer.ts'
import { FakeTap } from './fake-tap.ts'
import type { Sfu, SfuPeer, SfuPeerOptions, SfuRoom, SfuRoomOptions, SfuStats } from './sfu.ts'
import { SfuError } from './sfu.ts'
import type { SfuTap, TapSink } from './sfu-tap.ts'

/** Books of one room. `peers` and `taps` are open to tests. */
export class FakeRoom implements SfuRoom {
  readonly rtpCapabilities: RtpCapabilities
  readonly audioLevel: boolean
  readonly peers = new Map<PeerId, FakePeer>()
  readonly taps = new Set<FakeTap>()
  readonly worker: number
  closed = false
  readonly #options: SfuRoomOptions
  readonly #onEnd: (room: FakeRoom) => void

  constructor(worker: number, options: SfuRoomOptions, onEnd: (room: FakeRoom) => void) {
    this.worker = worker
    this.audioLevel = options.audioLevel ?? false
    this.rtpCapabilities = fakeCapabilities(this.audioLevel)
    this.#options = options
    this.#onEnd = onEnd
  }

  addPeer(options: SfuPeerOptions): SfuPeer {
    if (this.closed) throw new SfuError('media-unavailable')
    if (this.peers.has(options.peer)) throw new Error('this peer is in the room already')
    const peer = new FakePeer(this, options)
    this.peers.set(options.peer, peer)
    return peer
  }

  tap(sink: TapSink): SfuTap {
    if (this.closed) throw new SfuError('media-unavailable')
    const tap: FakeTap = new FakeTap(
      sink,
      () => this.#streams(),
      () => this.taps.delete(tap),
    )
    this.taps.add(tap)
    return tap
  }

  /** Streams came or went. */
  reviewTaps(): void {
    for (const tap of this.taps) tap.review()
  }

  *#streams(): Iterable<[PeerId, FakeProducer]> {
    for (const [id, peer] of this.peers) for (const producer of peer.producers.values()) yield [id, producer]
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    for (const tap of [...this.taps]) tap.close()
    for (const peer of this.peers.values()) peer.end()
    this.peers.clear()
    this.#onEnd(this)
  }

  /** The worker died under this room. */
  lose(): void {
    this.close()
    this.#options.onLost()
  }
}

export class FakeSfu implements Sfu {
  readonly rooms = new Set<FakeRoom>()
  readonly #workers: number
  #restarts = 0
  #closed = false

  constructor(options: { workers?: number } = {}) {
    this.#workers = options.workers ?? 2
  }

  createRoom(options: SfuRoomOptions): Promise<SfuRoom> {
    if (this.#closed) return Promise.reject(new SfuError('media-unavailable'))
    const loads = Array.from({ length: this.#workers }, () => 0)
    for (const room of this.rooms) loads[room.worker] = (loads[room.worker] ?? 0) + 1
    const room = new FakeRoom(loads.indexOf(Math.min(...loads)), options, (ended) => this.rooms.delete(ended))
    this.rooms.add(room)
    return Promise.resolve(room)
  }

  /** Plays the death of the worker under `room`: every room on it is lost, the worker is back at once. */
  loseWorker(room: SfuRoom): void {
    const worker = [...this.rooms].find((known) => known === room)?.worker
    this.#restarts += 1
    for (const each of [...this.rooms]) if (each.worker === worker) each.lose()
  }

  stats(): SfuStats {
    const peers = [...this.rooms].flatMap((room) => [...room.peers.values()])
    const sum = (count: (peer: FakePeer) => number) => peers.reduce((total, peer) => total + count(peer), 0)
    return {
      workers: this.#closed ? 0 : this.#workers,
      workerRestarts: this.#restarts,
      rooms: this.rooms.size,
      transports: sum((p) => p.transports.size),
      producers: sum((p) => p.producers.size),
      consumers: sum((p) => p.consumers.size),
      consumersRefused: 0,
    }
  }

  close(): Promise<void> {
    this.#closed = true
    for (const room of [...this.rooms]) room.close()
    return Promise.resolve()
  }
}
