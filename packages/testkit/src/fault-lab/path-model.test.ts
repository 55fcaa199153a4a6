import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PathFaults } from './path-model.ts'
import { PathModel } from './path-model.ts'

const chance = fc.double({ min: 0, max: 1, noNaN: true })
const anyFaults: fc.Arbitrary<PathFaults> = fc.record(
  {
    loss: chance,
    burst: fc.record({ enter: chance, leave: chance, loss: chance }),
    delayMs: fc.integer({ min: 0, max: 500 }),
    jitterMs: fc.integer({ min: 0, max: 200 }),
    reorder: chance,
    duplicate: chance,
    rate: fc.record({
      bitsPerSecond: fc.integer({ min: 8_000, max: 10_000_000 }),
      queueBytes: fc.integer({ min: 1, max: 100_000 }),
    }),
    blackout: fc.boolean(),
  },
  { requiredKeys: [] },
)
const anyTraffic = fc.array(fc.record({ afterMs: fc.nat(50), bytes: fc.integer({ min: 1, max: 1_500 }) }), {
  maxLength: 200,
})
type Traffic = { afterMs: number; bytes: number }[]

function play(seed: number, faults: PathFaults, traffic: Traffic) {
  const model = new PathModel(seed, faults)
  let now = 0
  const fates = traffic.map(({ afterMs, bytes }) => {
    now += afterMs
    return { at: now, bytes, leaves: model.offer(now, bytes) }
  })
  return { fates, counts: model.counts }
}
const steady = (packets: number, afterMs = 10, bytes = 1_000): Traffic =>
  Array.from({ length: packets }, () => ({ afterMs, bytes }))
const lostOf = (faults: PathFaults, packets = 20_000) => play(7, faults, steady(packets))

test('the same seed is the same fate, packet by packet', () => {
  void fc.assert(
    fc.property(fc.nat(), anyFaults, anyTraffic, (seed, faults, traffic) => {
      expect(play(seed, faults, traffic)).toEqual(play(seed, faults, traffic))
    }),
  )
})

test('another seed is another fate', () => {
  expect(play(1, { loss: 0.5 }, steady(200))).not.toEqual(play(2, { loss: 0.5 }, steady(200)))
})

test('nothing leaves before it came, everything is counted, and lost is lost', () => {
  void fc.assert(
    fc.property(fc.nat(), anyFaults, anyTraffic, (seed, faults, traffic) => {
      const { fates, counts } = play(seed, faults, traffic)
      for (const { at, leaves } of fates) for (const leave of leaves) expect(leave).toBeGreaterThanOrEqual(at)
      expect(counts.offered).toBe(traffic.length)
      expect(fates.filter(({ leaves }) => leaves.length === 0)).toHaveLength(counts.lost)
      expect(fates.filter(({ leaves }) => leaves.length === 2)).toHaveLength(counts.duplicated)
    }),
  )
})

test('a path without faults changes nothing', () => {
  void fc.assert(
    fc.property(fc.nat(), anyTraffic, (seed, traffic) => {
      for (const { at, leaves } of play(seed, {}, traffic).fates) expect(leaves).toEqual([at])
    }),
  )
})

test('without reordering the order is kept, whatever the jitter', () => {
  void fc.assert(
    fc.property(fc.nat(), anyFaults, anyTraffic, (seed, { reorder: _, ...faults }, traffic) => {
      const leaves = play(seed, faults, traffic).fates.flatMap((fate) => fate.leaves)
      expect(leaves).toEqual([...leaves].sort((a, b) => a - b))
    }),
  )
})

test('a bottleneck never sends faster than its rate nor holds more than its queue', () => {
  void fc.assert(
    fc.property(fc.nat(), anyTraffic, (seed, traffic) => {
      const rate = { bitsPerSecond: 80_000, queueBytes: 5_000 }
      const { fates } = play(seed, { rate }, traffic)
      const through = fates.flatMap(({ at, bytes, leaves }) => leaves.map((leave) => ({ at, bytes, leave })))
      for (const [index, { at, bytes, leave }] of through.entries()) {
        const before = through[index - 1]
        // 10 bytes a millisecond; sums of fractions are exact to less than a thousandth.
        if (before) expect(leave - before.leave).toBeGreaterThanOrEqual(bytes / 10 - 0.001)
        expect(leave - at).toBeLessThanOrEqual(500.001)
      }
    }),
  )
})

test('loss, duplicates and reordering are as frequent as asked', () => {
  expect(lostOf({ loss: 0.1 }).counts.lost / 20_000).toBeCloseTo(0.1, 1)
  expect(lostOf({ duplicate: 0.2 }).counts.duplicated / 20_000).toBeCloseTo(0.2, 1)
  const overtaking = lostOf({ reorder: 0.3, delayMs: 100 }).fates.filter(({ at, leaves }) => leaves[0] === at)
  expect(overtaking.length / 20_000).toBeCloseTo(0.3, 1)
  const leaves = lostOf({ reorder: 0.3, delayMs: 100 }).fates.flatMap((fate) => fate.leaves)
  expect(leaves).not.toEqual([...leaves].sort((a, b) => a - b))
})

test('delay and jitter lie where they should', () => {
  const { fates } = lostOf({ delayMs: 50, jitterMs: 8 }, 2_000)
  const delays = fates.map(({ at, leaves }) => (leaves[0] ?? 0) - at)
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(50)
  expect(Math.max(...delays)).toBeLessThanOrEqual(58)
  expect(new Set(delays.map(Math.round)).size).toBeGreaterThan(4)
})

test('bursts: the same share of loss, in far longer runs than by chance', () => {
  const runs = (faults: PathFaults) => {
    const fates = lostOf(faults)
      .fates.map(({ leaves }) => (leaves.length === 0 ? 'x' : '.'))
      .join('')
    const found = fates.match(/x+/g) ?? []
    const lost = found.join('').length
    return { share: lost / fates.length, meanRun: lost / found.length }
  }
  const scattered = runs({ loss: 0.1 })
  const bursty = runs({ burst: { enter: 0.0111, leave: 0.1, loss: 1 } })
  expect(bursty.share).toBeCloseTo(scattered.share, 1)
  expect(scattered.meanRun).toBeLessThan(1.3)
  expect(bursty.meanRun).toBeGreaterThan(7)
})

test('a blackout lets nothing through, and ends when it is over', () => {
  const model = new PathModel(1, { blackout: true })
  expect([model.offer(0, 100), model.offer(10, 100)]).toEqual([[], []])
  model.set({})
  expect(model.offer(20, 100)).toEqual([20])
})
