/** A lane's bars and lines as SVG paths, in a box of `WIDTH` by `HEIGHT` that is stretched to the lane. */
import type { Span } from '../worker/opener-messages.ts'
import { LOUDNESS_MS } from '../worker/opener-messages.ts'

export const WIDTH = 1000
export const HEIGHT = 32
/** Bars a lane: no more than a wide screen shows. */
const BARS = 250
const BAR_FILL = 0.75
/** Bars stand on this line; pictures are drawn below it. */
const GROUND = 27
const PICTURE_LINE = 30.5

const round = (value: number): string => String(Math.round(value * 10) / 10)

/** One bar for each part of the recording: as high as its loudest moment. */
export function loudnessBars(loudness: readonly number[], durationMs: number): string {
  const steps = Math.max(1, durationMs / LOUDNESS_MS)
  const bars = Math.min(BARS, Math.ceil(steps))
  const width = (WIDTH / bars) * BAR_FILL
  const shapes: string[] = []
  for (let bar = 0; bar < bars; bar++) {
    const from = Math.floor((bar * steps) / bars)
    const to = Math.max(from + 1, Math.ceil(((bar + 1) * steps) / bars))
    const loud = loudness.slice(from, to).reduce((top, value) => Math.max(top, value), 0)
    if (loud <= 0.02) continue
    const height = Math.max(2, loud * (GROUND - 1))
    const x = (bar * WIDTH) / bars
    shapes.push(`M${round(x)} ${GROUND}v${round(-height)}h${round(width)}v${round(height)}z`)
  }
  return shapes.join('')
}

/** Where the loudness is not known: one low bar for as long as sound came. */
export function soundBars(spans: readonly Span[], durationMs: number): string {
  return boxes(spans, durationMs, GROUND - 8, GROUND)
}

export function pictureLine(spans: readonly Span[], durationMs: number): string {
  return spans
    .map(({ fromMs, toMs }) => {
      const x = (fromMs / durationMs) * WIDTH
      return `M${round(x)} ${PICTURE_LINE}h${round(Math.max(1, ((toMs - fromMs) / durationMs) * WIDTH))}`
    })
    .join('')
}

/** Boxes over the whole height, at least as wide as can be seen. */
export function spanBoxes(spans: readonly Span[], durationMs: number): string {
  return boxes(spans, durationMs, 0, HEIGHT)
}

function boxes(spans: readonly Span[], durationMs: number, top: number, bottom: number): string {
  return spans
    .map(({ fromMs, toMs }) => {
      const x = Math.min(WIDTH - 3, (fromMs / durationMs) * WIDTH)
      const width = Math.max(3, ((Math.min(toMs, durationMs) - fromMs) / durationMs) * WIDTH)
      return `M${round(x)} ${top}h${round(width)}v${bottom - top}h${round(-width)}z`
    })
    .join('')
}
