/**
 * One stream that a bot sends: frames of a track are sealed (KEY2, FRM1), cut into packets, sent again on NACK, and a
 * key frame is asked of the source on PLI and FIR. Rule FRM2: without a key nothing leaves.
 */
import type { FrameSealer } from '@huisclos/crypto/sframe'
import { SendCounter } from '@huisclos/crypto/sframe'
import type { Clock } from '@huisclos/participant'
import type { SendingCodec, Ssrcs } from './bot-capabilities.ts'
import type { BotFrame, BotTrack } from './bot-track.ts'
import type { Feedback } from './rtcp.ts'
import { encodeSenderReport } from './rtcp.ts'
import type { RtpPacket } from './rtp-packet.ts'
import { encodeRtp, toRtx } from './rtp-packet.ts'
import { packetizeVp8 } from './vp8-payload.ts'

export interface OutgoingOptions {
  stream: number
  sending: SendingCodec
  ssrcs: Ssrcs
  clock: Clock
  send: (packet: Uint8Array) => boolean
}

const MAX_PAYLOAD_BYTES = 1180
const HISTORY_PACKETS = 1024
const MAX_QUEUED_FRAMES = 64
const REPORT_EVERY_MS = 1000

export class OutgoingStream {
  readonly stream: number
  /** Goes on through epochs and sealers, so that no counter is used twice (KEY2). */
  readonly counter = new SendCounter()
  readonly sent = { frames: 0, packets: 0, payloadBytes: 0, retransmitted: 0, dropped: 0, keyFramesAsked: 0 }
  readonly #options: OutgoingOptions
  readonly #history = new Map<number, RtpPacket>()
  #sealer: FrameSealer | null = null
  #track: BotTrack | null = null
  #unsubscribe = () => {}
  #paused = false
  #queue: Promise<void> = Promise.resolve()
  #queued = 0
  #sequence = Math.floor(Math.random() * 0x8000)
  #rtxSequence = 0
  #pictureId = 0
  /** Added to a track's timestamps; found anew for each track. */
  #offset: number | null = null
  #reportedAt = Number.NEGATIVE_INFINITY

  constructor(options: OutgoingOptions) {
    this.#options = options
    this.stream = options.stream
  }

  /** Null sends nothing. A new sealer starts with a key frame: receivers may have missed what was before. */
  use(sealer: FrameSealer | null): void {
    this.#sealer = sealer
    if (sealer) this.#track?.wantKeyFrame()
  }

  setTrack(track: BotTrack | null): void {
    this.#unsubscribe()
    this.#track = track
    this.#offset = null
    this.#unsubscribe = track?.subscribe((frame) => this.#enqueue(frame)) ?? (() => {})
    track?.wantKeyFrame()
  }

  setPaused(paused: boolean): void {
    this.#paused = paused
    if (!paused) this.#track?.wantKeyFrame()
  }

  /** What the server asks of this stream's sender. */
  handle(feedback: Feedback): void {
    const { ssrcs, sending, send } = this.#options
    if (feedback.media !== ssrcs.media) return
    if (feedback.kind === 'key-frame') {
      this.sent.keyFramesAsked += 1
      this.#track?.wantKeyFrame()
      return
    }
    if (sending.rtxPayloadType === null) return
    for (const lost of feedback.sequences) {
      const packet = this.#history.get(lost)
      if (!packet) continue
      this.#rtxSequence = (this.#rtxSequence + 1) & 0xffff
      const rtx = { ssrc: ssrcs.rtx, payloadType: sending.rtxPayloadType, sequence: this.#rtxSequence }
      if (send(encodeRtp(toRtx(packet, rtx)))) this.sent.retransmitted += 1
    }
  }

  close(): void {
    this.setTrack(null)
    this.use(null)
    this.#history.clear()
  }

  #enqueue(frame: BotFrame): void {
    if (this.#paused || !this.#sealer) return
    if (this.#queued >= MAX_QUEUED_FRAMES) {
      this.sent.dropped += 1
      this.#track?.wantKeyFrame()
      return
    }
    this.#queued += 1
    this.#queue = this.#queue
      .then(() => this.#sealAndSend(frame))
      .catch(() => {
        this.sent.dropped += 1
      })
      .finally(() => {
        this.#queued -= 1
      })
  }

  async #sealAndSend(frame: BotFrame): Promise<void> {
    const track = this.#track
    if (!track || !this.#sealer) return
    const { codec, kind } = track
    const sealed = await this.#sealer.seal({ codec, kind, data: frame.data })
    if (!sealed.ok) {
      this.sent.dropped += 1
      return
    }
    const timestamp = this.#rtpTime(frame.timestamp)
    const payloads =
      codec === 'vp8' ? packetizeVp8(sealed.data, this.#pictureId, MAX_PAYLOAD_BYTES) : [sealed.data]
    this.#pictureId = (this.#pictureId + 1) & 0x7fff
    payloads.forEach((payload, index) => {
      this.#sendPacket(payload, timestamp, codec === 'vp8' && index === payloads.length - 1)
    })
    this.sent.frames += 1
    this.#report(timestamp)
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

  /** Continues the stream's time over a change of tracks. */
  #rtpTime(trackTime: number): number {
    const { clock, sending } = this.#options
    this.#offset ??= Math.round(clock.now() * (sending.codec.clockRate / 1000)) - trackTime
    return (this.#offset + trackTime) % 2 ** 32
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
