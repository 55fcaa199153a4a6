/** `kill -9` at fifty seeded moments (issue text: at most one second each time). */
import { seeded } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import { killWriter } from '../testing/killed-writer.ts'

const MOMENTS = 50

test('[REC4, ARC4] killed at fifty moments, a writer loses at most a second each time, and the rest is whole', async () => {
  const random = seeded(4417)
  const lost: number[] = []
  for (let moment = 0; moment < MOMENTS; moment += 1) {
    const afterMs = 300 + Math.floor(random() * 2_500)
    const killed = await killWriter(afterMs)
    expect(killed.damage, `${afterMs}`).toEqual([])
    expect(killed.inOrder, `${afterMs}`).toBe(true)
    expect(killed.packets, `${afterMs}`).toBeGreaterThan(0)
    expect(killed.lostMs, `${afterMs}`).toBeLessThan(1_000)
    lost.push(killed.lostMs)
  }
  process.stdout.write(
    `lost ms: median ${lost.sort((a, b) => a - b)[MOMENTS / 2]?.toFixed(0)}, most ${lost.at(-1)?.toFixed(0)}\n`,
  )
})
