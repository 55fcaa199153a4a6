/**
 * Keeps account of what a recording could not take while it was paused. Media is counted and dropped; what one needs in
 * order to read the rest (streams, envelopes, events) is held until there is room.
 */
import type { RecordingEvent } from '../format/event-body.ts'
import type { RawRecord } from '../format/record.ts'
import { isMedia } from '../format/record.ts'
import type { StoreFault } from './recording-store.ts'

export type PauseReason = StoreFault | 'overload'

const MAX_HELD_BYTES = 8 * 1024 * 1024

export class Missed {
  readonly why: PauseReason
  readonly sinceUs: number
  #records = 0
  #bytes = 0
  #held: RawRecord[] = []
  #heldBytes = 0

  constructor(why: PauseReason, sinceUs: number) {
    this.why = why
    this.sinceUs = sinceUs
  }

  add(record: RawRecord): void {
    if (!isMedia(record.type) && this.#heldBytes < MAX_HELD_BYTES) {
      this.#held.push(record)
      this.#heldBytes += record.body.length
      return
    }
    this.#records += 1
    this.#bytes += record.body.length
  }

  get held(): readonly RawRecord[] {
    return this.#held
  }

  /** The gap to be written down, when it ends at `toUs`. */
  gapUntil(toUs: number): RecordingEvent {
    const code = `gap-${this.why}` as const
    return { code, fromUs: this.sinceUs, toUs, records: this.#records, bytes: this.#bytes, detail: '' }
  }
}
