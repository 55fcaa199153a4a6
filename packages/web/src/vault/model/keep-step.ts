/**
 * How one person's player is brought back to the common clock (OPEN5): by running a little faster or slower while the
 * offset is small, which nobody hears, and by jumping when it is large. Nothing is done below what can be noticed.
 */

/** Jump; or go on at this rate. */
export type Step = { readonly jump: true } | { readonly jump: false; readonly rate: number }

const JUMP_MS = 250
const START_MS = 12
const STOP_MS = 4
/** In a second, an offset of this part of it is made up for. */
const GAIN_PER_S = 1
const MAX_BEND = 0.06

/** `aheadMs`: how far the player is ahead. `bent`: its rate is not `speed` at the moment. */
export function stepBack(aheadMs: number, speed: number, bent: boolean): Step {
  const offset = Math.abs(aheadMs)
  if (offset > JUMP_MS) return { jump: true }
  if (offset < (bent ? STOP_MS : START_MS)) return { jump: false, rate: speed }
  const bend = Math.max(-MAX_BEND, Math.min(MAX_BEND, (aheadMs / 1000) * GAIN_PER_S))
  return { jump: false, rate: speed * (1 - bend) }
}
