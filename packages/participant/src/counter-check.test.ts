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

test('[ROS2] whoever has a leaf is not held against who had it before, nor against frames of before they were there', () => {
  const check = new CounterCheck()
  const frames = (leaf: number, epoch: number, counter: string) => ({ leaf, stream: 0, epoch, counter })
  const before = { epoch: 4, members: [{ leaf: 1, pseudonym: 'bob' }] }
  const after = { epoch: 6, members: [{ leaf: 1, pseudonym: 'bob again' }] }
  check.present(before)
  expect(check.attribute([frames(1, 4, '500'), frames(2, 4, '9')], before.members)).toEqual(heard(500n))
  check.present({ epoch: 5, members: [] })
  check.present(after)
  const both = [frames(1, 4, '500'), frames(1, 5, '501'), frames(1, 6, '3')]
  expect(check.attribute(both, after.members)).toEqual(heard(3n, { pseudonym: 'bob again' }))
  // Who stays is held against all of it.
  check.present({ ...after, epoch: 7 })
  expect(check.attribute([frames(1, 6, '8')], after.members)).toEqual(heard(8n, { pseudonym: 'bob again' }))
  check.restart()
  expect(check.attribute([frames(1, 7, '9')], after.members)).toEqual([])
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
