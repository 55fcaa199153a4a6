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

/** Tiles on one page of the gallery: sixteen, eight where the stage is a phone's. */
export const pageSize = (stageWidth: number): number => (stageWidth < 600 ? 8 : 16)
