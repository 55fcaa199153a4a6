import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FlowAction, FlowInput } from './call-flow.ts'
import { CallFlow } from './call-flow.ts'

/** A caller with a clock. */
function begin() {
  const flow = new CallFlow('en')
  let now = 0
  const step = (input: FlowInput, afterMs = 0): FlowAction[] => {
    now += afterMs
    return flow.step(now, input)
  }
  const keys = (text: string) => [...text].flatMap((key) => step({ t: 'key', key }, 100))
  return { flow, step, keys, first: step({ t: 'start' }) }
}
const inside = () => {
  const caller = begin()
  caller.keys('123456789#')
  caller.step({ t: 'opened', waiting: false })
  return caller
}
const played = (...prompts: string[]) => ({ t: 'play', prompts })

describe('[TEL4] the PIN', () => {
  test('is asked for, taken with hash, and opens', () => {
    const caller = begin()
    expect(caller.first).toEqual([played('pin', 'language')])
    expect(caller.keys('123456789#')).toEqual([played(), { t: 'check', pin: '123456789' }])
    expect(caller.step({ t: 'opened', waiting: false })).toEqual([played('inside')])
  })

  test('needs no hash after nine digits and a while', () => {
    const caller = begin()
    caller.keys('12345678')
    expect(caller.step({ t: 'tick' }, 4500)).toEqual([])
    caller.keys('9')
    expect(caller.step({ t: 'tick' }, 4500)).toEqual([{ t: 'check', pin: '123456789' }])
  })

  test('is refused three times, each pause longer, and then the call ends', () => {
    const caller = begin()
    const pauses: number[] = []
    for (const attempt of [1, 2]) {
      caller.keys('111111111#')
      expect(caller.step({ t: 'refused' })).toEqual([])
      let waited = 0
      while (caller.step({ t: 'tick' }, 100).length === 0) waited += 100
      pauses.push(waited)
      expect(caller.flow.at, `try ${attempt}`).toBe('asking')
    }
    expect(pauses[1]).toBeGreaterThan((pauses[0] ?? 0) * 3)
    caller.keys('111111111#')
    expect(caller.step({ t: 'refused' })).toEqual([played('refused')])
    expect(caller.step({ t: 'played' })).toEqual([{ t: 'hang-up' }])
  })

  test('keys during check and pause try nothing', () => {
    const caller = begin()
    caller.keys('111111111#')
    expect(caller.keys('222222222#')).toEqual([])
    caller.step({ t: 'refused' })
    expect(caller.keys('333333333#')).toEqual([])
  })

  test('who says nothing is asked three times and let go', () => {
    const caller = begin()
    expect(caller.step({ t: 'tick' }, 15_000)).toEqual([played('pin', 'language')])
    expect(caller.step({ t: 'tick' }, 15_000)).toEqual([played('pin', 'language')])
    expect(caller.step({ t: 'tick' }, 15_000)).toEqual([{ t: 'hang-up' }])
  })

  test('star two changes the language', () => {
    const caller = begin()
    expect(caller.keys('*2')).toContainEqual(played('pin', 'language'))
    expect(caller.flow.language).toBe('fr')
  })
})

describe('[TEL4] the lobby', () => {
  test('is waited in until a host opens', () => {
    const caller = begin()
    caller.keys('123456789#')
    expect(caller.step({ t: 'opened', waiting: true })).toEqual([played('waiting')])
    expect(caller.keys('*6')).toEqual([])
    expect(caller.step({ t: 'admitted' })).toEqual([played('inside')])
  })
})

describe('[TEL6] keys in the meeting', () => {
  test('star six mutes and unmutes, star nine raises and lowers the hand', () => {
    const caller = inside()
    expect(caller.keys('*6')).toEqual([{ t: 'mute', muted: true }, played('muted')])
    expect(caller.keys('*9')).toEqual([{ t: 'hand', up: true }, played('hand-up')])
    expect(caller.keys('*6*9')).toEqual([
      { t: 'mute', muted: false },
      played('unmuted'),
      { t: 'hand', up: false },
      played('hand-down'),
    ])
    expect(caller.keys('69*56')).toEqual([])
  })

  test('muted by a host, star six is heard again', () => {
    const caller = inside()
    expect(caller.step({ t: 'muted' })).toEqual([{ t: 'mute', muted: true }, played('muted-by-host')])
    expect(caller.keys('*6')).toEqual([{ t: 'mute', muted: false }, played('unmuted')])
  })

  test.each(['removed', 'ended'] as const)('%s: told, and hung up', (why) => {
    const caller = inside()
    expect(caller.step({ t: why })).toEqual([played(why)])
    expect(caller.keys('*6')).toEqual([])
    expect(caller.step({ t: 'played' })).toEqual([{ t: 'hang-up' }])
  })
})

test('[TEL4] nothing but an opened PIN leads into a meeting', () => {
  const input: fc.Arbitrary<FlowInput> = fc.oneof(
    fc.constantFrom(...'0123456789*#ABCD').map((key) => ({ t: 'key', key }) as const),
    fc.constantFrom({ t: 'refused' }, { t: 'admitted' }, { t: 'muted' }, { t: 'played' }, { t: 'tick' }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(input, fc.nat(6000)), { maxLength: 200 }), (steps) => {
      const caller = begin()
      for (const [one, afterMs] of steps) {
        const actions = caller.step(one, afterMs)
        expect(actions.filter(({ t }) => t === 'mute' || t === 'hand')).toEqual([])
        expect(['waiting', 'inside']).not.toContain(caller.flow.at)
      }
    }),
  )
})
