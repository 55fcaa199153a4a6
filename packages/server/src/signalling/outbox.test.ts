import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numbered, Outbox } from './outbox.ts'

const body = (n: number) => JSON.stringify({ t: 'media.lost', n })
const all = (outbox: Outbox): string[] => {
  const texts: string[] = []
  for (let text = outbox.next(); text !== null; text = outbox.next()) texts.push(text)
  return texts
}

describe('Outbox', () => {
  test('[SIG6] numbers events from 1 and hands each out once', () => {
    const outbox = new Outbox()
    outbox.push(body(0))
    outbox.push(body(1))
    expect(all(outbox).map((t) => JSON.parse(t))).toEqual([
      { seq: 1, t: 'media.lost', n: 0 },
      { seq: 2, t: 'media.lost', n: 1 },
    ])
    expect(outbox.next()).toBeNull()
  })

  test('[SIG6] a numbered body is the body with its number', () => {
    expect(JSON.parse(numbered(7, '{"t":"media.lost"}'))).toEqual({ seq: 7, t: 'media.lost' })
  })

  test('[SIG6] rewinding hands the rest out again, with the same numbers', () => {
    const outbox = new Outbox()
    for (let i = 0; i < 5; i += 1) outbox.push(body(i))
    const first = all(outbox)
    expect(outbox.rewind(2)).toBe(true)
    expect(all(outbox)).toEqual(first.slice(2))
  })

  test('[SIG6] what was acknowledged cannot be had again, what was never sent cannot be acknowledged', () => {
    const outbox = new Outbox()
    for (let i = 0; i < 5; i += 1) outbox.push(body(i))
    outbox.next()
    outbox.next()
    expect(outbox.acknowledge(3)).toBe(false)
    expect(outbox.acknowledge(2)).toBe(true)
    expect(outbox.acknowledge(1)).toBe(true)
    expect(outbox.rewind(1)).toBe(false)
    expect(outbox.rewind(3)).toBe(false)
    expect(outbox.rewind(2)).toBe(true)
  })

  test('[SIG7] is bounded by number and by size, and has room again after an acknowledgement', () => {
    const few = new Outbox({ events: 2, chars: 1_000 })
    expect([few.push(body(0)), few.push(body(1)), few.push(body(2))]).toEqual([true, true, false])
    all(few)
    few.acknowledge(1)
    expect(few.push(body(2))).toBe(true)
    const small = new Outbox({ events: 100, chars: 50 })
    expect(small.push('{"a":1}'.padEnd(40))).toBe(true)
    expect(small.push('{"a":1}'.padEnd(20))).toBe(false)
  })

  test('[SIG6] in any order of pushing, reading, acknowledging and resuming the client misses and repeats nothing', () => {
    const deeds = fc.array(fc.constantFrom('push', 'push', 'next', 'next', 'ack', 'cut'), { maxLength: 200 })
    fc.assert(
      fc.property(deeds, (todo) => {
        const outbox = new Outbox()
        const got: number[] = []
        let pushed = 0
        for (const deed of todo) {
          if (deed === 'push') outbox.push(body(pushed++))
          else if (deed === 'ack') expect(outbox.acknowledge(got.length)).toBe(true)
          else if (deed === 'cut') expect(outbox.rewind(got.length)).toBe(true)
          else {
            const text = outbox.next()
            if (text !== null) got.push((JSON.parse(text) as { n: number }).n)
          }
        }
        outbox.rewind(got.length)
        for (const text of all(outbox)) got.push((JSON.parse(text) as { n: number }).n)
        expect(got).toEqual(Array.from({ length: pushed }, (_, n) => n))
        expect(outbox.lastSeq).toBe(pushed)
      }),
    )
  })
})
