import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReplayWindow, WINDOW_COUNTERS } from './replay-window.ts'

test('[KEY3] each counter is accepted once', () => {
  const window = new ReplayWindow()
  for (const ctr of [0n, 5n, 3n, 1023n, 4n, 5000n, 4999n]) {
    expect(window.isFresh(ctr)).toBe(true)
    expect(window.accept(ctr)).toBe(true)
    expect(window.isFresh(ctr)).toBe(false)
    expect(window.accept(ctr)).toBe(false)
  }
})

test('[KEY3] exactly the newest 1,024 counters are remembered, older ones refused', () => {
  const window = new ReplayWindow()
  window.accept(5000n)
  const oldest = 5000n - BigInt(WINDOW_COUNTERS) + 1n
  expect(window.isFresh(oldest)).toBe(true)
  expect(window.isFresh(oldest - 1n)).toBe(false)
  expect(window.accept(oldest - 1n)).toBe(false)
})

test('looking does not use a counter up: a forged frame must not block the true one', () => {
  const window = new ReplayWindow()
  window.accept(1n)
  expect(window.isFresh(2n ** 63n)).toBe(true)
  expect(window.accept(2n)).toBe(true)
})

test('[KEY3] behaves like a set of all counters ever seen, for any order and any gaps', () => {
  const step = fc.oneof(
    fc.bigInt({ min: -1100n, max: 1100n }),
    fc.bigInt({ min: -5n, max: 5n }),
    fc.constantFrom(1024n, 1023n, 1025n, -1023n, -1024n, 4096n),
  )
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 62n }),
      fc.array(step, { maxLength: 300 }),
      (start, steps) => {
        const window = new ReplayWindow()
        const seen = new Set<bigint>()
        let highest = -1n
        let at = start
        for (const by of steps) {
          at = at + by < 0n ? 0n : at + by
          const expected = !seen.has(at) && highest - at < 1024n
          expect(window.isFresh(at)).toBe(expected)
          expect(window.accept(at)).toBe(expected)
          seen.add(at)
          if (at > highest) highest = at
        }
      },
    ),
  )
})

test('works up to the last counter', () => {
  const window = new ReplayWindow()
  expect(window.accept(2n ** 64n - 1n)).toBe(true)
  expect(window.accept(2n ** 64n - 1n)).toBe(false)
  expect(window.accept(2n ** 64n - 2n)).toBe(true)
  expect(window.accept(0n)).toBe(false)
})
