/** What of a stream could not be opened, in spans: one for each reason as long as it lasts. */

/**
 * - `no-key`: no envelope that opens holds a key for it: not consented, envelope missing, or another epoch
 * - `bad-tag`: altered on its way or on the disk
 * - `replayed`: a frame that was opened before
 * - `malformed`: not an encrypted frame
 * - `packets-missing`: lost before the server stored them, or with what the container reports as damaged
 * - `codec-unsupported`: only VP8 and Opus are written
 */
export type GapReason =
  | 'no-key'
  | 'bad-tag'
  | 'replayed'
  | 'malformed'
  | 'packets-missing'
  | 'codec-unsupported'

export interface Gap {
  stream: number
  why: GapReason
  fromUs: number
  toUs: number
  frames: number
}

/** Spans of one reason with less than this between them are one. */
const APART_US = 1_000_000

export class GapList {
  readonly #all: Gap[] = []
  readonly #last = new Map<string, Gap>()

  add(stream: number, why: GapReason, fromUs: number, toUs: number): void {
    const name = `${stream} ${why}`
    const last = this.#last.get(name)
    if (last && fromUs - last.toUs < APART_US) {
      last.toUs = Math.max(last.toUs, toUs)
      last.frames += 1
      return
    }
    const gap = { stream, why, fromUs, toUs, frames: 1 }
    this.#last.set(name, gap)
    this.#all.push(gap)
  }

  get all(): readonly Gap[] {
    return this.#all
  }
}
