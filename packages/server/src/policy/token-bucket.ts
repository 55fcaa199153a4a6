/**
 * Token buckets as plain values: time enters, nothing is read from a clock. Rules GRP8 (commits) and SIG7 (requests).
 * A bucket never holds more than its burst, and time that runs backwards adds nothing.
 */

export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

export interface Bucket {
  tokens: number
  at: number
}

/** A full bucket. `now` in milliseconds of any clock, the same at every call. */
export const fullBucket = (rate: Rate, now: number): Bucket => ({ tokens: rate.burst, at: now })

/** Takes `cost` tokens and says whether there were enough; when not, takes none. */
export function take(bucket: Bucket, rate: Rate, now: number, cost = 1): boolean {
  refill(bucket, rate, now)
  if (bucket.tokens < cost) return false
  bucket.tokens -= cost
  return true
}

/** Whether `cost` tokens are there, without taking them. */
export function holds(bucket: Bucket, rate: Rate, now: number, cost = 1): boolean {
  refill(bucket, rate, now)
  return bucket.tokens >= cost
}

/** Takes all there is: the next token is a whole refill away. */
export function drain(bucket: Bucket, now: number): void {
  bucket.tokens = 0
  bucket.at = Math.max(bucket.at, now)
}

function refill(bucket: Bucket, rate: Rate, now: number): void {
  const elapsedMs = Math.max(0, now - bucket.at)
  bucket.tokens = Math.min(rate.burst, bucket.tokens + (elapsedMs / 1000) * rate.perSecond)
  bucket.at = Math.max(bucket.at, now)
}
