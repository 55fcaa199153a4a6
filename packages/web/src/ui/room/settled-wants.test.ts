// Resizing, scrolling and paging do not make the server switch back and forth.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SettledWants } from './settled-wants.ts'
import { NOTHING_WANTED, settleWants } from './settled-wants.ts'
import type { Want } from './wanted-size.ts'

const want = (size: Want['size'], leaf = 1): Want => ({ leaf, source: 'camera', size })
const KEY = '1 camera'

/** Follows steps of [ms, size]; the state is looked at again whenever something is due, as the room does. */
function follow(steps: readonly (readonly [number, Want['size']])[], untilMs: number) {
  let state: SettledWants = NOTHING_WANTED
  const asked: [number, string][] = []
  const look = (now: number, size: Want['size']) => {
    const next = settleWants(state, [want(size)], now)
    const told = next.told.get(KEY) ?? ''
    if (told !== state.told.get(KEY)) asked.push([now, told])
    state = next
  }
  for (const [index, [at, size]] of steps.entries()) {
    look(at, size)
    const end = steps[index + 1]?.[0] ?? untilMs
    while (state.nextAt !== null && state.nextAt < end) look(state.nextAt, size)
  }
  return asked
}

describe('settleWants', () => {
  test('[PIC6] what is new or comes into view is asked for at once, what nobody shows is stopped at once', () => {
    expect(settleWants(NOTHING_WANTED, [want('small')], 0).told.get(KEY)).toBe('small')
    expect(settleWants(NOTHING_WANTED, [want('none')], 0).told.get(KEY)).toBe('none')
    expect(
      follow(
        [
          [0, 'none'],
          [5, 'large'],
        ],
        100,
      ),
    ).toEqual([
      [0, 'none'],
      [5, 'large'],
    ])
  })

  test('[PIC6] growing waits a moment, shrinking and leaving a second', () => {
    expect(
      follow(
        [
          [0, 'small'],
          [10, 'large'],
        ],
        5_000,
      ),
    ).toEqual([
      [0, 'small'],
      [160, 'large'],
    ])
    expect(
      follow(
        [
          [0, 'large'],
          [10, 'none'],
        ],
        5_000,
      ),
    ).toEqual([
      [0, 'large'],
      [1_010, 'none'],
    ])
  })

  test('[PIC6] a window dragged to and fro over a limit asks nothing until it rests', () => {
    const drag = Array.from({ length: 60 }, (_, i) => [i * 100, i % 2 === 0 ? 'large' : 'medium'] as const)
    expect(follow(drag, 20_000)).toEqual([
      [0, 'large'],
      [5_900 + 1_000, 'medium'],
    ])
  })

  test('[PIC6] a page turned and turned back asks nothing for those who were there', () => {
    expect(
      follow(
        [
          [0, 'small'],
          [100, 'none'],
          [700, 'small'],
        ],
        5_000,
      ),
    ).toEqual([[0, 'small']])
  })

  test('[PIC6] whatever happens, once it rests the server is asked for exactly what is shown', () => {
    const size = fc.constantFrom('none' as const, 'small' as const, 'medium' as const, 'large' as const)
    const step = fc.record({ wait: fc.nat(2_000), sizes: fc.array(size, { maxLength: 5 }) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        let state = NOTHING_WANTED
        let now = 0
        let wants: Want[] = []
        for (const { wait, sizes } of steps) {
          now += wait
          wants = sizes.map((each, leaf) => want(each, leaf))
          state = settleWants(state, wants, now)
        }
        for (let looks = 0; state.nextAt !== null; looks += 1) {
          expect(looks).toBeLessThan(10)
          state = settleWants(state, wants, state.nextAt)
        }
        expect([...state.told]).toEqual(wants.map((each) => [`${each.leaf} camera`, each.size]))
      }),
    )
  })
})
