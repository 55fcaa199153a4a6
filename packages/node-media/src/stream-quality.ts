/**
 * What a receiver can say of a stream (RFC 3550 §6.4.1, A.1, A.8): packets that never came, how unevenly the others
 * did, and how long the first frame took. Works on packets in clear headers alone; knows no keys.
 */
import type { RtpPacket } from '@huisclos/rtp'

export interface QualityReport {
  /** Sequence numbers between the first and the newest packet. */
  expected: number
  /** Of those, the ones that never came, not even when asked for again. */
  lost: number
  /** Interarrival jitter, in ms; 0 before the second packet. */
  jitterMs: number
  /** From the start of the stream to its first opened frame, in ms; null before. */
  firstFrameMs: number | null
}

const HALF = 0x8000
/** RFC 3550 A.8: how much one packet moves the estimate. */
const SMOOTHING = 16

export class StreamQuality {
  readonly #clockRate: number
  readonly #startedAt: number
  #first: number | null = null
  #newest = 0
  #came = 0
  #transit: number | null = null
  #jitter = 0
  #firstFrameAt: number | null = null

  /** @param clockRate ticks a second of the codec's clock. @param now ms */
  constructor(clockRate: number, now: number) {
    this.#clockRate = clockRate
    this.#startedAt = now
  }

  /** A packet that came (a duplicate counts as come, as in the RFC); `again` when it was asked for again, whose time says nothing of the path. */
  note(
    { sequence, timestamp }: Pick<RtpPacket, 'sequence' | 'timestamp'>,
    now: number,
    again: boolean,
  ): void {
    this.#came += 1
    if (this.#first === null) {
      this.#first = sequence
      this.#newest = sequence
    }
    const ahead = (sequence - this.#newest) & 0xffff
    if (ahead < HALF) this.#newest += ahead
    // One that was overtaken before the first was known belongs to the stream all the same.
    else this.#first = Math.min(this.#first, this.#newest - (0x1_0000 - ahead))
    if (again) return
    const transit = (now * this.#clockRate) / 1_000 - timestamp
    if (this.#transit !== null) {
      const drift = Math.abs(transit - this.#transit) % 2 ** 32
      this.#jitter += (Math.min(drift, 2 ** 32 - drift) - this.#jitter) / SMOOTHING
    }
    this.#transit = transit
  }

  noteOpened(now: number): void {
    this.#firstFrameAt ??= now
  }

  get report(): QualityReport {
    const expected = this.#first === null ? 0 : this.#newest - this.#first + 1
    return {
      expected,
      lost: Math.max(0, expected - this.#came),
      jitterMs: (this.#jitter * 1_000) / this.#clockRate,
      firstFrameMs: this.#firstFrameAt === null ? null : this.#firstFrameAt - this.#startedAt,
    }
  }
}
