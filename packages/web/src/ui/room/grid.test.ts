// The gallery fills its stage: no overlap, nothing outside, sensible shapes, at every size.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestGrid, pageSize } from './grid.ts'

const GAP = 10
const stages = {
  count: fc.integer({ min: 1, max: 49 }),
  width: fc.integer({ min: 300, max: 3000 }),
  height: fc.integer({ min: 300, max: 2000 }),
}

describe('bestGrid', () => {
  test('tiles never leave the stage and keep their shape', () => {
    fc.assert(
      fc.property(stages.count, stages.width, stages.height, (count, width, height) => {
        const { columns, rows, tileWidth, tileHeight } = bestGrid(count, width, height, GAP)
        expect(columns * rows).toBeGreaterThanOrEqual(count)
        expect(columns * tileWidth + (columns - 1) * GAP).toBeLessThanOrEqual(width)
        expect(rows * tileHeight + (rows - 1) * GAP).toBeLessThanOrEqual(height)
        const shape = tileWidth / tileHeight
        // Whole pixels: the ratio may be off by one pixel's worth.
        expect(shape).toBeGreaterThan(0.7)
        expect(shape).toBeLessThan(1.9)
      }),
    )
  })

  test('no other column count makes larger tiles', () => {
    fc.assert(
      fc.property(stages.count, stages.width, stages.height, (count, width, height) => {
        const best = bestGrid(count, width, height, GAP)
        for (let columns = 1; columns <= count; columns += 1) {
          const rows = Math.ceil(count / columns)
          const cellWidth = (width - GAP * (columns - 1)) / columns
          const cellHeight = (height - GAP * (rows - 1)) / rows
          if (cellWidth <= 0 || cellHeight <= 0) continue
          const tileWidth = Math.min(cellWidth, (cellHeight * 16) / 9)
          const area = Math.floor(tileWidth) * Math.floor(Math.min(cellHeight, (tileWidth * 4) / 3))
          expect(best.tileWidth * best.tileHeight).toBeGreaterThanOrEqual(area)
        }
      }),
    )
  })

  test.each([
    [1, 1, 1],
    [4, 2, 2],
    [9, 3, 3],
    [16, 4, 4],
  ])('%i people on a wide stage sit in %i columns and %i rows', (count, columns, rows) => {
    expect(bestGrid(count, 1256, 724, GAP)).toMatchObject({ columns, rows })
  })

  test('two people on a phone sit one above the other', () => {
    expect(bestGrid(2, 374, 640, GAP)).toMatchObject({ columns: 1, rows: 2 })
  })

  test('a stage without size has tiles without size', () => {
    expect(bestGrid(3, 0, 0, GAP)).toMatchObject({ tileWidth: 0, tileHeight: 0 })
  })

  test('a phone shows eight to a page, a desk sixteen', () => {
    expect([pageSize(374, 560, 16, GAP), pageSize(1200, 640, 16, GAP)]).toEqual([8, 16])
  })

  test('[PIC1] a desk has room for forty-nine, a small window for fewer, and nobody for less than one', () => {
    expect(pageSize(1256, 660, 49, GAP)).toBe(49)
    expect(pageSize(700, 400, 49, GAP)).toBeLessThan(25)
    expect(pageSize(300, 120, 49, GAP)).toBe(4)
    expect(pageSize(0, 0, 1, GAP)).toBe(1)
  })

  test('[PIC1] a page holds no more than was chosen, and tiles stay large enough for a face', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 49 }), stages.width, stages.height, (most, width, height) => {
        const count = pageSize(width, height, most, GAP)
        expect(count).toBeLessThanOrEqual(most)
        if (count > 4) expect(bestGrid(count, width, height, GAP).tileWidth).toBeGreaterThanOrEqual(100)
      }),
    )
  })
})
