/** Everything that decides how the pictures are shown, in one place for the stage, the menu, the panel and the keys. */
import type { PersonView } from '@huisclos/participant'
import type { RefObject } from 'react'
import { useRef, useState } from 'react'
import type { ChangeLook, RoomLook } from './room-look.ts'
import { useRoomLook } from './room-look.ts'
import type { TileId } from './stage-plan.ts'
import { togglePin } from './stage-plan.ts'
import type { FullScreen } from './use-full-screen.ts'
import { useFullScreen } from './use-full-screen.ts'
import type { SeparateWindow } from './use-separate-window.ts'
import { useSeparateWindow } from './use-separate-window.ts'

/** Turns the gallery's page, where there is one. */
export type TurnPage = (step: 1 | -1) => void

export interface RoomViewControls {
  readonly look: RoomLook
  readonly change: ChangeLook
  readonly pins: readonly TileId[]
  readonly togglePin: (tile: TileId) => void
  readonly unpinAll: () => void
  readonly fullScreen: FullScreen
  readonly separate: SeparateWindow
  /** The stage puts its own there: it knows the pages. */
  readonly turnPage: RefObject<TurnPage>
}

export function useRoomView(people: readonly PersonView<unknown>[]): RoomViewControls {
  const [look, change] = useRoomLook()
  const [pins, setPins] = useState<readonly TileId[]>([])
  const fullScreen = useFullScreen()
  const separate = useSeparateWindow()
  const turnPage = useRef<TurnPage>(() => undefined)
  // A leaf is given to somebody else one day: the pin must not go with it.
  const kept = pins.filter((pin) => people.some((person) => person.leaf === pin.leaf))
  if (kept.length < pins.length) setPins(kept)
  return {
    look,
    change,
    pins,
    togglePin: (tile) => setPins(togglePin(pins, tile)),
    unpinAll: () => setPins([]),
    fullScreen,
    separate,
    turnPage,
  }
}
