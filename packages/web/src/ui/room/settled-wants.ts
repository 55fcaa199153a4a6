/**
 * When to ask (PIC6): what comes into view at once, what grows after a moment, what shrinks or leaves only when it has
 * stayed so for a second, so that resizing, scrolling and paging do not make the server switch back and forth. Pure.
 */
import type { WantedSize } from '@huisclos/participant'
import type { Want } from './wanted-size.ts'
import { wantKey } from './wanted-size.ts'

const RANK = { none: 0, small: 1, medium: 2, large: 3 } as const
const GROW_AFTER_MS = 150
const SHRINK_AFTER_MS = 1_000

interface Waiting {
  readonly size: WantedSize
  readonly dueAt: number
}

export interface SettledWants {
  /** What the server is asked for now, by `wantKey`. */
  readonly told: ReadonlyMap<string, WantedSize>
  readonly waiting: ReadonlyMap<string, Waiting>
  /** When the next of those waiting is due; null when none is. Milliseconds on the caller's clock. */
  readonly nextAt: number | null
}

export const NOTHING_WANTED: SettledWants = { told: new Map(), waiting: new Map(), nextAt: null }

function delayMs(from: WantedSize | undefined, to: WantedSize): number {
  if (from === undefined || from === 'none') return 0
  return RANK[to] > RANK[from] ? GROW_AFTER_MS : SHRINK_AFTER_MS
}

/** The next state for these wishes at `now`; streams that are not named any more are forgotten. */
export function settleWants(before: SettledWants, wants: readonly Want[], now: number): SettledWants {
  const told = new Map<string, WantedSize>()
  const waiting = new Map<string, Waiting>()
  for (const want of wants) {
    const key = wantKey(want)
    const from = before.told.get(key)
    if (from === want.size) {
      told.set(key, from)
      continue
    }
    const known = before.waiting.get(key)
    const dueAt = known?.size === want.size ? known.dueAt : now + delayMs(from, want.size)
    // A stream that nobody has asked about yet is told `none` at once: the server would send it otherwise.
    if (dueAt <= now || from === undefined) told.set(key, want.size)
    else {
      told.set(key, from)
      waiting.set(key, { size: want.size, dueAt })
    }
  }
  const due = [...waiting.values()].map(({ dueAt }) => dueAt)
  return { told, waiting, nextAt: due.length === 0 ? null : Math.min(...due) }
}
