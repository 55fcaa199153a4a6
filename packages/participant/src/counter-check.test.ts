import { expect, test } from 'vitest'
import { CounterCheck } from './counter-check.ts'

const heard = (counter: bigint, { pseudonym = 'bob', stream = 0 } = {}) => [{ pseudonym, stream, counter }]
const beat = (echoed: number, ...counters: [number, string][]) => ({ echoed, counters })

test('[ROS2] what opened before a message lies within what a beat that echoes it says was sent', () => {
  const check = new CounterCheck()
  check.sent(3, heard(40n))
  check.sent(7, heard(90n))
  expect(check.holds('bob', beat(3, [0, '40']))).toBe(true)
  expect(check.holds('bob', beat(3, [0, '39']))).toBe(false)
  expect(check.holds('bob', beat(6, [0, '89']))).toBe(true)
  expect(check.holds('bob', beat(7, [0, '89']))).toBe(false)
  expect(check.holds('bob', beat(100, [0, '18446744073709551615']))).toBe(true)
})

test('[ROS2] a beat that echoes nothing of ours, or names no such stream, or is another’s, proves nothing', () => {
  const check = new CounterCheck()
  check.sent(3, heard(40n))
  expect(check.holds('bob', beat(2, [0, '1']))).toBe(true)
  expect(check.holds('bob', beat(3, [1, '1']))).toBe(true)
  expect(check.holds('eve', beat(3, [0, '1']))).toBe(true)
  check.restart()
  expect(check.holds('bob', beat(3, [0, '1']))).toBe(true)
})
