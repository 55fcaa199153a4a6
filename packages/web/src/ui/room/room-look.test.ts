// What this device remembers of the room's look, and what it does with anything else it finds there.
import { expect, test } from 'vitest'
import { readLook } from './room-look.ts'

const from = (stored: Record<string, string>) => readLook((setting) => stored[setting] ?? null)

test('[PIC4] a first visit: gallery of sixteen, oneself shown as in a mirror, shares sharp', () => {
  expect(from({})).toEqual({ layout: 'gallery', mostTiles: 16, selfView: true, mirror: true, share: 'text' })
})

test('[PIC4] what was chosen comes back', () => {
  const stored = { layout: 'speaker', tiles: '49', 'self-view': 'off', mirror: 'off', share: 'motion' }
  expect(from(stored)).toEqual({
    layout: 'speaker',
    mostTiles: 49,
    selfView: false,
    mirror: false,
    share: 'motion',
  })
})

test.each(['0', '-1', '1000', 'NaN', '', 'forty'])('tiles “%s” is no choice there is', (tiles) => {
  expect(from({ tiles, layout: 'x', share: 'y' })).toMatchObject({
    mostTiles: 16,
    layout: 'gallery',
    share: 'text',
  })
})
