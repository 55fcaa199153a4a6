/** How this person reads captions: shown or not, how large, read aloud or not. Remembered here, told to nobody. */
import { useState } from 'react'
import type { Setting } from '../settings.ts'
import { readSetting, writeSetting } from '../settings.ts'

export const CAPTION_SIZES = ['small', 'medium', 'large'] as const
export type CaptionSize = (typeof CAPTION_SIZES)[number]

export interface CaptionLook {
  readonly shown: boolean
  readonly size: CaptionSize
  /** Finished lines go to the screen reader: off at first, since whoever listens hears the voice already. */
  readonly aloud: boolean
}

export interface CaptionControls {
  readonly look: CaptionLook
  readonly toggle: () => void
  readonly setSize: (size: CaptionSize) => void
  readonly setAloud: (aloud: boolean) => void
}

export function readCaptionLook(read: (setting: Setting) => string | null = readSetting): CaptionLook {
  const size = read('caption-size')
  return {
    shown: read('captions') === 'on',
    size: CAPTION_SIZES.find((choice) => choice === size) ?? 'medium',
    aloud: read('captions-aloud') === 'on',
  }
}

export function useCaptions(): CaptionControls {
  const [look, setLook] = useState(readCaptionLook)
  const change = (setting: Setting, value: string, part: Partial<CaptionLook>) => {
    writeSetting(setting, value)
    setLook((now) => ({ ...now, ...part }))
  }
  const onOff = (on: boolean) => (on ? 'on' : 'off')
  return {
    look,
    toggle: () => change('captions', onOff(!look.shown), { shown: !look.shown }),
    setSize: (size) => change('caption-size', size, { size }),
    setAloud: (aloud) => change('captions-aloud', onOff(aloud), { aloud }),
  }
}
