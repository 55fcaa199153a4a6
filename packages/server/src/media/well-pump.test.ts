/** When a well is emptied, by a clock in the test's hand. */
import { beforeEach, expect, test } from 'vitest'
import { FakeClock } from '../../test/fake-clock.ts'
import { LONGEST_MS, pauseAfter, WellPump } from './well-pump.ts'

let clock: FakeClock
let waiting: Buffer[]
let drains: number[]
let lost: number
let taken: number
let told: number[]
let faults: unknown[]
let isOpen: boolean
let pump: WellPump
beforeEach(() => {
  clock = new FakeClock()
  waiting = []
  drains = []
  lost = 0
  taken = 0
  told = []
  faults = []
  isOpen = true
  const well = {
    bufferBytes: 400_000,
    drain: (take: (packet: Buffer) => void) => {
      drains.push(clock.now())
      for (const packet of waiting) take(packet)
      return waiting.splice(0).length
    },
    dropped: () => lost,
    close: () => {
      isOpen = false
    },
  }
  pump = new WellPump({
    well,
    clock,
    take: () => {
      taken += 1
    },
    onDropped: (packets) => told.push(packets),
    onFault: (error) => faults.push(error),
  })
})

const gaps = () => drains.map((at, i) => at - (drains[i - 1] ?? at)).slice(1)

test('often at first, when pictures begin; then seldom, but never beyond the longest pause', () => {
  clock.advance(900)
  expect(Math.max(...gaps())).toBeLessThanOrEqual(20)
  clock.advance(2_000)
  drains = []
  clock.advance(5_000)
  expect(Math.max(...gaps())).toBeLessThanOrEqual(LONGEST_MS)
  expect(drains.length).toBeLessThan(40)
  // Not always at the same moment of a stream.
  expect(new Set(gaps().map(Math.round)).size).toBeGreaterThan(5)
})

test('a burst that is expected is met at once, also in the middle of a long pause', () => {
  clock.advance(3_000)
  drains = []
  pump.hurry()
  clock.advance(20)
  expect(drains).toHaveLength(1)
})

test.each([
  [0, LONGEST_MS],
  [10_000, LONGEST_MS],
  [100_000, 100],
  [1_000_000, 20],
])('what filled %i of a buffer of 400,000 bytes in 100 ms is waited for at most %i ms', (filled, mostMs) => {
  for (let turn = 0; turn < 20; turn += 1) {
    const pauseMs = pauseAfter(filled, 100, 400_000, turn)
    expect(pauseMs).toBeLessThanOrEqual(mostMs)
    expect(pauseMs).toBeGreaterThanOrEqual(Math.min(20, mostMs * 0.7))
  }
})

test('[REC4] tells what the kernel dropped', () => {
  clock.advance(1_000)
  lost = 7
  clock.advance(2_500)
  expect(told[0]).toBe(7)
})

test('hands everything over, and nothing once it is closed', () => {
  waiting.push(Buffer.alloc(10), Buffer.alloc(10))
  pump.drain()
  expect(taken).toBe(2)
  waiting.push(Buffer.alloc(10))
  pump.close()
  pump.drain()
  pump.hurry()
  clock.advance(10_000)
  expect(taken).toBe(2)
  expect(isOpen).toBe(false)
})

test('a well that cannot be read is closed and told, and throws at nobody', () => {
  const broken = new Error('broken')
  const sick = new WellPump({
    well: {
      bufferBytes: 1,
      drain: () => {
        throw broken
      },
      dropped: () => 0,
      close: () => {
        isOpen = false
      },
    },
    clock,
    take: () => undefined,
    onDropped: () => undefined,
    onFault: (error) => faults.push(error),
  })
  sick.drain()
  expect(faults).toEqual([broken])
  expect(isOpen).toBe(false)
})
