/**
 * One consumer: packets of a picture are put in order and lost ones asked for again, those of sound given as they come;
 * frames are opened under the announced leaf and stream alone (FRM5, KEY3). Nothing that did not open reaches the track
 * (FRM2).
 */
import type { FrameRefusal, KeyRing } from '@huisclos/crypto/sframe'
import { openFrame } from '@huisclos/crypto/sframe'
import type { Clock, Ms } from '@huisclos/participant'
import type { EventOf } from '@huisclos/protocol'
import type { AssembledFrame, Ordered, RtpPacket } from '@huisclos/rtp'
import { encodeNack, encodePli, FrameAssembler, fromRtx, isVp8KeyFrame, ReorderBuffer } from '@huisclos/rtp'
import { EncodedTrack } from './encoded-track.ts'
import type { QualityReport } from './stream-quality.ts'
import { StreamQuality } from './stream-quality.ts'

export interface IncomingOptions {
  offer: Pick<EventOf<'media.consumer'>, 'kind' | 'rtp'>
  ring: KeyRing
  clock: Clock
  send: (packet: Uint8Array) => boolean
  on: { waiting(waiting: boolean): void; forged(): void }
}

const PATIENCE_MS: Ms = 250
const NACK_AGAIN_MS = 60
const PLI_EVERY_MS = 1000
const WAITING_AFTER_MS = 2000
const MAX_QUEUED_FRAMES = 256
/** Who asks; the server does not look at it. */
const OUR_SSRC = 1

export class IncomingStream {
  readonly track: EncodedTrack
  readonly ssrc: number
  readonly rtxSsrc: number | null
  readonly received = { packets: 0, recovered: 0, frames: 0, opened: 0, shut: 0, gaps: 0 }
  /** How often frames were refused, and why. */
  readonly refused = new Map<FrameRefusal, number>()
  readonly #quality: StreamQuality
  readonly #options: IncomingOptions
  readonly #payloadType: number
  readonly #order: ReorderBuffer
  readonly #assembler: FrameAssembler
  #sender: { leaf: number; stream: number } | null = null
  #queue: Promise<void> = Promise.resolve()
  #queued = 0
  #noKeySince: Ms | null = null
  #waiting = false
  #needsKeyFrame = false
  #askedPliAt = Number.NEGATIVE_INFINITY
  #closed = false

  /** @throws Error when the offer has no codec or SSRC of ours */
  constructor(options: IncomingOptions) {
    const { kind, rtp } = options.offer
    const [encoding] = rtp.encodings ?? []
    const [media] = rtp.codecs
    if (encoding?.ssrc === undefined || media?.payloadType === undefined)
      throw new Error('an offer without a stream')
    this.#options = options
    this.#quality = new StreamQuality(media.clockRate, options.clock.now())
    this.ssrc = encoding.ssrc
    this.rtxSsrc = encoding.rtx?.ssrc ?? null
    this.#payloadType = media.payloadType
    this.track = new EncodedTrack(kind === 'audio' ? 'opus' : 'vp8')
    this.#order = new ReorderBuffer(PATIENCE_MS)
    this.#assembler = new FrameAssembler(this.track.codec)
  }

  /** Loss, jitter and time to the first frame. */
  get quality(): QualityReport {
    return this.#quality.report
  }

  announce(sender: { leaf: number; stream: number } | null): void {
    this.#sender = sender
  }

  /** A packet with one of this stream's SSRCs. */
  handle(packet: RtpPacket): void {
    const original =
      packet.ssrc === this.rtxSsrc
        ? fromRtx(packet, { ssrc: this.ssrc, payloadType: this.#payloadType })
        : packet
    if (!original) return
    this.received.packets += 1
    if (original !== packet) this.received.recovered += 1
    const now = this.#options.clock.now()
    this.#quality.note(original, now, original !== packet)
    // A packet of sound is a frame, and nobody sends it again: whoever plays it waits, and knows for how long.
    this.#take(this.track.kind === 'audio' ? [original] : this.#order.push(original, now))
    this.#askForMissing(now)
  }

  /** To be called every few tens of milliseconds. */
  poll(now: Ms): void {
    this.#take(this.#order.poll(now))
    this.#askForMissing(now)
    if (this.#noKeySince !== null && now - this.#noKeySince > WAITING_AFTER_MS) this.#setWaiting(true)
    if (this.#needsKeyFrame && now - this.#askedPliAt >= PLI_EVERY_MS) {
      this.#askedPliAt = now
      this.#options.send(encodePli(OUR_SSRC, this.ssrc))
    }
  }

  close(): void {
    this.#closed = true
    this.#sender = null
  }

  #take(ordered: Ordered): void {
    for (const item of ordered) {
      if (item === 'gap') {
        this.received.gaps += 1
        this.#assembler.gap()
        this.#needsKeyFrame = this.track.kind === 'video'
        continue
      }
      const frame = this.#assembler.push(item)
      if (frame) this.#enqueue(frame)
    }
  }

  #askForMissing(now: Ms): void {
    if (this.rtxSsrc === null) return
    const missing = this.#order.missing(now, NACK_AGAIN_MS)
    if (missing.length > 0) this.#options.send(encodeNack(OUR_SSRC, this.ssrc, missing))
  }

  #enqueue(frame: AssembledFrame): void {
    this.received.frames += 1
    if (!this.#sender || this.#queued >= MAX_QUEUED_FRAMES) {
      this.received.shut += 1
      return
    }
    this.#queued += 1
    this.#queue = this.#queue
      .then(() => this.#open(frame))
      .catch(() => this.#refuse('malformed'))
      .finally(() => {
        this.#queued -= 1
      })
  }

  async #open({ data, timestamp }: AssembledFrame): Promise<void> {
    const { ring, clock } = this.#options
    const expected = this.#sender
    if (!expected || this.#closed) return
    const { codec, kind } = this.track
    const opened = await openFrame(ring, { codec, kind, data, expected, now: clock.now() })
    if (this.#closed || this.#sender !== expected) return
    if (!opened.ok) {
      this.#refuse(opened.code)
      return
    }
    this.#noKeySince = null
    this.#setWaiting(false)
    this.received.opened += 1
    this.#quality.noteOpened(clock.now())
    if (codec === 'vp8' && isVp8KeyFrame(opened.data)) this.#needsKeyFrame = false
    this.track.push({ data: opened.data, timestamp })
  }

  #refuse(code: FrameRefusal): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1)
    if (code === 'no-key') this.#noKeySince ??= this.#options.clock.now()
    if (code === 'wrong-sender' || code === 'bad-tag') this.#options.on.forged()
  }

  #setWaiting(waiting: boolean): void {
    if (waiting === this.#waiting) return
    this.#waiting = waiting
    this.#options.on.waiting(waiting)
  }
}
