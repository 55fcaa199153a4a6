import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { memoryOf, ownRegions } from './process-memory.ts'

test('regions that are no unchanged part of a file are listed, and no others', () => {
  const maps = [
    '55d0c0000000-55d0c0021000 rw-p 00000000 00:00 0                          [heap]',
    '7f2a00000000-7f2a00010000 r--p 00000000 fe:01 131 /usr/lib/x.so',
    '7f2a10000000-7f2a90000000 ---p 00000000 00:00 0',
    '7f2b00000000-7f2b00001000 r-xp 00000000 00:00 0',
    '7f2b10000000-7f2b10001000 rw-s 00000000 00:01 1029 /memfd:x',
    'what is no line',
  ]
  expect(ownRegions(maps.join('\n'))).toEqual([
    { from: 0x55d0c0000000, to: 0x55d0c0021000 },
    { from: 0x7f2b00000000, to: 0x7f2b00001000 },
    { from: 0x7f2b10000000, to: 0x7f2b10001000 },
  ])
})

test('what a process holds is found in its memory', () => {
  const held = randomBytes(32)
  let found = false
  for (const piece of memoryOf(process.pid)) {
    found = piece.includes(held)
    if (found) break
  }
  expect(found).toBe(true)
})
