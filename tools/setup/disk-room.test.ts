import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkRoom } from './disk-room.mjs'

test('a step that does not fit is refused before it begins, also where its folder is still to be made', () => {
  const dir = join(tmpdir(), 'not', 'made', 'yet')
  expect(() => checkRoom(dir, 1, 'Step')).not.toThrow()
  expect(() => checkRoom(dir, 1e18, 'Step')).toThrow(expect.objectContaining({ code: 'disk-full' }))
  expect(() => checkRoom(dir, 1e18, 'Step')).toThrow(/^Step needs 1000000000000 MB in .*; \d+ MB are free\.$/)
})
