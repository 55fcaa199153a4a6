import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { memoryOf, writableRegions } from './process-memory.ts'

test('regions that may be written to are listed, and no others', () => {
  const maps = [
    '55d0c0000000-55d0c0021000 rw-p 00000000 00:00 0                          [heap]',
    '7f2a00000000-7f2a00010000 r--p 00000000 fe:01 131 /usr/lib/x.so',
    '7f2a10000000-7f2a90000000 ---p 00000000 00:00 0',
    'what is no line',
  ]
  expect(writableRegions(maps.join('\n'))).toEqual([{ from: 0x55d0c0000000, to: 0x55d0c0021000 }])
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
