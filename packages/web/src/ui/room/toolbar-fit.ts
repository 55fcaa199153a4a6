/**
 * Which of the optional buttons fit. The bar loses them from its tail; a phone keeps five in all. Pure; CSS pixels.
 */
export const OPTIONAL_BUTTONS = ['share', 'hand', 'chat', 'people', 'view'] as const
export type OptionalButton = (typeof OPTIONAL_BUTTONS)[number]

export interface BarShape {
  /** Clock, title and shield stand left of the buttons; otherwise above the stage. */
  readonly wide: boolean
  /** A phone: no arrows beside microphone and camera, Leave without a word. */
  readonly narrow: boolean
  readonly shown: readonly OptionalButton[]
  readonly hidden: readonly OptionalButton[]
}

const WIDE_FROM_PX = 1024
const NARROW_UNDER_PX = 480
const BUTTON_PX = 56
/** What stands left and right of the middle in a wide bar; only Leave in a middling one. */
const SIDES_PX = { wide: 560, middling: 150 } as const
/** Microphone and camera with their arrows, and More. */
const FIXED_PX = 2 * 84 + BUTTON_PX

/** `available`: what this browser and meeting offer, in the bar's order. */
export function fitBar(widthPx: number, available: readonly OptionalButton[]): BarShape {
  const wide = widthPx >= WIDE_FROM_PX
  const narrow = widthPx < NARROW_UNDER_PX
  const room = widthPx - FIXED_PX - (wide ? SIDES_PX.wide : SIDES_PX.middling)
  const count = narrow ? 1 : Math.max(0, Math.min(available.length, Math.floor(room / BUTTON_PX)))
  return { wide, narrow, shown: available.slice(0, count), hidden: available.slice(count) }
}
