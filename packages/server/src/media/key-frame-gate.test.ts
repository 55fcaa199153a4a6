import { expect, test } from 'vitest'
import { KeyFrameGate } from './key-frame-gate.ts'

/** A clock that stands until it is moved. */
function standingClock() {
  let now = 0
  let timers: { at: number; action: () => void }[] = []
  return {
    now: () => now,
    schedule(action: () => void, delayMs: number) {
      const timer = { at: now + delayMs, action }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    moveTo(time: number) {
      now = time
      const due = timers.filter(({ at }) => at <= now)
      timers = timers.filter(({ at }) => at > now)
      for (const { action } of due) action()
    },
    pending: () => timers.length,
  }
}

test('[KEY4] key frames are asked once a second and stream, and the last ask is not lost', () => {
  const clock = standingClock()
  const gate = new KeyFrameGate(1000, clock)
  const asked: number[] = []
  const ask = () => gate.ask('p', () => asked.push(clock.now()))
  ask()
  clock.moveTo(100)
  ask()
  clock.moveTo(900)
  ask()
  clock.moveTo(1000)
  expect(asked).toEqual([0, 1000])
  clock.moveTo(1500)
  ask()
  clock.moveTo(2000)
  clock.moveTo(4000)
  ask()
  expect(asked).toEqual([0, 1000, 2000, 4000])
})

test('[KEY4] streams do not wait for each other', () => {
  const gate = new KeyFrameGate(1000, standingClock())
  const asked: string[] = []
  for (const stream of ['a', 'b', 'a', 'b']) gate.ask(stream, () => asked.push(stream))
  expect(asked).toEqual(['a', 'b'])
})

test('what waits is dropped with its stream and with the gate', () => {
  const clock = standingClock()
  const gate = new KeyFrameGate(1000, clock)
  const asked: string[] = []
  for (const stream of ['a', 'a', 'b', 'b', 'c', 'c']) gate.ask(stream, () => asked.push(stream))
  gate.forget('a')
  clock.moveTo(1000)
  expect(asked).toEqual(['a', 'b', 'c', 'b', 'c'])
  gate.ask('b', () => asked.push('b'))
  gate.close()
  expect(clock.pending()).toBe(0)
})
