/**
 * What to ask of the server for each stream (PIC6): only what a tile on screen needs. Small tiles get small layers,
 * streams off screen none. A width near a limit keeps the layer it has. Audio is not asked for here: it always comes.
 */
import type { PersonView, Source, WantedSize } from '@huisclos/participant'
import type { TileId } from './stage-plan.ts'
import { tileKey } from './stage-plan.ts'

export interface Want {
  readonly leaf: number
  readonly source: Source
  readonly size: WantedSize
}

export const wantKey = ({ leaf, source }: Pick<Want, 'leaf' | 'source'>): string => `${leaf} ${source}`

/** Widest tile, in CSS pixels, for which a layer is enough. */
const ENOUGH_UNTIL_PX = {
  person: { small: 260, medium: 680 },
  // Screens are read: whole, or a thumbnail.
  screen: { small: 240, medium: 240 },
} as const
/** A layer is given up only where the tile is this much smaller than its limit. */
const SLACK = 0.82

/** The layer for a tile of that many CSS pixels across, where `before` was asked for until now. */
export function sizeFor(tile: TileId['kind'], widthPx: number, before: WantedSize = 'none'): WantedSize {
  if (widthPx <= 0) return 'none'
  const { small, medium } = ENOUGH_UNTIL_PX[tile]
  const smallUntil = before === 'medium' || before === 'large' ? small * SLACK : small
  const mediumUntil = before === 'large' ? medium * SLACK : medium
  if (widthPx <= smallUntil) return 'small'
  return widthPx <= mediumUntil ? 'medium' : 'large'
}

/**
 * One wish for each video stream of each other person. `widths`: CSS pixels by `tileKey`, absent when off screen;
 * `before`: what is being asked for, by `wantKey`.
 */
export function wantsOf(
  people: readonly PersonView<unknown>[],
  widths: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, WantedSize> = new Map(),
): Want[] {
  return people
    .filter((person) => !person.self)
    .flatMap(({ leaf, streams }) =>
      streams.flatMap(({ source }): Want[] => {
        if (source !== 'camera' && source !== 'screen') return []
        const kind = source === 'camera' ? 'person' : 'screen'
        const width = widths.get(tileKey({ leaf, kind })) ?? 0
        return [{ leaf, source, size: sizeFor(kind, width, before.get(wantKey({ leaf, source }))) }]
      }),
    )
}
