/**
 * One participant's session as the lying server keeps it: the events that it has told, under numbers of its own without
 * a gap, so that what is left out, added or put off does not show as one (SIG6). Outlives sockets, as sessions do.
 */
import type { EventBody, ServerEvent } from '@huisclos/protocol'
import { encodeServerFrame } from '@huisclos/protocol'

export class HostileLine {
  readonly who: string
  /** The last event had from the honest server. */
  upstreamSeen = 0
  readonly #told: ServerEvent[] = []
  #deliver: ((text: string) => void) | null = null

  constructor(who: string) {
    this.who = who
  }

  get lastSeq(): number {
    return this.#told.length
  }

  /** What was told, oldest first. */
  get told(): readonly ServerEvent[] {
    return this.#told
  }

  /** Takes a socket and tells again what came after `seen`. */
  attach(deliver: (text: string) => void, seen: number): void {
    this.#deliver = deliver
    for (const event of this.#told.slice(seen)) deliver(encodeServerFrame(event))
  }

  detach(deliver: (text: string) => void): void {
    if (this.#deliver === deliver) this.#deliver = null
  }

  tell(body: EventBody): void {
    const event = { ...body, seq: this.#told.length + 1 } as ServerEvent
    this.#told.push(event)
    this.#deliver?.(encodeServerFrame(event))
  }
}
