/**
 * The mailboxes of telephone bridges (TEL9): who listens at which, and grants on their way there. One line a mailbox, the
 * newest; a mailbox opens only by the secret that it is the hash of. Keeps no grant that nobody listens for, and can
 * open none.
 */
import type { BridgeOffer, BridgeOver, ErrorCode, Request, RequestOf } from '@huisclos/protocol'
import { BRIDGE_LIMITS, negotiateVersion } from '@huisclos/protocol'
import type { Clock } from '../clock.ts'
import { sha256 } from '../policy/secret-match.ts'
import type { Aside, AsideSocket, BegunAside } from './aside.ts'

/** Null: the bridge took it. */
type Outcome = Extract<ErrorCode, 'bridge-away' | 'bridge-refused'> | null

const MOST_LINES = 64
/** On their way to one bridge. */
const MOST_OFFERS = 32

class Line implements Aside {
  readonly #socket: AsideSocket
  readonly #clock: Clock
  readonly #onEnd: (line: Line) => void
  readonly #offers = new Map<number, (outcome: Outcome) => void>()
  #next = 1

  constructor(socket: AsideSocket, clock: Clock, onEnd: (line: Line) => void) {
    this.#socket = socket
    this.#clock = clock
    this.#onEnd = onEnd
  }

  offer(what: Omit<BridgeOffer, 't' | 'offer'>): Promise<Outcome> {
    if (this.#offers.size >= MOST_OFFERS) return Promise.resolve('bridge-away')
    const offer = this.#next++
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const callOff = this.#clock.schedule(
      () => this.#settle(offer, 'bridge-away'),
      BRIDGE_LIMITS.answerWithinMs,
    )
    this.#offers.set(offer, (outcome) => {
      callOff()
      resolve(outcome)
    })
    const frame: BridgeOffer = { t: 'bridge.offer', offer, ...what }
    this.#socket.tell(JSON.stringify(frame))
    return promise
  }

  over(what: Omit<BridgeOver, 't'>): void {
    const frame: BridgeOver = { t: 'bridge.over', ...what }
    this.#socket.tell(JSON.stringify(frame))
  }

  async answer(request: Request): Promise<object | null> {
    if (request.t === 'ping') return {}
    if (request.t !== 'bridge.answer') return null
    this.#settle(request.offer, request.taken ? null : 'bridge-refused')
    return {}
  }

  /** Another line has its mailbox. */
  replaced(): void {
    this.end()
    this.#socket.over('bridge-replaced')
  }

  end(): void {
    for (const offer of [...this.#offers.keys()]) this.#settle(offer, 'bridge-away')
    this.#onEnd(this)
  }

  #settle(offer: number, outcome: Outcome): void {
    const settle = this.#offers.get(offer)
    this.#offers.delete(offer)
    settle?.(outcome)
  }
}

export class Bridges {
  readonly #clock: Clock
  readonly #lines = new Map<string, Line>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get count(): number {
    return this.#lines.size
  }

  listen({ versions, door }: RequestOf<'bridge.listen'>, socket: AsideSocket): BegunAside {
    const version = negotiateVersion(versions)
    if (version === null) return { ok: false, code: 'version-unsupported' }
    const mailbox = sha256(Buffer.from(door, 'base64url')).toString('base64url')
    const former = this.#lines.get(mailbox)
    if (!former && this.#lines.size >= MOST_LINES) return { ok: false, code: 'too-many' }
    former?.replaced()
    const line = new Line(socket, this.#clock, (ended) => {
      if (this.#lines.get(mailbox) === ended) this.#lines.delete(mailbox)
    })
    this.#lines.set(mailbox, line)
    return { ok: true, aside: line, result: { version } }
  }

  /** A meeting that this mailbox was invited to has ended. */
  over(mailbox: string, what: Omit<BridgeOver, 't'>): void {
    this.#lines.get(mailbox)?.over(what)
  }

  /** Hands a grant over and tells what became of it. */
  async offer(mailbox: string, what: Omit<BridgeOffer, 't' | 'offer'>): Promise<Outcome> {
    return this.#lines.get(mailbox)?.offer(what) ?? 'bridge-away'
  }
}
