import { expect, test } from 'vitest'
import { FakeClock } from '../../test/fake-clock.ts'
import { PathNudge } from './path-nudge.ts'

function nudge() {
  const clock = new FakeClock()
  const held: (number | null)[] = []
  return { clock, held, nudge: new PathNudge({ clock, hold: (bps) => held.push(bps) }) }
}

test('[SIG17] a path that stays narrow is tried after 8 s for 3 s, then every 16 s', () => {
  const { clock, held, nudge: one } = nudge()
  one.narrow(true)
  clock.advance(7_999)
  expect(held).toEqual([])
  clock.advance(1)
  expect(held).toEqual([150_000])
  // The layer that flows meanwhile says nothing about the path.
  one.narrow(false)
  clock.advance(3_000)
  expect(held).toEqual([150_000, null])
  one.narrow(true)
  one.narrow(true)
  clock.advance(15_999)
  expect(held).toHaveLength(2)
  clock.advance(1)
  expect(held).toHaveLength(3)
  // Nothing flowed this time either: it goes on without being told again.
  clock.advance(3_000 + 15_999)
  expect(held).toHaveLength(4)
  clock.advance(1)
  expect(held).toEqual([150_000, null, 150_000, null, 150_000])
  clock.advance(3_000 + 16_000)
  expect(held).toHaveLength(7)
})

test('[SIG17] a path that is wide again is left alone, and begins anew when it gets narrow later', () => {
  const { clock, held, nudge: one } = nudge()
  one.narrow(true)
  clock.advance(5_000)
  one.narrow(false)
  clock.advance(60_000)
  expect(held).toEqual([])
  one.narrow(true)
  clock.advance(8_000)
  expect(held).toEqual([150_000])
  one.close()
  clock.advance(60_000)
  expect(held).toEqual([150_000])
})
