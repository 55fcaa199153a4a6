import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fullBucket, holds, take } from './token-bucket.ts'

const rate = { perSecond: 2, burst: 4 }

describe('token bucket', () => {
  test('[SIG7] gives its burst, then its rate', () => {
    const bucket = fullBucket(rate, 0)
    expect([0, 0, 0, 0, 0].map((now) => take(bucket, rate, now))).toEqual([true, true, true, true, false])
    expect(take(bucket, rate, 499)).toBe(false)
    expect(take(bucket, rate, 500)).toBe(true)
  })

  test('[SIG7] a refused cost takes nothing, looking takes nothing', () => {
    const bucket = fullBucket(rate, 0)
    expect(take(bucket, rate, 0, 5)).toBe(false)
    expect(holds(bucket, rate, 0, 4)).toBe(true)
    expect(take(bucket, rate, 0, 4)).toBe(true)
  })

  test('[SIG7] over any time it never gives more than burst plus rate, even when time jumps back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 2_000 }), { maxLength: 100 }), (jumps) => {
        const bucket = fullBucket(rate, 0)
        let now = 0
        let latest = 0
        let given = 0
        for (const jump of jumps) {
          now = Math.max(0, now + jump)
          latest = Math.max(latest, now)
          if (take(bucket, rate, now)) given += 1
        }
        expect(given).toBeLessThanOrEqual(rate.burst + (latest / 1_000) * rate.perSecond + 1e-9)
      }),
    )
  })
})
