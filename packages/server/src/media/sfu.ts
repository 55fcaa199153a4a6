/**
 * The `Sfu` port: what the rest of the server may ask of a media engine. It forwards packets that it cannot read
 * (SEE1) and knows peers by their session's id alone. Rules KEY4 (removed peers stop at once, key frames are rare).
 * Adapters: mediasoup-sfu.ts, fake-sfu.ts; sfu-contract.test.ts runs on both. Must never hold a key or a name.
 */
import type {
  ConsumerId,
  DtlsParameters,
  EventBody,
  MediaKind,
  PeerId,
  ProducerId,
  RequestOf,
  ResultOf,
  RtpCapabilities,
  RtpParameters,
  TransportId,
} from '@huisclos/protocol'
import type { SfuTap, TapSink } from './sfu-tap.ts'

/** What a peer may hold at once. A transport made for a direction that already has one replaces it. */
export const SFU_LIMITS = {
  producersPerPeer: 16,
  consumersPerPeer: 1024,
  encodingsPerProducer: 4,
  keyFrameIntervalMs: 1000,
} as const

/**
 * Refusals that are answered to the client as they are. Anything else thrown by this port is a bug of ours
 * (`server-fault`).
 * - `media-refused`: the client asked for something malformed, unsupported or beyond SFU_LIMITS.
 * - `unknown-target`: no such transport, producer or consumer of this peer (it may have closed meanwhile).
 * - `media-unavailable`: the worker is gone, or this room or peer was closed; make a new room.
 */
export type SfuErrorCode = 'media-refused' | 'unknown-target' | 'media-unavailable'

export class SfuError extends Error {
  readonly code: SfuErrorCode
  constructor(code: SfuErrorCode, cause?: unknown) {
    super(code, { cause })
    this.name = 'SfuError'
    this.code = code
  }
}

/** Told to the peer that an `SfuPeer` stands for, in order; the session gives them their numbers. */
export type SfuPeerEvent = Extract<
  EventBody,
  { t: 'media.consumer' | 'media.consumer-closed' | 'media.consumer-paused' | 'media.consumer-flow' }
>

export interface SfuPeerOptions {
  peer: PeerId
  /** Called synchronously, never after `close()` or after the room was lost. Must not throw. */
  onEvent: (event: SfuPeerEvent) => void
}

export interface SfuRoomOptions {
  /** Whether the audio-level header extension, which shows who speaks, may be negotiated (SEE1). Default false. */
  audioLevel?: boolean
  /**
   * Called once when the media worker died: every transport, producer and consumer of the room is gone, the room
   * counts as closed and its peers answer `media-unavailable`. Make another room and tell clients `media.lost`.
   */
  onLost: () => void
}

/** Counters for /metrics. They name nobody. */
export interface SfuStats {
  workers: number
  workerRestarts: number
  rooms: number
  transports: number
  producers: number
  consumers: number
  /** Consumers not made because a peer was at its limit. */
  consumersRefused: number
}

export interface Sfu {
  /**
   * Place a room on the least loaded live worker. Where all died, waits for the first restart.
   * @throws SfuError `media-unavailable` when no worker came back within 5 seconds, or after `close()`.
   */
  createRoom(options: SfuRoomOptions): Promise<SfuRoom>
  stats(): SfuStats
  /** Ends every room (without `onLost`) and every worker; resolves when their ports are free. */
  close(): Promise<void>
}

export interface SfuRoom {
  /** What clients may send and receive here: Opus, VP8, VP9; handed out as `Entered.routerRtp`. */
  readonly rtpCapabilities: RtpCapabilities
  /** True after `onLost` or `close()`. */
  readonly closed: boolean
  /**
   * A peer without media yet. Synchronous.
   * @throws SfuError `media-unavailable` when the room is closed. Adding a peer twice is a bug and throws Error.
   */
  addPeer(options: SfuPeerOptions): SfuPeer
  /** Hands the sink what peers send, as far as they are followed; nobody is at first. @throws SfuError `media-unavailable` */
  tap(sink: TapSink): SfuTap
  /** Ends every peer's media at once; no events, no `onLost`. Idempotent. */
  close(): void
}

/**
 * One peer's media. Every method but `close` may throw SfuError with any of its codes. Arguments are the bodies of
 * the protocol's requests; results are the bodies of their answers.
 */
export interface SfuPeer {
  /** ICE and DTLS parameters of a new transport. The former one of that direction is closed with all it carried. */
  createTransport(a: {
    direction: TransportDirection
    tcpOnly: boolean
  }): Promise<ResultOf<'media.transport'>>
  /** The client's DTLS fingerprints; once per transport. */
  connect(a: { transport: TransportId; dtls: DtlsParameters }): Promise<void>
  restartIce(a: { transport: TransportId }): Promise<ResultOf<'media.restart-ice'>>
  /** Every other peer that said `receive` gets a paused consumer of it. `transport` must be the send transport. */
  produce(a: {
    transport: TransportId
    kind: MediaKind
    rtp: RtpParameters
    paused: boolean
  }): Promise<{ producer: ProducerId }>
  /** Pausing stops forwarding; consumers' peers get `media.consumer-paused`. */
  pause(a: { producer: ProducerId; paused: boolean }): Promise<void>
  /** Consumers' peers get `media.consumer-closed`. */
  closeProducer(a: { producer: ProducerId }): Promise<void>
  /**
   * From now on this peer gets a paused consumer (event `media.consumer`) of whatever the others produce and produced
   * already, as far as `rtp` can take it. Said again, it starts over: former consumers close (with events).
   */
  receive(a: { transport: TransportId; rtp: RtpCapabilities }): Promise<void>
  /**
   * Start, stop or re-size one consumer. Starting video asks its sender for a key frame (KEY4). Where a path is narrow,
   * sound goes first, then each picture's smallest layer, then more for those wanted larger (SIG17).
   */
  want(a: { consumer: ConsumerId; paused: boolean; spatial?: number; temporal?: number }): Promise<void>
  /** Asks the sender for a key frame: at most once per SFU_LIMITS.keyFrameIntervalMs and producer, then deferred. */
  requestKeyFrame(a: { consumer: ConsumerId }): Promise<void>
  /** Stops all forwarding from and to this peer at once; the others get `media.consumer-closed`. Idempotent. */
  close(): void
}

export type TransportDirection = RequestOf<'media.transport'>['direction']
