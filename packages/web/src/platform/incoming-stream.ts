/**
 * One consumer's frames (FRM2, FRM5): opened only under the leaf and stream that a profile announced; what is missing
 * is told at a low rate. Video that opens without its key frame asks for one, once a second (KEY4): nobody sends one
 * by itself after a key change.
 */
import type { Codec, KeyRing, OpenedFrame } from '@huisclos/crypto/sframe'
import { openFrame } from '@huisclos/crypto/sframe'
import type { FromFrameWorker, HeardSender, OpenRefusal } from './frame-messages.ts'

/** FRM2: how long frames may lack keys before the tile says so. */
const WAITING_AFTER_MS = 2_000
const ASK_EVERY_MS = 1_000
const FORGED_EVERY_MS = 1_000

type Opened = Extract<OpenedFrame, { ok: true }> | { ok: false; code: OpenRefusal }

export class IncomingStream {
  readonly #consumer: string
  #sender: HeardSender | null = null
  /** Since when frames have come without one that opened; null: the last one opened, or none came. */
  #shutSince: number | null = null
  #lastFrameAt = Number.NEGATIVE_INFINITY
  #waiting = false
  #needsKeyFrame = true
  #askedAt = Number.NEGATIVE_INFINITY
  #forgedAt = Number.NEGATIVE_INFINITY

  constructor(consumer: string) {
    this.#consumer = consumer
  }

  announce(sender: HeardSender | null): void {
    this.#sender = sender
  }

  get sender(): HeardSender | null {
    return this.#sender
  }

  /** Opens one frame; `unannounced` while nobody is known to send here. */
  async open(ring: KeyRing, frame: { codec: Codec; data: Uint8Array; now: number }): Promise<Opened> {
    const { codec, data, now } = frame
    this.#lastFrameAt = now
    const kind = codec === 'opus' ? 'audio' : 'video'
    const opened: Opened = this.#sender
      ? await openFrame(ring, { codec, kind, data, now, expected: this.#sender })
      : { ok: false, code: 'unannounced' }
    if (!opened.ok && opened.code !== 'replayed') this.#onShut(now)
    return opened
  }

  onOpened(now: number, isVideo: boolean, isKey: boolean): FromFrameWorker[] {
    this.#shutSince = null
    const told = this.#setWaiting(false)
    if (isKey) this.#needsKeyFrame = false
    if (isVideo && this.#needsKeyFrame && now - this.#askedAt >= ASK_EVERY_MS) {
      this.#askedAt = now
      told.push({ t: 'needs-key-frame', consumer: this.#consumer })
    }
    return told
  }

  /** FRM5's alarm, at most once a second. */
  onForged(now: number): FromFrameWorker[] {
    if (now - this.#forgedAt < FORGED_EVERY_MS) return []
    this.#forgedAt = now
    return [{ t: 'forged', consumer: this.#consumer }]
  }

  /** Waiting needs frames that still come: a stream that was paused meanwhile waits for nothing. */
  onTick(now: number): FromFrameWorker[] {
    if (this.#shutSince === null) return []
    if (now - this.#lastFrameAt > WAITING_AFTER_MS) {
      this.#shutSince = null
      return this.#setWaiting(false)
    }
    return now - this.#shutSince > WAITING_AFTER_MS ? this.#setWaiting(true) : []
  }

  #onShut(now: number): void {
    this.#shutSince ??= now
    this.#needsKeyFrame = true
  }

  #setWaiting(waiting: boolean): FromFrameWorker[] {
    if (this.#waiting === waiting) return []
    this.#waiting = waiting
    return [{ t: 'waiting', consumer: this.#consumer, waiting }]
  }
}
