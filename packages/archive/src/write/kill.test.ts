/** `kill -9` in the middle of writing: a process of its own, real files. Fifty moments: kill.long.test.ts. */
import { expect, test } from 'vitest'
import { killWriter } from '../testing/killed-writer.ts'

test('[REC4, ARC4] killed at any moment, a writer loses at most a second, and the rest is whole', async () => {
  for (const afterMs of [700, 1_333, 1_901]) {
    const killed = await killWriter(afterMs)
    expect(killed.damage).toEqual([])
    expect(killed.inOrder).toBe(true)
    expect(killed.packets).toBeGreaterThan(0)
    expect(killed.lostMs).toBeLessThan(1_000)
  }
})
