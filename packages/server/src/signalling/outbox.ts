/**
 * The events of one session that its client has not acknowledged (SIG6, SIG7): numbered from 1 without gaps, bounded
 * by number and size. Bodies are encoded once for a whole room and shared between outboxes; only the number differs.
 */

export interface OutboxLimits {
  readonly events: number
  readonly chars: number
}

export const OUTBOX_LIMITS: OutboxLimits = { events: 8_192, chars: 16 * 1024 * 1024 }

/** The text of an event: `bodyJson` is the JSON of an event without its number. */
export const numbered = (seq: number, bodyJson: string): string => `{"seq":${seq},${bodyJson.slice(1)}`

export class Outbox {
  readonly #limits: OutboxLimits
  #bodies: string[] = []
  #chars = 0
  /** The highest number that the client has acknowledged. */
  #acknowledged = 0
  /** The highest number handed out by `next` since the last `rewind`. */
  #sent = 0

  constructor(limits: OutboxLimits = OUTBOX_LIMITS) {
    this.#limits = limits
  }

  /** The number of the newest event, 0 when there was none. */
  get lastSeq(): number {
    return this.#acknowledged + this.#bodies.length
  }

  /** Appends an event; false when it does not fit any more: the session is then to be given up. */
  push(bodyJson: string): boolean {
    const { events, chars } = this.#limits
    if (this.#bodies.length >= events || this.#chars + bodyJson.length > chars) return false
    this.#bodies.push(bodyJson)
    this.#chars += bodyJson.length
    return true
  }

  /** Forgets events up to `seen`. False when that number was never sent, which only a broken client says. */
  acknowledge(seen: number): boolean {
    if (seen > this.#sent) return false
    if (seen <= this.#acknowledged) return true
    const dropped = this.#bodies.splice(0, seen - this.#acknowledged)
    for (const body of dropped) this.#chars -= body.length
    this.#acknowledged = seen
    return true
  }

  /** The next event to send, null when all were. */
  next(): string | null {
    const body = this.#bodies[this.#sent - this.#acknowledged]
    if (body === undefined) return null
    this.#sent += 1
    return numbered(this.#sent, body)
  }

  /** Starts again after `seen`, on a new socket. False when that event is no longer, or not yet, there. */
  rewind(seen: number): boolean {
    if (seen < this.#acknowledged || seen > this.#sent) return false
    this.acknowledge(seen)
    this.#sent = seen
    return true
  }
}
