/**
 * Messages to the group, numbered and sent one after another (ROS4): each waits for the server's word, is sealed anew
 * when its epoch has passed, and keeps its number, so that nobody sees a gap or a repeat. What people wrote survives a
 * new session; what only made sense in the old one does not.
 */
import type { GroupMessage } from './messages/group-message.ts'
import { encodeGroupMessage } from './messages/group-message.ts'
import type { Clock, Ms } from './ports.ts'
import { codeOf } from './signalling-error.ts'

export interface OutboxDeps {
  /** Seals and sends in the present stay; null while there is none. */
  say: () => ((data: Uint8Array) => Promise<void>) | null
  /** GRP5: whether this may be said yet; what may not waits, and lets others pass. */
  mayLeave(message: GroupMessage): boolean
  clock: Clock
  /** The message left under this number. */
  sent(n: number, message: GroupMessage): void
}

interface Entry {
  message: GroupMessage
  /** Sent again in a new session. */
  durable: boolean
  settle(ok: boolean): void
  expiresAt: Ms
}

const RETRY_MS = 400
const LIFETIME_MS = 300_000

export class Outbox {
  readonly #deps: OutboxDeps
  #waiting: Entry[] = []
  #next = 1
  /** Rises with each stay. */
  #turn = 0
  #busy = false

  constructor(deps: OutboxDeps) {
    this.#deps = deps
  }

  /** Resolves with whether the message was sent. */
  put(message: GroupMessage, durable = false): Promise<boolean> {
    return new Promise((settle) => {
      this.#waiting.push({ message, durable, settle, expiresAt: this.#deps.clock.now() + LIFETIME_MS })
      void this.#pump()
    })
  }

  /** Of this kind, waiting or on its way. */
  holds(kind: GroupMessage['k']): boolean {
    return this.#waiting.some(({ message }) => message.k === kind)
  }

  /** A new stay: numbers begin again. */
  restart(): void {
    this.#turn++
    this.#next = 1
    this.#busy = false
    const kept = this.#waiting.filter((entry) => entry.durable)
    for (const entry of this.#waiting) if (!entry.durable) entry.settle(false)
    this.#waiting = kept
    void this.#pump()
  }

  /** To be called when sending may have become possible. */
  flush(): void {
    void this.#pump()
  }

  failAll(): void {
    for (const entry of this.#waiting) entry.settle(false)
    this.#waiting = []
  }

  async #pump(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    const turn = this.#turn
    while (turn === this.#turn) {
      const entry = this.#waiting.find(({ message }) => this.#deps.mayLeave(message))
      const say = this.#deps.say()
      if (!entry || !say) break
      const outcome = await this.#send(say, entry)
      if (turn !== this.#turn) return
      if (outcome === 'later') {
        this.#deps.clock.setTimer(RETRY_MS, () => this.flush())
        break
      }
      if (outcome === 'wait') break
      this.#waiting = this.#waiting.filter((other) => other !== entry)
      if (outcome === 'sent') this.#deps.sent(this.#next++, entry.message)
      entry.settle(outcome === 'sent')
    }
    if (turn === this.#turn) this.#busy = false
  }

  async #send(
    say: (data: Uint8Array) => Promise<void>,
    entry: Entry,
  ): Promise<'sent' | 'failed' | 'later' | 'wait'> {
    if (this.#deps.clock.now() > entry.expiresAt) return 'failed'
    try {
      await say(encodeGroupMessage(this.#next, entry.message))
      return 'sent'
    } catch (error) {
      const code = codeOf(error)
      // The stay is over: whoever ends it restarts this box.
      if (code === 'session-lost' || code === 'closed' || code === 'not-seated' || code === 'group-unknown')
        return 'wait'
      return code === 'too-large' || code === 'bad-message' ? 'failed' : 'later'
    }
  }
}
