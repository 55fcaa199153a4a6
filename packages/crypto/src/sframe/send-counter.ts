/**
 * What keeps a (key, counter) pair from ever sealing two frames [KEY2]: a counter that cannot go back, and
 * stream numbers that are not handed out twice. Neither may be stored or copied [ORD4]: a page
 * that starts anew takes a new leaf.
 */
import { MAX_STREAMS } from './kid.ts'
import { SframeError } from './sframe-error.ts'

/** More frames than any stream can send; far below where the wire format ends. */
export const MAX_COUNTER = 1n << 62n

/** One stream's counter; the layers of one simulcast sender share it, and epochs go on with it. */
export class SendCounter {
  #next: bigint

  /** `from` is what another transform of the same stream would have used next. */
  constructor(from = 0n) {
    if (from < 0n) throw new SframeError('out-of-range')
    this.#next = from
  }

  /** The counter that the next frame will get. */
  get upcoming(): bigint {
    return this.#next
  }

  /** A counter never given before. Throws `counter-exhausted`. */
  take(): bigint {
    if (this.#next >= MAX_COUNTER) throw new SframeError('counter-exhausted')
    return this.#next++
  }
}

/**
 * The page's stream numbers: every new transform, worker or track takes a fresh one. They are never handed out
 * again as long as the page keeps its leaf: a number freed in one epoch may still be sealing in another, and a
 * page that used up 1,024 of them joins again on a new leaf.
 */
export class StreamNumbers {
  #next = 0

  /** A number that no stream of this page had. Throws `streams-exhausted`. */
  take(): number {
    if (this.#next >= MAX_STREAMS) throw new SframeError('streams-exhausted')
    return this.#next++
  }
}
