/** How this person likes their room to look (PIC1, PIC4): remembered on this device, told to nobody. */
import { useState } from 'react'
import type { ShareContent } from '../ports.ts'
import type { Setting } from '../settings.ts'
import { readSetting, writeSetting } from '../settings.ts'

export const TILE_CHOICES = [4, 9, 16, 25, 36, 49] as const
export const SHARE_CHOICES: readonly ShareContent[] = ['text', 'still', 'motion']

export interface RoomLook {
  readonly layout: 'gallery' | 'speaker'
  /** At most so many tiles on a page of the gallery. */
  readonly mostTiles: number
  readonly selfView: boolean
  /** One's own picture as in a mirror; the others never see it so. */
  readonly mirror: boolean
  readonly share: ShareContent
}

const KEYS: Readonly<Record<keyof RoomLook, Setting>> = {
  layout: 'layout',
  mostTiles: 'tiles',
  selfView: 'self-view',
  mirror: 'mirror',
  share: 'share',
}

/** What is remembered; anything else than a choice there is counts as the first one. */
export function readLook(read: (setting: Setting) => string | null = readSetting): RoomLook {
  const tiles = Number(read('tiles') ?? 16)
  const share = read('share')
  return {
    layout: read('layout') === 'speaker' ? 'speaker' : 'gallery',
    mostTiles: TILE_CHOICES.find((choice) => choice === tiles) ?? 16,
    selfView: read('self-view') !== 'off',
    mirror: read('mirror') !== 'off',
    share: SHARE_CHOICES.find((choice) => choice === share) ?? 'text',
  }
}

const asText = (value: RoomLook[keyof RoomLook]): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)

export type ChangeLook = (part: Partial<RoomLook>) => void

export function useRoomLook(): [RoomLook, ChangeLook] {
  const [look, setLook] = useState(readLook)
  const change: ChangeLook = (part) => {
    const next = { ...look, ...part }
    for (const key of Object.keys(part) as (keyof RoomLook)[]) writeSetting(KEYS[key], asText(next[key]))
    setLook(next)
  }
  return [look, change]
}
