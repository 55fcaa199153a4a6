/**
 * How large tiles can be: of all column counts, the one whose tiles cover most of the stage. Tiles may be anything
 * between upright (3:4) and wide (16:9), so that phones and wide windows are both filled. Pure.
 */
export interface Grid {
  readonly columns: number
  readonly rows: number
  /** CSS pixels, whole. */
  readonly tileWidth: number
  readonly tileHeight: number
}

const NARROWEST = 3 / 4
const WIDEST = 16 / 9

/** The best grid for `count` tiles on a stage of `width` × `height` CSS pixels with `gap` between tiles. */
export function bestGrid(count: number, width: number, height: number, gap: number): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count), tileWidth: 0, tileHeight: 0 }
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns)
    const tile = fitTile((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows)
    const better = tile.width * tile.height > best.tileWidth * best.tileHeight
    if (better) best = { columns, rows, tileWidth: tile.width, tileHeight: tile.height }
  }
  return best
}

/** The largest tile of an allowed shape inside one cell. */
function fitTile(cellWidth: number, cellHeight: number): { width: number; height: number } {
  if (cellWidth <= 0 || cellHeight <= 0) return { width: 0, height: 0 }
  const width = Math.min(cellWidth, cellHeight * WIDEST)
  const height = Math.min(cellHeight, width / NARROWEST)
  return { width: Math.floor(width), height: Math.floor(height) }
}

const PHONE_UNDER_PX = 600
const PHONE_TILES = 8
/** Below this a face is no longer one. */
const SMALLEST_PX = { width: 100, height: 76 }

/**
 * PIC1: how many tiles one page of the gallery holds on a stage of that many CSS pixels: at most `most`, eight on a
 * phone, and never so many that they are too small to tell one from another.
 */
export function pageSize(width: number, height: number, most: number, gap: number): number {
  const limit = width < PHONE_UNDER_PX ? Math.min(most, PHONE_TILES) : most
  for (let count = limit; count > 4; count -= 1) {
    const { tileWidth, tileHeight } = bestGrid(count, width, height, gap)
    if (tileWidth >= SMALLEST_PX.width && tileHeight >= SMALLEST_PX.height) return count
  }
  return Math.min(limit, 4)
}
