import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Due } from './jitter-buffer.ts'
import { JitterBuffer } from './jitter-buffer.ts'

const packet = (sequence: number) => ({
  sequence: sequence & 0xffff,
  payload: Uint8Array.of(sequence & 0xff),
})
/** It is to be played within the time of the next one. */
const isSurplus = (due: Due) => due.t === 'packet' && due.surplus
const numbers = (buffer: JitterBuffer, pulls: number) =>
  Array.from({ length: pulls }, () => buffer.pull()).map((due) =>
    due.t === 'packet' ? due.payload[0] : due.t,
  )

test('[TEL5] packets out of order play in order, a lost one is told', () => {
  const buffer = new JitterBuffer()
  for (const sequence of [10, 12, 11, 14]) buffer.push(packet(sequence))
  expect(numbers(buffer, 6)).toEqual([10, 11, 12, 'missing', 14, 'empty'])
})

test('[TEL5] sequence numbers roll over', () => {
  const buffer = new JitterBuffer()
  for (const sequence of [65_534, 65_535, 65_536, 65_537]) buffer.push(packet(sequence))
  expect(numbers(buffer, 4)).toEqual([254, 255, 0, 1])
})

test('[TEL5] packets that come late are waited for longer, and no longer than needed when the path calms', () => {
  const buffer = new JitterBuffer()
  let sequence = 0
  const rounds = (count: number, burst: number) => {
    const fewest = Array.from({ length: count }, () => {
      for (let i = 0; i < burst; i += 1) buffer.push(packet(sequence++))
      for (let i = 0; i < burst; i += 1) if (isSurplus(buffer.pull())) buffer.pull()
      return buffer.held
    })
    return Math.max(...fewest.slice(-20))
  }
  expect(rounds(100, 1)).toBe(1)
  // Four at once each 80 ms: the last pull before the next four finds one, still.
  for (let i = 0; i < 40; i += 1) {
    for (const place of [0, 1, 2, 3]) {
      if (place === 3) for (let n = 0; n < 4; n += 1) buffer.push(packet(sequence++))
      if (isSurplus(buffer.pull())) buffer.pull()
    }
  }
  expect(buffer.held).toBeGreaterThan(2)
  expect(rounds(3000, 1)).toBe(1)
})

test('[TEL5] a loss takes no time: what follows it is as early as before', () => {
  for (const lost of [1, 2, 3]) {
    const buffer = new JitterBuffer()
    const played: (number | string | undefined)[] = []
    for (let sequence = 0; sequence < 40; sequence += 1) {
      if (sequence < 20 || sequence >= 20 + lost) buffer.push(packet(sequence))
      if (sequence > 0) played.push(...numbers(buffer, 1))
    }
    // One packet stays held, so that packet n is played when n + 1 comes.
    expect(played.slice(20 + lost)).toEqual(Array.from({ length: 19 - lost }, (_, i) => 20 + lost + i))
    expect(played.slice(20, 20 + lost).every((what) => what === 'missing' || what === 'empty')).toBe(true)
  }
})

test('[TEL5] the packet after a lost one is shown, for what it knows of it', () => {
  const buffer = new JitterBuffer()
  for (const sequence of [10, 12, 14, 15]) buffer.push(packet(sequence))
  const due = Array.from({ length: 4 }, () => buffer.pull())
  expect(due[1]).toEqual({ t: 'missing', next: Uint8Array.of(12) })
  expect(due[3]).toEqual({ t: 'missing', next: Uint8Array.of(14) })
})

test('[TEL7] any order of any sequence numbers is held within bounds', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(65_535), fc.boolean())), (steps) => {
      const buffer = new JitterBuffer()
      for (const [sequence, pull] of steps) {
        buffer.push(packet(sequence))
        if (pull) buffer.pull()
      }
      const after = numbers(buffer, 700)
      expect(after.slice(-1)).toEqual(['empty'])
    }),
    { numRuns: 300 },
  )
})
