/**
 * Who is on the stage and how: alone, two, a gallery with pages, or some in focus with a filmstrip (PIC1, PIC2). Pure:
 * people and wishes in, tiles out. Order is the roster's, so that nobody jumps about; no tile is ever shown twice.
 */
import type { PersonView, StreamView } from '@huisclos/participant'

export interface TileId {
  readonly leaf: number
  readonly kind: 'person' | 'screen'
}

export type StagePlan =
  | { readonly at: 'solo'; readonly self: TileId }
  /** `self`: null where one's own picture is not wanted. */
  | { readonly at: 'pair'; readonly other: TileId; readonly self: TileId | null }
  | {
      readonly at: 'gallery'
      readonly tiles: readonly TileId[]
      readonly page: number
      readonly pages: number
    }
  | { readonly at: 'focus'; readonly mains: readonly TileId[]; readonly strip: readonly TileId[] }

export interface StageWishes {
  readonly layout: 'gallery' | 'speaker'
  /** One's own pins, oldest first; those on tiles that are gone count for nothing. */
  readonly pins: readonly TileId[]
  /** Whom a host has put before everybody. */
  readonly spotlight: number | null
  /** Who holds the floor, of the others. */
  readonly speaker: number | null
  /** False: one's own tile is nowhere, except alone. */
  readonly selfView: boolean
  readonly page: number
  readonly perPage: number
}

type Person = PersonView<unknown>

/** A further pin takes the place of the oldest. */
const MOST_PINS = 6

export const sameTile = (a: TileId, b: TileId): boolean => a.leaf === b.leaf && a.kind === b.kind
export const tileKey = (tile: TileId): string => `${tile.kind}-${tile.leaf}`
const personTile = (leaf: number): TileId => ({ leaf, kind: 'person' })

/** A person's stream from one source, if they have announced it. */
export const streamOf = <Track>(person: PersonView<Track>, source: StreamView<Track>['source']) =>
  person.streams.find((stream) => stream.source === source)

/** Does this person show a screen? */
const sharesScreen = (person: Person): boolean => {
  const screen = streamOf(person, 'screen')
  return screen !== undefined && !screen.muted
}

/** Pinned tiles lose their pin, others get one. */
export function togglePin(pins: readonly TileId[], tile: TileId): TileId[] {
  const others = pins.filter((pin) => !sameTile(pin, tile))
  return others.length < pins.length ? others : [...others, tile].slice(-MOST_PINS)
}

/** Every tile there could be: the screens of the others, and all people; oneself only where `selfView`. */
function everyTile(people: readonly Person[], selfView: boolean): TileId[] {
  const screens = people.filter((person) => !person.self && sharesScreen(person))
  return [
    ...screens.map((person): TileId => ({ leaf: person.leaf, kind: 'screen' })),
    ...people.filter((person) => selfView || !person.self).map((person) => personTile(person.leaf)),
  ]
}

/** PIC2: one's own pins, else a shared screen, else the host's spotlight, else in speaker view who has the floor. */
function mainsOf(tiles: readonly TileId[], people: readonly Person[], wishes: StageWishes): TileId[] {
  const present = (wanted: TileId) => tiles.some((tile) => sameTile(tile, wanted))
  const pins = wishes.pins.filter(present)
  if (pins.length > 0) return pins
  const screen = tiles.find((tile) => tile.kind === 'screen')
  if (screen !== undefined) return [screen]
  // Of two, the other fills the stage anyway.
  if (people.length <= 2) return []
  const { spotlight, speaker, layout } = wishes
  const chosen = [spotlight, layout === 'speaker' ? speaker : null]
  return chosen
    .flatMap((leaf) => (leaf === null ? [] : [personTile(leaf)]))
    .filter(present)
    .slice(0, 1)
}

/** The others, whom the host or their voice puts forward first. */
function stripOf(tiles: readonly TileId[], mains: readonly TileId[], wishes: StageWishes): TileId[] {
  const rest = tiles.filter((tile) => !mains.some((main) => sameTile(main, tile)))
  const rank = ({ leaf, kind }: TileId) =>
    kind === 'screen' ? 0 : leaf === wishes.spotlight ? 1 : leaf === wishes.speaker ? 2 : 3
  return rest.toSorted((a, b) => rank(a) - rank(b))
}

/** The stage for these people and wishes; `page` is brought within bounds. */
export function planStage(people: readonly Person[], wishes: StageWishes): StagePlan {
  const self = people.find((person) => person.self)
  if (people.length <= 1) return { at: 'solo', self: personTile(self?.leaf ?? 0) }
  const tiles = everyTile(people, wishes.selfView)
  const mains = mainsOf(tiles, people, wishes)
  if (mains.length > 0) return { at: 'focus', mains, strip: stripOf(tiles, mains, wishes) }
  const [other, second] = tiles.filter((tile) => tile.leaf !== self?.leaf)
  if (self !== undefined && other !== undefined && second === undefined)
    return { at: 'pair', other, self: wishes.selfView ? personTile(self.leaf) : null }
  const perPage = Math.max(1, wishes.perPage)
  const pages = Math.max(1, Math.ceil(tiles.length / perPage))
  const page = Math.min(Math.max(0, wishes.page), pages - 1)
  return { at: 'gallery', tiles: tiles.slice(page * perPage, (page + 1) * perPage), page, pages }
}

/** Who is worth a window of their own, with their picture on: the first of the stage's order, never oneself. */
export function pictureInPictureTile(people: readonly Person[], wishes: StageWishes): TileId | null {
  const tiles = everyTile(people, false)
  const [main] = mainsOf(tiles, people, { ...wishes, layout: 'speaker' })
  const shows = (person: Person | undefined) => {
    const camera = person === undefined ? undefined : streamOf(person, 'camera')
    return camera !== undefined && !camera.muted
  }
  const byLeaf = (leaf: number) => people.find((person) => person.leaf === leaf)
  return main ?? tiles.find(({ leaf }) => shows(byLeaf(leaf))) ?? tiles[0] ?? null
}
