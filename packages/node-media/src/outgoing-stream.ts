/**
 * One stream that is sent, in one layer or several: frames of a track are sealed under one counter (KEY2, FRM1) and
 * handed to their layer, and a key frame is asked of the source on PLI and FIR. Rule FRM2: without a key nothing leaves.
 */
import type { FrameSealer } from '@huisclos/crypto/sframe'
import { SendCounter } from '@huisclos/crypto/sframe'
import type { Clock } from '@huisclos/participant'
import type { Feedback } from '@huisclos/rtp'
import type { EncodedFrame, EncodedTrack } from './encoded-track.ts'
import { OutgoingLayer } from './outgoing-layer.ts'
import type { SendingCodec, Ssrcs } from './sending-codec.ts'

export interface OutgoingOptions {
  stream: number
  sending: SendingCodec
  /** One a layer, smallest first. */
  layers: readonly Ssrcs[]
  clock: Clock
  send: (packet: Uint8Array) => boolean
}

/** All layers together. */
export interface SentCounts {
  frames: number
  packets: number
  payloadBytes: number
  retransmitted: number
  dropped: number
  keyFramesAsked: number
}

const MAX_QUEUED_FRAMES = 64

export class OutgoingStream {
  readonly stream: number
  /** Goes on through epochs and sealers, and over all layers, so that no counter is used twice (KEY2). */
  readonly counter = new SendCounter()
  readonly #own = { frames: 0, dropped: 0, keyFramesAsked: 0 }
  readonly #options: OutgoingOptions
  readonly #layers: readonly OutgoingLayer[]
  #sealer: FrameSealer | null = null
  #track: EncodedTrack | null = null
  #unsubscribe = () => {}
  #paused = false
  #queue: Promise<void> = Promise.resolve()
  #queued = 0
  /** Added to a track's timestamps; found anew for each track. */
  #offset: number | null = null

  constructor(options: OutgoingOptions) {
    const { sending, clock, send, layers } = options
    this.#options = options
    this.stream = options.stream
    this.#layers = layers.map((ssrcs) => new OutgoingLayer({ sending, ssrcs, clock, send }))
  }

  get sent(): SentCounts {
    const sums = { packets: 0, payloadBytes: 0, retransmitted: 0 }
    for (const { sent } of this.#layers) {
      sums.packets += sent.packets
      sums.payloadBytes += sent.payloadBytes
      sums.retransmitted += sent.retransmitted
    }
    return { ...this.#own, ...sums }
  }

  /** Null sends nothing. A new sealer starts with a key frame: receivers may have missed what was before. */
  use(sealer: FrameSealer | null): void {
    this.#sealer = sealer
    if (sealer) this.#track?.wantKeyFrame()
  }

  setTrack(track: EncodedTrack | null): void {
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
    const index = this.#layers.findIndex(({ ssrc }) => ssrc === feedback.media)
    if (index < 0) return
    if (feedback.kind === 'nack') {
      this.#layers[index]?.resend(feedback.sequences)
      return
    }
    this.#own.keyFramesAsked += 1
    this.#track?.wantKeyFrame(index)
  }

  close(): void {
    this.setTrack(null)
    this.use(null)
    for (const layer of this.#layers) layer.close()
  }

  /** Frames of a layer that this stream was not announced with are passed over. */
  #enqueue(frame: EncodedFrame): void {
    const layer = this.#layers[frame.layer ?? 0]
    if (this.#paused || !this.#sealer || !layer) return
    if (this.#queued >= MAX_QUEUED_FRAMES) {
      this.#own.dropped += 1
      this.#track?.wantKeyFrame(frame.layer)
      return
    }
    this.#queued += 1
    this.#queue = this.#queue
      .then(() => this.#sealAndSend(frame, layer))
      .catch(() => {
        this.#own.dropped += 1
      })
      .finally(() => {
        this.#queued -= 1
      })
  }

  async #sealAndSend(frame: EncodedFrame, layer: OutgoingLayer): Promise<void> {
    const track = this.#track
    if (!track || !this.#sealer) return
    const { codec, kind } = track
    const sealed = await this.#sealer.seal({ codec, kind, data: frame.data })
    if (!sealed.ok) {
      this.#own.dropped += 1
      return
    }
    layer.sendFrame(codec, sealed.data, this.#rtpTime(frame.timestamp))
    this.#own.frames += 1
  }

  /** Continues the stream's time over a change of tracks. */
  #rtpTime(trackTime: number): number {
    const { clock, sending } = this.#options
    this.#offset ??= Math.round(clock.now() * (sending.codec.clockRate / 1000)) - trackTime
    return (this.#offset + trackTime) % 2 ** 32
  }
}
