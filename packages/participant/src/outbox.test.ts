import { FakeClock } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import { decodeGroupMessage } from './messages/group-message.ts'
import { Outbox } from './outbox.ts'
import type { SignallingCode } from './signalling-error.ts'
import { SignallingError } from './signalling-error.ts'

const line = (text: string) => ({ k: 'chat', id: 'AAAAAAAAAAA', text }) as const

function setUp() {
  const clock = new FakeClock()
  const said: string[] = []
  const failures: SignallingCode[] = []
  const gate = { open: true, chat: true }
  const box = new Outbox({
    clock,
    say: () =>
      gate.open
        ? async (data) => {
            const failure = failures.shift()
            if (failure) throw new SignallingError(failure)
            const decoded = decodeGroupMessage(data)
            if (decoded.ok && decoded.message.k === 'chat') said.push(`${decoded.n} ${decoded.message.text}`)
          }
        : null,
    mayLeave: ({ k }) => gate.chat || k !== 'chat',
    sent: () => {},
  })
  return { clock, box, said, failures, gate }
}

test('[ROS4] messages leave in order, each with the next number', async () => {
  const { box, said } = setUp()
  expect(await Promise.all([box.put(line('a')), box.put(line('b'))])).toEqual([true, true])
  expect(said).toEqual(['1 a', '2 b'])
})

test('[ROS4] what could not be sent is tried again under its number', async () => {
  const { clock, box, said, failures } = setUp()
  failures.push('epoch-stale', 'too-many')
  const sent = box.put(line('a'))
  void box.put(line('b'))
  await clock.advance(2_000)
  expect(await sent).toBe(true)
  expect(said).toEqual(['1 a', '2 b'])
})

test('[ORD4] what people wrote survives a new session, numbered anew; what was of the old one does not', async () => {
  const { clock, box, said, failures } = setUp()
  await box.put(line('a'))
  failures.push('session-lost')
  const compare = box.put({ k: 'compare', epoch: 3 })
  const chat = box.put(line('b'), true)
  await clock.settle()
  box.restart()
  expect(await compare).toBe(false)
  expect(await chat).toBe(true)
  expect(said).toEqual(['1 a', '1 b'])
})

test('what cannot be sent at all fails, and does not hold up the rest', async () => {
  const { box, said, failures } = setUp()
  failures.push('too-large')
  const [first, second] = [box.put(line('a')), box.put(line('b'))]
  expect(await first).toBe(false)
  expect(await second).toBe(true)
  expect(said).toEqual(['1 b'])
})

test('what waits for five minutes has failed', async () => {
  const { clock, box, gate } = setUp()
  gate.open = false
  const sent = box.put(line('a'), true)
  await clock.advance(300_001)
  gate.open = true
  box.flush()
  expect(await sent).toBe(false)
})

test('[GRP5] what may not be said yet waits, and lets the challenge pass', async () => {
  const { box, said, gate } = setUp()
  gate.chat = false
  const written = box.put(line('a'))
  expect(await box.put({ k: 'challenge', nonce: 'A'.repeat(22) })).toBe(true)
  expect(said).toEqual([])
  gate.chat = true
  box.flush()
  expect(await written).toBe(true)
  expect(said).toEqual(['2 a'])
})
