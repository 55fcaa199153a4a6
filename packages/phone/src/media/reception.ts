/**
 * What came of one call's stream, for our reports (RFC 3550 §6.4.1, appendices A.1, A.3 and A.8): how much, how much of
 * it is missing, how unevenly it comes. Pure: time enters.
 */
import type { ReceptionBlock } from '@huisclos/rtp'

/** Sequence numbers that jump this far are another stream's. */
const MAX_DROPOUT = 3000

export class Reception {
  readonly #clockRate: number
  #ssrc: number | null = null
  #base = 0
  /** Cycles ‖ sequence number. */
  #highest = 0
  #received = 0
  #transit: number | null = null
  #jitter = 0
  /** At the last report. */
  #before = { expected: 0, received: 0 }
  #report: { name: number; atMs: number } | null = null

  constructor(clockRate: number) {
    this.#clockRate = clockRate
  }

  packet(
    nowMs: number,
    { ssrc, sequence, timestamp }: { ssrc: number; sequence: number; timestamp: number },
  ): void {
    if (this.#ssrc !== ssrc || !this.#follow(sequence)) this.#begin(ssrc, sequence)
    this.#received += 1
    const transit = (nowMs * this.#clockRate) / 1000 - timestamp
    if (this.#transit !== null) {
      // The clock of 32 bits may have begun anew in between.
      const late = Math.abs(transit - this.#transit) % 2 ** 32
      this.#jitter += (Math.min(late, 2 ** 32 - late) - this.#jitter) / 16
    }
    this.#transit = transit
  }

  /** A sender report of the other side has come. */
  reported(nowMs: number, name: number): void {
    this.#report = { name, atMs: nowMs }
  }

  /** What is to be said now; null: nothing has come. The next one counts from here. */
  block(nowMs: number): ReceptionBlock | null {
    if (this.#ssrc === null) return null
    const expected = this.#highest - this.#base + 1
    const since = {
      expected: expected - this.#before.expected,
      received: this.#received - this.#before.received,
    }
    this.#before = { expected, received: this.#received }
    const missing = since.expected - since.received
    return {
      ssrc: this.#ssrc,
      fractionLost: missing > 0 ? Math.min(255, Math.floor((missing * 256) / since.expected)) : 0,
      lost: expected - this.#received,
      highest: this.#highest >>> 0,
      jitter: Math.round(this.#jitter),
      lastReport: this.#report?.name ?? 0,
      sinceMs: this.#report ? nowMs - this.#report.atMs : 0,
    }
  }

  #begin(ssrc: number, sequence: number): void {
    this.#ssrc = ssrc
    this.#base = sequence
    this.#highest = sequence
    this.#received = 0
    this.#transit = null
    this.#jitter = 0
    this.#before = { expected: 0, received: 0 }
    this.#report = null
  }

  /** False: it does not belong to the stream so far. */
  #follow(sequence: number): boolean {
    const ahead = (sequence - this.#highest) & 0xffff
    if (ahead < MAX_DROPOUT) this.#highest += ahead
    return ahead < MAX_DROPOUT || ahead > 0x1_0000 - MAX_DROPOUT
  }
}
