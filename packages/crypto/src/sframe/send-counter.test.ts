import { expect, test } from 'vitest'
import { MAX_COUNTER, SendCounter, StreamNumbers } from './send-counter.ts'

test('[KEY2] a counter only grows', () => {
  const counter = new SendCounter()
  expect([counter.take(), counter.take(), counter.take()]).toEqual([0n, 1n, 2n])
  expect(counter.upcoming).toBe(3n)
  expect(counter.upcoming).toBe(3n)
})

test('[KEY2] another transform of the same stream goes on with it', () => {
  const before = new SendCounter()
  before.take()
  const after = new SendCounter(before.upcoming)
  expect(after.take()).toBe(1n)
})

test('[KEY2] nothing can set a counter back', () => {
  const counter = new SendCounter(10n)
  expect(Reflect.set(counter, 'upcoming', 0n)).toBe(false)
  expect(counter.take()).toBe(10n)
})

test('[KEY2] a counter at its end refuses for ever', () => {
  const counter = new SendCounter(MAX_COUNTER - 1n)
  expect(counter.take()).toBe(MAX_COUNTER - 1n)
  expect(() => counter.take()).toThrow('counter-exhausted')
  expect(() => counter.take()).toThrow('counter-exhausted')
  expect(() => new SendCounter(-1n)).toThrow('out-of-range')
})

test('[KEY2] stream numbers are never handed out twice, and end at 1,024', () => {
  const numbers = new StreamNumbers()
  const taken = new Set(Array.from({ length: 1024 }, () => numbers.take()))
  expect(taken.size).toBe(1024)
  expect(Math.max(...taken)).toBe(1023)
  expect(() => numbers.take()).toThrow('streams-exhausted')
})
