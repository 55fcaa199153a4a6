/**
 * One room on mediasoup: one router of one worker, its peers, and who gets whose stream. Rules SEE1, KEY4. Must never
 * outlive its worker silently: whoever made the room hears of its loss once.
 */
import type { PeerId, RtpCapabilities } from '@huisclos/protocol'
import type { types } from 'mediasoup'
import type { GateClock } from './key-frame-gate.ts'
import { KeyFrameGate } from './key-frame-gate.ts'
import type { LiveWorker, MediaLog } from './media-worker.ts'
import { MediasoupPeer } from './mediasoup-peer.ts'
import { fromCapabilities } from './mediasoup-shapes.ts'
import { MediasoupTap } from './mediasoup-tap.ts'
import { withAllowedExtensions } from './rtp-policy.ts'
import type { SfuPeer, SfuPeerOptions, SfuRoom, SfuRoomOptions, SfuStats } from './sfu.ts'
import { SFU_LIMITS, SfuError } from './sfu.ts'
import type { SfuTap, TapSink } from './sfu-tap.ts'

/**
 * Opus without RED; VP8 for simulcast; VP9 profile 0 for SVC. H.264 and AV1 are left out: their frames cannot be
 * encrypted whole and still be forwarded (FRM1).
 */
export const ROUTER_CODECS: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    preferredPayloadType: 100,
    parameters: { useinbandfec: 1, usedtx: 0, stereo: 0, 'sprop-stereo': 0 },
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: 101, parameters: {} },
  {
    kind: 'video',
    mimeType: 'video/VP9',
    clockRate: 90_000,
    preferredPayloadType: 103,
    parameters: { 'profile-id': 0 },
  },
]

export type RoomCounts = Pick<SfuStats, 'transports' | 'producers' | 'consumers' | 'consumersRefused'>

interface MediasoupRoomParts extends LiveWorker {
  router: types.Router
  room: SfuRoomOptions
  log: MediaLog
  clock: GateClock
  onEnd: (room: MediasoupRoom) => void
}

export class MediasoupRoom implements SfuRoom {
  readonly rtpCapabilities: RtpCapabilities
  readonly audioLevel: boolean
  readonly peers = new Map<PeerId, MediasoupPeer>()
  readonly taps = new Set<MediasoupTap>()
  readonly gate: KeyFrameGate
  readonly clock: GateClock
  readonly router: types.Router
  readonly webRtcServer: types.WebRtcServer
  readonly log: MediaLog
  readonly #parts: MediasoupRoomParts
  #closed = false

  constructor(parts: MediasoupRoomParts) {
    this.#parts = parts
    this.router = parts.router
    this.webRtcServer = parts.webRtcServer
    this.log = parts.log
    this.audioLevel = parts.room.audioLevel ?? false
    this.clock = parts.clock
    this.gate = new KeyFrameGate(SFU_LIMITS.keyFrameIntervalMs, parts.clock)
    this.rtpCapabilities = withAllowedExtensions(
      fromCapabilities(parts.router.rtpCapabilities),
      this.audioLevel,
    )
    parts.router.on('workerclose', () => this.#handleWorkerClose())
  }

  get closed(): boolean {
    return this.#closed
  }

  addPeer(options: SfuPeerOptions): SfuPeer {
    if (this.#closed) throw new SfuError('media-unavailable')
    if (this.peers.has(options.peer)) throw new Error('this peer is in the room already')
    const peer = new MediasoupPeer(this, options, () => this.peers.delete(options.peer))
    this.peers.set(options.peer, peer)
    return peer
  }

  tap(sink: TapSink): SfuTap {
    if (this.#closed) throw new SfuError('media-unavailable')
    const tap: MediasoupTap = new MediasoupTap(this, sink, () => this.taps.delete(tap))
    this.taps.add(tap)
    return tap
  }

  close(): void {
    if (this.#closed) return
    this.#end()
    if (!this.router.closed) this.router.close()
  }

  counts(): RoomCounts {
    const sums = { transports: 0, producers: 0, consumers: 0, consumersRefused: 0 }
    for (const peer of this.peers.values()) {
      sums.transports += peer.transportCount
      sums.producers += peer.producers.size
      sums.consumers += peer.consumerCount
      sums.consumersRefused += peer.consumersRefused
    }
    return sums
  }

  #handleWorkerClose(): void {
    if (this.#closed) return
    this.#end()
    // A worker that was closed, not killed, is this process shutting down.
    if (this.#parts.worker.died) this.#parts.room.onLost()
  }

  #end(): void {
    this.#closed = true
    this.gate.close()
    for (const tap of [...this.taps]) tap.silence()
    for (const peer of [...this.peers.values()]) peer.silence()
    this.peers.clear()
    this.#parts.onEnd(this)
  }
}
