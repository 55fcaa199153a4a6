/** How large each tile of a plan is, in CSS pixels: what the drawing follows and the wanted layers are chosen by. Pure. */
import { bestGrid } from './grid.ts'
import type { StagePlan, TileId } from './stage-plan.ts'
import type { Size } from './use-size.ts'

export interface SizedTile {
  readonly tile: TileId
  readonly size: Size
}

export const GAP_PX = 10
const STRIP_TILE_PX = { side: { width: 208, height: 117 }, below: { width: 144, height: 96 } } as const
/** The strip's scroll bar, where it takes room. */
const SCROLL_BAR_PX = 12

/** `upright`: the strip is below the stage rather than beside it. */
export function measureTiles(plan: StagePlan, stage: Size, upright: boolean): SizedTile[] {
  switch (plan.at) {
    case 'solo':
      return [{ tile: plan.self, size: stage }]
    case 'pair':
      return [{ tile: plan.other, size: stage }]
    case 'gallery':
      return inGrid(plan.tiles, stage)
    default: {
      const size = upright ? STRIP_TILE_PX.below : STRIP_TILE_PX.side
      const strip = plan.strip.map((tile) => ({ tile, size }))
      return [...inGrid(plan.mains, mainArea(stage, plan.strip.length > 0, upright)), ...strip]
    }
  }
}

/** One tile takes all there is; several share it. */
function inGrid(tiles: readonly TileId[], area: Size): SizedTile[] {
  const [only] = tiles
  if (only !== undefined && tiles.length === 1) return [{ tile: only, size: area }]
  const grid = bestGrid(tiles.length, area.width, area.height, GAP_PX)
  return tiles.map((tile) => ({ tile, size: { width: grid.tileWidth, height: grid.tileHeight } }))
}

function mainArea(stage: Size, strip: boolean, upright: boolean): Size {
  if (!strip) return stage
  const taken = GAP_PX + SCROLL_BAR_PX
  const width = upright ? stage.width : stage.width - STRIP_TILE_PX.side.width - taken
  const height = upright ? stage.height - STRIP_TILE_PX.below.height - taken : stage.height
  return { width: Math.max(0, width), height: Math.max(0, height) }
}
