/**
 * Who is on the stage and how: alone, two, a gallery with pages, or one in focus with a filmstrip. Pure: people and
 * wishes in, tiles out. Order is the roster's, so that nobody jumps about.
 */
import type { PersonView, StreamView } from '@huisclos/participant'

export interface TileId {
  readonly leaf: number
  readonly kind: 'person' | 'screen'
}

export type StagePlan =
  | { readonly at: 'solo'; readonly self: TileId }
  | { readonly at: 'pair'; readonly other: TileId; readonly self: TileId }
  | {
      readonly at: 'gallery'
      readonly tiles: readonly TileId[]
      readonly page: number
      readonly pages: number
    }
  | { readonly at: 'focus'; readonly main: TileId; readonly strip: readonly TileId[] }

export interface StageWishes {
  readonly layout: 'gallery' | 'speaker'
  readonly pinned: TileId | null
  /** Who spoke last, of the others. */
  readonly speaker: number | null
  readonly page: number
  readonly perPage: number
}

type Person = PersonView<unknown>

export const sameTile = (a: TileId, b: TileId): boolean => a.leaf === b.leaf && a.kind === b.kind
export const tileKey = (tile: TileId): string => `${tile.kind}-${tile.leaf}`

/** A person's stream from one source, if they have announced it. */
export const streamOf = <Track>(person: PersonView<Track>, source: StreamView<Track>['source']) =>
  person.streams.find((stream) => stream.source === source)

/** Does this person show a screen? */
const sharesScreen = (person: Person): boolean => {
  const screen = streamOf(person, 'screen')
  return screen !== undefined && !screen.muted
}

/** Every tile there could be: all people, and the screens of the others. */
function everyTile(people: readonly Person[]): TileId[] {
  const screens = people.filter((person) => !person.self && sharesScreen(person))
  return [
    ...screens.map((person): TileId => ({ leaf: person.leaf, kind: 'screen' })),
    ...people.map((person): TileId => ({ leaf: person.leaf, kind: 'person' })),
  ]
}

function focusOf(tiles: readonly TileId[], wishes: StageWishes): TileId | null {
  const { pinned, speaker } = wishes
  const pin = pinned === null ? undefined : tiles.find((tile) => sameTile(tile, pinned))
  const screen = tiles.find((tile) => tile.kind === 'screen')
  const talker = wishes.layout === 'speaker' ? tiles.find((tile) => tile.leaf === speaker) : undefined
  return pin ?? screen ?? talker ?? null
}

/** The stage for these people and wishes; `page` is brought within bounds. */
export function planStage(people: readonly Person[], wishes: StageWishes): StagePlan {
  const tiles = everyTile(people)
  const main = people.length > 1 ? focusOf(tiles, wishes) : null
  if (main !== null) return { at: 'focus', main, strip: tiles.filter((tile) => !sameTile(tile, main)) }
  const self = people.find((person) => person.self)
  const selfTile: TileId = { leaf: self?.leaf ?? 0, kind: 'person' }
  if (people.length <= 1) return { at: 'solo', self: selfTile }
  const [other, second] = tiles.filter((tile) => tile.leaf !== self?.leaf)
  if (self !== undefined && other !== undefined && second === undefined)
    return { at: 'pair', other, self: selfTile }
  const pages = Math.ceil(tiles.length / wishes.perPage)
  const page = Math.min(Math.max(0, wishes.page), pages - 1)
  return {
    at: 'gallery',
    tiles: tiles.slice(page * wishes.perPage, (page + 1) * wishes.perPage),
    page,
    pages,
  }
}
