/**
 * GRP5, both sides of it. Newcomer: asks with a random nonce and counts as in only when a member (lobby on: a host) has
 * answered it in an epoch that both share. Member: answers, the lowest connected leaf first, others when it stays
 * silent. Decides only; sending is the caller's.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import type { GroupMessage, GroupMessageOf } from './messages/group-message.ts'
import type { Clock, Ms } from './ports.ts'

const ASK_AGAIN_MS = 3_000
const ANSWER_STEP_MS = 700

export interface AdmissionDeps {
  clock: Clock
  random(sizeBytes: number): Uint8Array
  send(message: GroupMessage): void
  /** A member has answered: we are in. */
  answered(): void
}

export class Admission {
  readonly #deps: AdmissionDeps
  #nonce: string | null = null
  #cancelAsk = () => {}
  /** Nonces to answer, until somebody else does. */
  readonly #owed = new Map<string, () => void>()

  constructor(deps: AdmissionDeps) {
    this.#deps = deps
  }

  get asking(): boolean {
    return this.#nonce !== null
  }

  ask(): void {
    this.#askWith(encodeBase64url(this.#deps.random(16)))
  }

  /** Asked again, the nonce stays: on a busy day the answer to the first asking may come after the second. */
  #askWith(nonce: string): void {
    this.#cancelAsk()
    this.#nonce = nonce
    this.#deps.send({ k: 'challenge', nonce })
    this.#cancelAsk = this.#deps.clock.setTimer(ASK_AGAIN_MS, () => this.#askWith(nonce))
  }

  /** `vouches`: whether the sender's word counts (lobby on: only a host's). */
  handleAnswer({ nonce }: GroupMessageOf<'answer'>, vouches: boolean): void {
    if (!vouches) return
    this.#owed.get(nonce)?.()
    this.#owed.delete(nonce)
    if (nonce !== this.#nonce) return
    this.stop()
    this.#deps.answered()
  }

  /** `rank`: how many able members come before us; null: we may not answer. */
  handleChallenge({ nonce }: GroupMessageOf<'challenge'>, rank: number | null): void {
    if (rank === null || this.#owed.has(nonce)) return
    const delayMs: Ms = Math.min(rank, 4) * ANSWER_STEP_MS
    const cancel = this.#deps.clock.setTimer(delayMs, () => {
      this.#owed.delete(nonce)
      this.#deps.send({ k: 'answer', nonce })
    })
    this.#owed.set(nonce, cancel)
  }

  stop(): void {
    this.#cancelAsk()
    this.#nonce = null
    for (const cancel of this.#owed.values()) cancel()
    this.#owed.clear()
  }
}
