/**
 * Where the frame worker lets a recording on this computer listen (LREC1, LREC2): copies of clear frames of exactly the
 * people that the page has named, in batches, straight to the recording worker. Names nobody at first. Holds back what
 * a recording worker that is far behind could not take, so that memory is bounded.
 */
import type { TappedBatch, TappedFrame } from './tapped-frame.ts'

/** The part of a `MessagePort` that is used. */
export interface TapPort {
  postMessage(batch: TappedBatch, transfer: Transferable[]): void
}

/** A batch is sent at the first frame after so long. */
const BATCH_MS = 100
const MAX_BEHIND_BYTES = 32 * 1024 * 1024

export class FrameTap {
  readonly #port: TapPort
  /** Leaves, and null for one's own. */
  #allowed: ReadonlySet<number | null> = new Set()
  #frames: TappedFrame[] = []
  #sizeBytes = 0
  #behindBytes = 0
  #batchSince = Number.POSITIVE_INFINITY
  #gap = false

  constructor(port: TapPort) {
    this.#port = port
  }

  /** From now on these and nobody else; what is held of others goes. */
  only(leaves: readonly number[], own: boolean): void {
    this.#allowed = new Set(own ? [...leaves, null] : leaves)
    this.#frames = this.#frames.filter(({ leaf }) => this.#allowed.has(leaf))
    this.#sizeBytes = this.#frames.reduce((sum, { data }) => sum + data.byteLength, 0)
  }

  /** `data` is copied: it belongs to the meeting. */
  take(frame: Omit<TappedFrame, 'data'>, data: Uint8Array): void {
    if (!this.#allowed.has(frame.leaf)) return
    if (this.#behindBytes + this.#sizeBytes + data.length > MAX_BEHIND_BYTES) {
      this.#gap = true
      return
    }
    this.#frames.push({ ...frame, data: data.slice().buffer })
    this.#sizeBytes += data.length
    this.#batchSince = Math.min(this.#batchSince, frame.at)
    if (frame.at - this.#batchSince >= BATCH_MS) this.flush()
  }

  written(sizeBytes: number): void {
    this.#behindBytes -= sizeBytes
  }

  /** What is held goes now. */
  flush(): void {
    if (this.#frames.length === 0) return
    const frames = this.#frames
    const sizeBytes = this.#sizeBytes
    this.#frames = []
    this.#sizeBytes = 0
    this.#batchSince = Number.POSITIVE_INFINITY
    this.#behindBytes += sizeBytes
    this.#port.postMessage(
      { frames, gap: this.#gap, sizeBytes },
      frames.map(({ data }) => data),
    )
    this.#gap = false
  }
}
