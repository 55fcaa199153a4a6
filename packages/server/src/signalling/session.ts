/**
 * One client's session (SIG4–SIG7): its events, answers and limits, which outlive the socket that carries them now.
 * It is found by the hash of its token, so that the tokens themselves are kept nowhere.
 */
import type { ErrorCode, PeerId } from '@huisclos/protocol'
import { AnswerCache } from './answer-cache.ts'
import type { LiveRoom } from './live-room.ts'
import { Outbox } from './outbox.ts'
import type { SessionLimits } from './rate-limit.ts'

/** The socket under a session, as far as the session is concerned. */
export interface Carrier {
  /** Sends what the outbox holds, as fast as the client reads. */
  pump(): void
  send(text: string): void
  /** Last words where there are any, then closes. */
  close(code: ErrorCode | null): void
}

export interface SessionOptions {
  peer: PeerId
  room: LiveRoom
  tokenHash: string
  limits: SessionLimits
  onEnd: (session: Session) => void
}

export class Session {
  readonly peer: PeerId
  readonly room: LiveRoom
  readonly tokenHash: string
  readonly limits: SessionLimits
  readonly outbox = new Outbox()
  readonly answers = new AnswerCache()
  readonly #onEnd: (session: Session) => void
  #carrier: Carrier | null = null
  #ended = false

  constructor(options: SessionOptions) {
    this.peer = options.peer
    this.room = options.room
    this.tokenHash = options.tokenHash
    this.limits = options.limits
    this.#onEnd = options.onEnd
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Takes a socket; a former one is let go. */
  attach(carrier: Carrier): void {
    const former = this.#carrier
    this.#carrier = carrier
    former?.close(null)
    carrier.pump()
    this.room.peerBack(this.peer)
  }

  /** The socket is gone. Nothing happens when another one carries the session by now. */
  detach(carrier: Carrier): void {
    if (this.#carrier !== carrier) return
    this.#carrier = null
    if (!this.#ended) this.room.peerLost(this.peer)
  }

  /** Queues an event. False when the client is too far behind: the session has then ended with `slow-reader`. */
  tell(bodyJson: string): boolean {
    if (this.#ended) return true
    if (!this.outbox.push(bodyJson)) {
      this.end('slow-reader')
      return false
    }
    this.#carrier?.pump()
    return true
  }

  /** Sends an answer on whatever socket there is; without one it waits in `answers` to be asked for again. */
  reply(text: string): void {
    this.#carrier?.send(text)
  }

  /** No resuming after this. */
  end(code: ErrorCode | null): void {
    if (this.#ended) return
    this.#ended = true
    this.#onEnd(this)
    const carrier = this.#carrier
    this.#carrier = null
    carrier?.close(code)
  }
}
