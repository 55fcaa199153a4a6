// The floor changes hands calmly: seeded conversations, and the cases that other rooms get wrong.
import { describe, expect, test } from 'vitest'
import type { Floor } from './floor.ts'
import { EMPTY_FLOOR, litLeaves, stepFloor } from './floor.ts'

const LOOK_MS = 125
const SPEECH = 0.1
const QUIET = 0.002

/** Plays looks of levels; returns each change of the floor as [ms, leaf]. */
function play(durationMs: number, levelsAt: (ms: number) => Record<number, number>) {
  let floor: Floor = EMPTY_FLOOR
  const changes: [number, number][] = []
  for (let now = LOOK_MS; now <= durationMs; now += LOOK_MS) {
    const levels = new Map(Object.entries(levelsAt(now)).map(([leaf, rms]) => [Number(leaf), rms]))
    const next = stepFloor(floor, levels, now, LOOK_MS)
    const holder = next.holders[0]
    if (holder !== undefined && holder !== floor.holders[0]) changes.push([now, holder])
    floor = next
  }
  return { changes, floor }
}

/** Numbers between 0 and 1 that a seed always gives again (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

describe('the floor', () => {
  test('[PIC3] the first to speak has it within a second', () => {
    const { changes } = play(3_000, (ms) => ({ 1: ms > 500 ? SPEECH : QUIET, 2: QUIET }))
    expect(changes).toHaveLength(1)
    expect(changes[0]?.[1]).toBe(1)
    expect(changes[0]?.[0]).toBeLessThan(1_500)
  })

  test('[PIC3] silence leaves it where it is', () => {
    const { floor } = play(60_000, (ms) => ({ 1: ms < 3_000 ? SPEECH : QUIET, 2: QUIET }))
    expect(floor.holders[0]).toBe(1)
  })

  test('[PIC3] a cough does not take it', () => {
    const { changes } = play(20_000, (ms) => ({
      1: ms < 5_000 ? SPEECH : QUIET,
      2: ms > 8_000 && ms < 8_400 ? 0.4 : QUIET,
    }))
    expect(changes.map(([, leaf]) => leaf)).toEqual([1])
  })

  test('[PIC3] between two who talk at once it stays', () => {
    const { changes } = play(30_000, (ms) => ({ 1: SPEECH, 2: ms > 3_000 ? SPEECH * 1.5 : QUIET }))
    expect(changes.map(([, leaf]) => leaf)).toEqual([1])
  })

  test('[PIC3] a fan that hums into an open microphone loses it to a voice', () => {
    const { floor } = play(30_000, (ms) => ({ 1: 0.02, 2: ms > 5_000 ? SPEECH : QUIET }))
    expect(floor.holders).toEqual([2, 1])
  })

  test('[PIC3] whoever falls silent loses it to the next, who follows within two seconds', () => {
    const { changes } = play(12_000, (ms) => ({
      1: ms < 6_000 ? SPEECH : QUIET,
      2: ms > 6_000 ? SPEECH : QUIET,
    }))
    expect(changes.map(([, leaf]) => leaf)).toEqual([1, 2])
    expect(changes[1]?.[0]).toBeLessThan(8_000)
  })

  test('[PIC3] one who has left is not lit, and the holders before are remembered', () => {
    const { floor } = play(12_000, (ms) => {
      const second = { 2: ms > 4_000 && ms < 9_000 ? SPEECH : QUIET }
      return ms < 9_000 ? { 1: ms < 3_000 ? SPEECH : QUIET, ...second } : { 1: QUIET }
    })
    expect(floor.holders).toEqual([2, 1])
    expect([...litLeaves(floor, 9_125)]).toEqual([])
  })

  test('a tile stays lit between words, and goes out after them', () => {
    const { floor } = play(2_000, () => ({ 1: SPEECH }))
    expect([...litLeaves(floor, 2_600)]).toEqual([1])
    expect([...litLeaves(floor, 3_000)]).toEqual([])
  })

  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    '[PIC3] seed %i: never twice within two seconds, and never somebody who did not speak',
    (seed) => {
      const random = seeded(seed)
      const talking = new Map<number, number>()
      const spoke = new Map<number, number>()
      const { changes } = play(120_000, (ms) => {
        if (random() < 0.06) talking.set(1 + Math.floor(random() * 5), ms + random() * 5_000)
        const levels: Record<number, number> = {}
        for (let leaf = 1; leaf <= 5; leaf += 1) {
          const speaks = (talking.get(leaf) ?? 0) > ms && random() < 0.8
          levels[leaf] = speaks ? 0.03 + random() * 0.3 : random() * 0.01
          if (speaks) spoke.set(leaf, (spoke.get(leaf) ?? 0) + 1)
        }
        return levels
      })
      expect(changes.length).toBeGreaterThan(2)
      for (const [index, [at, leaf]] of changes.entries()) {
        const before = changes[index - 1]
        if (before !== undefined) expect(at - before[0]).toBeGreaterThanOrEqual(2_000)
        expect(spoke.get(leaf)).toBeGreaterThan(0)
      }
    },
  )
})
