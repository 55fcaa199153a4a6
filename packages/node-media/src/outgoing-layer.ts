/**
 * One RTP stream of a sender: sealed frames cut into packets, sent again on NACK, and a sender report each second.
 * Simulcast has one of these a layer. Knows no keys.
 */
import type { Clock } from '@huisclos/participant'
import type { FrameCodec, RtpPacket } from '@huisclos/rtp'
import { encodeRtp, encodeSenderReport, packetizeVp8, toRtx } from '@huisclos/rtp'
import type { SendingCodec, Ssrcs } from './sending-codec.ts'

export interface OutgoingLayerOptions {
  sending: SendingCodec
  ssrcs: Ssrcs
  clock: Clock
  send: (packet: Uint8Array) => boolean
}

const MAX_PAYLOAD_BYTES = 1180
const HISTORY_PACKETS = 1024
const REPORT_EVERY_MS = 1000

export class OutgoingLayer {
  readonly ssrc: number
  readonly sent = { packets: 0, payloadBytes: 0, retransmitted: 0 }
  readonly #options: OutgoingLayerOptions
  readonly #history = new Map<number, RtpPacket>()
  #sequence = Math.floor(Math.random() * 0x8000)
  #rtxSequence = 0
  #pictureId = 0
  #reportedAt = Number.NEGATIVE_INFINITY

  constructor(options: OutgoingLayerOptions) {
    this.#options = options
    this.ssrc = options.ssrcs.media
  }

  /** @param timestamp in the codec's clock */
  sendFrame(codec: FrameCodec, sealed: Uint8Array, timestamp: number): void {
    const payloads = codec === 'vp8' ? packetizeVp8(sealed, this.#pictureId, MAX_PAYLOAD_BYTES) : [sealed]
    this.#pictureId = (this.#pictureId + 1) & 0x7fff
    payloads.forEach((payload, index) => {
      this.#sendPacket(payload, timestamp, codec === 'vp8' && index === payloads.length - 1)
    })
    this.#report(timestamp)
  }

  resend(sequences: readonly number[]): void {
    const { ssrcs, sending, send } = this.#options
    if (sending.rtxPayloadType === null) return
    for (const lost of sequences) {
      const packet = this.#history.get(lost)
      if (!packet) continue
      this.#rtxSequence = (this.#rtxSequence + 1) & 0xffff
      const rtx = { ssrc: ssrcs.rtx, payloadType: sending.rtxPayloadType, sequence: this.#rtxSequence }
      if (send(encodeRtp(toRtx(packet, rtx)))) this.sent.retransmitted += 1
    }
  }

  close(): void {
    this.#history.clear()
  }

  #sendPacket(payload: Uint8Array, timestamp: number, marker: boolean): void {
    const { ssrcs, sending, send } = this.#options
    this.#sequence = (this.#sequence + 1) & 0xffff
    const packet: RtpPacket = {
      payloadType: sending.payloadType,
      sequence: this.#sequence,
      timestamp,
      ssrc: ssrcs.media,
      marker,
      payload,
    }
    if (sending.rtxPayloadType !== null) {
      this.#history.set(packet.sequence, packet)
      this.#history.delete((packet.sequence - HISTORY_PACKETS) & 0xffff)
    }
    if (!send(encodeRtp(packet))) return
    this.sent.packets += 1
    this.sent.payloadBytes += payload.length
  }

  #report(timestamp: number): void {
    const { clock, ssrcs, send } = this.#options
    const now = clock.now()
    if (now - this.#reportedAt < REPORT_EVERY_MS) return
    this.#reportedAt = now
    const { packets, payloadBytes } = this.sent
    send(encodeSenderReport({ ssrc: ssrcs.media, wallMs: now, timestamp, packets, payloadBytes }))
  }
}
