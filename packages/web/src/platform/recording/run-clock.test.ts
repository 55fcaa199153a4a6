import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RunClock } from './run-clock.ts'

/** Frames every `everyMs` for `lastsMs`, each as late as `delay` says; what the clock makes of them. */
function place(options: {
  ticksPerMs: number
  lagMs: number
  everyMs: number
  lastsMs: number
  /** Sender's clock against ours, in parts per million. */
  drift?: number
  delay(i: number): number
}): { taken: number; placed: number }[] {
  const { ticksPerMs, lagMs, everyMs, lastsMs, drift = 0, delay } = options
  const clock = new RunClock(ticksPerMs, lagMs)
  const noted = Array.from({ length: Math.ceil(lastsMs / everyMs) }, (_, i) => {
    const taken = 5_000 + i * everyMs
    const rtp = Math.round(taken * (1 + drift / 1e6) * ticksPerMs + 4_294_000_000) % 2 ** 32
    return { taken, media: clock.note(rtp, taken + lagMs + delay(i)) }
  })
  return noted.map(({ taken, media }) => ({ taken, placed: clock.timeOf(media) }))
}

const worst = (placed: { taken: number; placed: number }[]): number =>
  placed.reduce((most, one) => Math.max(most, Math.abs(one.placed - one.taken)), 0)

test('[LREC4] jitter on the way does not move a frame', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const jitter = (i: number) =>
        i % 7 === 0 ? 0 : Math.abs(Math.sin(i * 12.9898 + seed) * 43758.5453) % 150
      const placed = place({ ticksPerMs: 90, lagMs: 0, everyMs: 33, lastsMs: 30_000, delay: jitter })
      expect(worst(placed)).toBeLessThan(1)
    }),
    { numRuns: 20 },
  )
})

test('[LREC4] two clocks that drift apart stay together for an hour', () => {
  const placed = place({
    ticksPerMs: 48,
    lagMs: 20,
    everyMs: 20,
    lastsMs: 3_600_000,
    drift: 80,
    delay: (i) => (i * 7) % 40,
  })
  expect(worst(placed)).toBeLessThan(5)
})

test('[LREC4] without the clock, arrivals alone would be off', () => {
  const delay = (i: number) => (i * 37) % 120
  expect(Math.max(...Array.from({ length: 100 }, (_, i) => delay(i)))).toBeGreaterThan(40)
  expect(worst(place({ ticksPerMs: 90, lagMs: 0, everyMs: 33, lastsMs: 30_000, delay }))).toBeLessThan(1)
})

test('[LREC4] ten seconds in which everything was late do not bend the time line', () => {
  const late = (i: number) => (i >= 500 && i < 1000 ? 300 : 10)
  const placed = place({ ticksPerMs: 48, lagMs: 20, everyMs: 20, lastsMs: 60_000, delay: late })
  expect(worst(placed)).toBeLessThan(11)
})
