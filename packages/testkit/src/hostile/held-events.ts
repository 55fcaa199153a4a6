/** Events that a lying server keeps back, to tell later, out of order, twice or never. */
import type { EventBody } from '@huisclos/protocol'
import type { HostileServer } from './hostile-server.ts'

export interface HeldEvents {
  readonly events: readonly { to: string; event: EventBody }[]
  /** Tells what was held, in the order given, and holds no more. */
  release(order?: 'as-came' | 'reversed'): void
}

export function holdEvents(
  server: HostileServer,
  which: (to: string, event: EventBody) => boolean,
): HeldEvents {
  const events: { to: string; event: EventBody }[] = []
  const stop = server.onEvent((to, event) => {
    if (!which(to, event)) return undefined
    events.push({ to, event })
    return []
  })
  return {
    events,
    release(order = 'as-came') {
      stop()
      for (const { to, event } of order === 'reversed' ? events.toReversed() : events) server.tell(to, event)
    },
  }
}
