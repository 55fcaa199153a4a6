// Tiles have the size that the drawing gives them: the layers asked of the server hang on it.
import { describe, expect, test } from 'vitest'
import { measureTiles } from './stage-measure.ts'
import type { TileId } from './stage-plan.ts'

const person = (leaf: number): TileId => ({ leaf, kind: 'person' })
const stage = { width: 1200, height: 700 }

describe('measureTiles', () => {
  test('one’s own picture beside another is not measured: nobody sends it', () => {
    const sized = measureTiles({ at: 'pair', other: person(1), self: person(0) }, stage, false)
    expect(sized).toEqual([{ tile: person(1), size: stage }])
  })

  test('the strip takes its room beside, or below where the stage stands upright', () => {
    const plan = { at: 'focus', mains: [person(1)], strip: [person(0), person(2)] } as const
    expect(measureTiles(plan, stage, false).map(({ size }) => size.width)).toEqual([970, 208, 208])
    expect(measureTiles(plan, { width: 360, height: 600 }, true)[0]?.size).toEqual({
      width: 360,
      height: 482,
    })
  })

  test('[PIC2] several pins share what the strip leaves, and stay inside it', () => {
    const mains = [1, 2, 3].map(person)
    const [first, second] = measureTiles({ at: 'focus', mains, strip: [person(0)] }, stage, false)
    expect(first?.size).toEqual(second?.size)
    expect((first?.size.width ?? 0) * 2 + 10).toBeLessThanOrEqual(970)
    expect((first?.size.height ?? 0) * 2 + 10).toBeLessThanOrEqual(700)
  })

  test('without anybody else the focus has the whole stage', () => {
    expect(measureTiles({ at: 'focus', mains: [person(1)], strip: [] }, stage, false)).toEqual([
      { tile: person(1), size: stage },
    ])
  })
})
