import { describe, expect, test } from 'vitest'
import { ATTEMPT_LIMITS, Attempts } from './attempts.ts'
import { CallRoom } from './call-room.ts'
import { maskNumber } from './mask-number.ts'
import { PinDesk } from './pin-desk.ts'

describe('[TEL4] PINs', () => {
  test('open their meeting, and no longer when taken out', async () => {
    const desk = new PinDesk<string>()
    const remove = await desk.add('123456789', 'board')
    await desk.add('987654321', 'staff')
    expect(await desk.find('123456789')).toBe('board')
    expect(await desk.find('123456780')).toBeNull()
    remove()
    expect(await desk.find('123456789')).toBeNull()
  })

  test('are 9 digits or more', async () => {
    await expect(new PinDesk().add('12345678', 1)).rejects.toThrow('9 digits')
    await expect(new PinDesk().add('12345678a', 1)).rejects.toThrow('9 digits')
  })

  test('where there is no meeting at all, the slow hash is made all the same', async () => {
    const desk = new PinDesk<string>()
    const begun = performance.now()
    for (let i = 0; i < 5; i += 1) expect(await desk.find(`11111111${i}`)).toBeNull()
    expect(performance.now() - begun).toBeGreaterThan(25)
  })

  test('a flood of tries is answered, and none is forgotten', async () => {
    const desk = new PinDesk<string>()
    await desk.add('123456789', 'board')
    const answers = await Promise.all(Array.from({ length: 100 }, () => desk.find('123456789')))
    expect(answers.filter((one) => one === 'board').length).toBeGreaterThanOrEqual(64)
    expect(await desk.find('123456789')).toBe('board')
  })
})

describe('[TEL4] wrong PINs', () => {
  const attempt = { caller: 'a', trunk: 't', pin: '123456789' }

  test('are limited by caller, and forgotten after a quarter of an hour', () => {
    const attempts = new Attempts()
    for (let i = 0; i < ATTEMPT_LIMITS.caller; i += 1) attempts.fail(0, { ...attempt, pin: `${i}00000000` })
    expect(attempts.allows(1, { ...attempt, pin: '987654321' })).toBe(false)
    expect(attempts.allows(1, { ...attempt, caller: 'b', pin: '987654321' })).toBe(true)
    expect(attempts.allows(15 * 60_000 + 1, attempt)).toBe(true)
  })

  test('of many callers at one meeting are limited too', () => {
    const attempts = new Attempts()
    for (let i = 0; i < ATTEMPT_LIMITS.prefix; i += 1) attempts.fail(0, { ...attempt, caller: `c${i}` })
    expect(attempts.allows(1, { ...attempt, caller: 'new' })).toBe(false)
    expect(attempts.allows(1, { ...attempt, caller: 'new', pin: '555555555' })).toBe(true)
  })
})

test('[TEL7] room for calls: in all, by trunk, by second', () => {
  const room = new CallRoom(12)
  const trunk = { name: 'a', maxCalls: 10, callsPerSecond: 2 }
  const entered = Array.from({ length: 20 }, () => room.enter(0, trunk)).filter(Boolean)
  expect(entered.length).toBe(8)
  expect(room.enter(1000, trunk) && room.enter(1000, trunk)).toBe(true)
  expect(room.enter(5000, trunk)).toBe(false)
  expect(room.enter(5000, { ...trunk, name: 'b' }) && room.enter(5000, { ...trunk, name: 'b' })).toBe(true)
  expect(room.enter(5000, { ...trunk, name: 'b' })).toBe(false)
  room.leave('a')
  expect(room.calls).toBe(11)
  expect(room.enter(5001, trunk)).toBe(true)
})

test.each([
  ['+33612345642', '+33 6 •• •• •• 42'],
  ['0612345642', '06 •• •• •• 42'],
  ['anonymous', '•• •• ••'],
  ['<script>', '•• •• ••'],
])('[TEL3] %s is shown as %s', (user, shown) => {
  expect(maskNumber(user)).toBe(shown)
})
