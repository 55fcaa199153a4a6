import { expect, test } from 'vitest'
import { FragmentShelf, KEEP_MS } from './fragment-shelf.ts'

const place = { tab: 't', room: 'r' }

test('[LINK1] a fragment is handed out once, to its tab and room alone', () => {
  const shelf = new FragmentShelf()
  shelf.keep({ ...place, fragment: 'secret' }, 0)
  expect(shelf.take({ ...place, tab: 'other' }, 1)).toBeNull()
  expect(shelf.take({ ...place, room: 'other' }, 1)).toBeNull()
  expect(shelf.take(place, 1)).toBe('secret')
  expect(shelf.take(place, 2)).toBeNull()
})

test('[LINK1] a fragment is forgotten after a minute, and at once when told', () => {
  const shelf = new FragmentShelf()
  shelf.keep({ ...place, fragment: 'secret' }, 0)
  expect(shelf.take(place, KEEP_MS)).toBeNull()
  shelf.keep({ ...place, fragment: 'secret' }, 0)
  shelf.forget(place)
  expect(shelf.take(place, 1)).toBeNull()
})

test('the shelf is bounded, and takes again once others have expired', () => {
  const shelf = new FragmentShelf()
  for (let i = 0; i < 100; i++) shelf.keep({ tab: `${i}`, room: 'r', fragment: 'x' }, 0)
  expect(shelf.take({ tab: '99', room: 'r' }, 1)).toBeNull()
  shelf.keep({ tab: 'new', room: 'r', fragment: 'y' }, KEEP_MS)
  expect(shelf.take({ tab: 'new', room: 'r' }, KEEP_MS + 1)).toBe('y')
})
