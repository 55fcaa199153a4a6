/**
 * What one session may send (SIG7): requests and bytes by token bucket, and a budget of violations after which the
 * connection is closed. A session takes its buckets along to its next socket.
 */

import type { Bucket, Rate } from '../policy/token-bucket.ts'
import { fullBucket, take } from '../policy/token-bucket.ts'

export interface SessionRates {
  readonly requests: Rate
  readonly bytes: Rate
  /** Malformed or excess frames; beyond that the connection is closed. */
  readonly violations: Rate
}

const SESSION_RATES: SessionRates = {
  requests: { perSecond: 200, burst: 400 },
  bytes: { perSecond: 2 * 1024 * 1024, burst: 4 * 1024 * 1024 },
  violations: { perSecond: 1, burst: 20 },
}

export class SessionLimits {
  readonly #rates: SessionRates
  readonly #requests: Bucket
  readonly #bytes: Bucket
  readonly #violations: Bucket

  constructor(now: number, rates: SessionRates = SESSION_RATES) {
    this.#rates = rates
    this.#requests = fullBucket(rates.requests, now)
    this.#bytes = fullBucket(rates.bytes, now)
    this.#violations = fullBucket(rates.violations, now)
  }

  /** Whether a frame of that size may be carried out. */
  admit(now: number, sizeBytes: number): boolean {
    const bytesLeft = take(this.#bytes, this.#rates.bytes, now, sizeBytes)
    return take(this.#requests, this.#rates.requests, now) && bytesLeft
  }

  /** Counts a refused frame; false when there were too many of them. */
  forgive(now: number): boolean {
    return take(this.#violations, this.#rates.violations, now)
  }
}
