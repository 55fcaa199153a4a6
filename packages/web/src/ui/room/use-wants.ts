/** Tells the meeting what is wanted as it settles (PIC6). In a hidden tab only the separate window's tile is. */
import type { MeetingControls, PersonView } from '@huisclos/participant'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { NOTHING_WANTED, settleWants } from './settled-wants.ts'
import { wantKey, wantsOf } from './wanted-size.ts'

const onVisibility = (changed: () => void) => {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}

export interface ShownWidths {
  /** CSS pixels by `tileKey`, of what this page shows. */
  readonly page: ReadonlyMap<string, number>
  /** The same of the separate window, which stays in view. */
  readonly separate: ReadonlyMap<string, number>
}

function together({ page, separate }: ShownWidths, visible: boolean): Map<string, number> {
  const widths = new Map(separate)
  if (visible) for (const [key, width] of page) widths.set(key, Math.max(width, widths.get(key) ?? 0))
  return widths
}

/** `shown` may be new on each drawing: what does not change is not asked again. */
export function useWants(
  meeting: Pick<MeetingControls<MediaStreamTrack>, 'want'>,
  people: readonly PersonView<unknown>[],
  shown: ShownWidths,
): void {
  const visible = useSyncExternalStore(
    onVisibility,
    () => document.visibilityState === 'visible',
    () => true,
  )
  const settled = useRef(NOTHING_WANTED)
  const [, lookAgain] = useState(0)
  useEffect(() => {
    const wants = wantsOf(people, together(shown, visible), settled.current.told)
    settled.current = settleWants(settled.current, wants, performance.now())
    // The meeting keeps what it was told, and asks the server about changes only.
    for (const want of wants)
      meeting.want(want.leaf, want.source, settled.current.told.get(wantKey(want)) ?? 'none')
    const { nextAt } = settled.current
    if (nextAt === null) return undefined
    const timer = setTimeout(
      () => lookAgain((looks) => looks + 1),
      Math.max(0, nextAt - performance.now()) + 5,
    )
    return () => clearTimeout(timer)
  })
}
