/**
 * The part of the `Sfu` port that recordings use: what named peers send, as it is relayed, ciphertext under RTP headers.
 * Without a tap nothing is consumed (REC9). Adapters: mediasoup-tap.ts, fake-tap.ts; sfu-contract.test.ts runs on both.
 */
import type { MediaKind, PeerId, ProducerId } from '@huisclos/protocol'

export interface TapStream {
  readonly producer: ProducerId
  readonly peer: PeerId
  readonly kind: MediaKind
  /** `video/VP8`. */
  readonly mimeType: string
  readonly clockRate: number
  readonly channels: number
  readonly payloadType: number
  readonly ssrc: number
}

/** Called in order, never after `close()` or after the room was lost. Must not throw. */
export interface TapSink {
  opened(stream: TapStream): void
  /** One RTP packet, within a quarter of a second of its arrival. The bytes are good for the call alone. */
  rtp(producer: ProducerId, packet: Uint8Array): void
  /** An RTCP packet that begins with a sender report (RFC 3550 section 6.4.1) of that stream; likewise. */
  rtcp(producer: ProducerId, packet: Uint8Array): void
  /** So many packets of all streams together were lost on the way, as this machine was too slow. */
  dropped(packets: number): void
  /** Its sender closed it, left, or is followed no more. */
  closed(producer: ProducerId): void
}

export interface SfuTap {
  /**
   * From now on exactly what these peers send: of layered streams the highest layer, each video from a key frame that is
   * asked for. Peers that come later count, too. When it returns, no packet of any other peer reaches the sink.
   */
  follow(peers: ReadonlySet<PeerId>): void
  /** At most once per SFU_LIMITS.keyFrameIntervalMs and stream, then deferred (KEY4). */
  requestKeyFrame(producer: ProducerId): void
  /** Nothing reaches the sink any more. Idempotent. */
  close(): void
}
