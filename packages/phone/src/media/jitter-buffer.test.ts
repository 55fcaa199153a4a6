import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JitterBuffer } from './jitter-buffer.ts'

const packet = (sequence: number) => ({
  sequence: sequence & 0xffff,
  payload: Uint8Array.of(sequence & 0xff),
})
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

test('[TEL5] a path that jitters is given more time, a calm one less again', () => {
  const buffer = new JitterBuffer()
  const start = buffer.depth
  let sequence = 0
  for (let burst = 0; burst < 10; burst += 1) {
    for (let i = 0; i < 4; i += 1) buffer.push(packet(sequence++))
    numbers(buffer, 6)
  }
  const jittery = buffer.depth
  expect(jittery).toBeGreaterThan(start)
  for (let i = 0; i < 12; i += 1) buffer.push(packet(sequence++))
  for (let i = 0; i < 2000; i += 1) {
    buffer.push(packet(sequence++))
    buffer.pull()
  }
  expect(buffer.depth).toBeLessThan(jittery)
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
