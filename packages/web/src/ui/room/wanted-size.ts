/**
 * What to ask of the server for each stream: only what a tile on screen needs. Small tiles get small layers, streams
 * off screen or in a hidden tab none. Audio is not asked for here: it always comes.
 */
import type { MeetingControls, PersonView, Source, WantedSize } from '@huisclos/participant'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { TileId } from './stage-plan.ts'
import { tileKey } from './stage-plan.ts'

export interface Want {
  readonly leaf: number
  readonly source: Source
  readonly size: WantedSize
}

/** The layer for a tile of that many CSS pixels across; screens are read, so they come larger. */
export function sizeFor(tile: TileId['kind'], widthPx: number): WantedSize {
  if (widthPx <= 0) return 'none'
  if (tile === 'screen') return widthPx <= 240 ? 'small' : 'large'
  if (widthPx <= 260) return 'small'
  return widthPx <= 680 ? 'medium' : 'large'
}

/** One wish for each video stream of each other person. `widths`: CSS pixels by `tileKey`, absent when off screen. */
export function wantsOf(people: readonly PersonView<unknown>[], widths: ReadonlyMap<string, number>): Want[] {
  return people
    .filter((person) => !person.self)
    .flatMap(({ leaf, streams }) =>
      streams.flatMap(({ source }): Want[] => {
        if (source !== 'camera' && source !== 'screen') return []
        const kind = source === 'camera' ? 'person' : 'screen'
        return [{ leaf, source, size: sizeFor(kind, widths.get(tileKey({ leaf, kind })) ?? 0) }]
      }),
    )
}

const onVisibility = (changed: () => void) => {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}

/** Tells the meeting what changed since the last call; in a hidden tab, nothing is wanted. */
export function useWants(
  meeting: Pick<MeetingControls<MediaStreamTrack>, 'want'>,
  wants: readonly Want[],
): void {
  const visible = useSyncExternalStore(
    onVisibility,
    () => document.visibilityState === 'visible',
    () => true,
  )
  const told = useRef(new Map<string, WantedSize>())
  useEffect(() => {
    const now = new Map<string, WantedSize>()
    for (const { leaf, source, size } of wants) {
      const key = `${leaf} ${source}`
      const wanted = visible ? size : 'none'
      now.set(key, wanted)
      if (told.current.get(key) !== wanted) meeting.want(leaf, source, wanted)
    }
    told.current = now
  }, [meeting, wants, visible])
}
