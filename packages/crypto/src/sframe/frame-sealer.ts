/**
 * One outgoing stream [KEY2, KEY4, FRM2]: the key it seals with, the counter it goes on with through epochs, and
 * the refusal to seal anything before it has a key. Holds one epoch at a time. One sealer serves one leaf: who
 * joins anew makes a new one, with the same counter where the stream goes on.
 */
import type { ImportGcm } from './aead.ts'
import type { SframeKey } from './derive.ts'
import { deriveKeys } from './derive.ts'
import type { ClearFrame, SealedFrame } from './frame.ts'
import { sealFrame } from './frame.ts'
import { encodeKid } from './kid.ts'
import type { SendCounter } from './send-counter.ts'
import { SframeError } from './sframe-error.ts'
import { MEETING_SUITE, suiteOf } from './suites.ts'

/**
 * `stream` comes from `StreamNumbers`; `counter` is fresh, or the one this very stream had. `gcm`: WebCrypto's unless
 * given.
 */
export type FrameSealerOptions = {
  leaf: number
  stream: number
  counter: SendCounter
  suite?: number
  gcm?: ImportGcm
}

export class FrameSealer {
  readonly #options: FrameSealerOptions
  readonly #suite: number
  #epoch = -1
  #key: SframeKey | undefined
  /** Rises with every change, so that a derivation that ends late cannot undo a later one or a `stop`. */
  #turn = 0

  /** Throws `unknown-suite`, `kid-out-of-range`. */
  constructor(options: FrameSealerOptions) {
    encodeKid({ ...options, epoch: 0 })
    this.#suite = suiteOf(options.suite ?? MEETING_SUITE).id
    this.#options = options
  }

  /** The epoch that seals now, or that is being switched to; `undefined` before the first. */
  get epoch(): number | undefined {
    return this.#epoch < 0 ? undefined : this.#epoch
  }

  /**
   * Seals with a later epoch's keys from the moment this resolves; frames until then use the ones before. The
   * base key is read before the first await, so the caller may wipe it at once. Rejects with `epoch-stale`.
   */
  async switchTo(epoch: number, baseKey: Uint8Array): Promise<void> {
    if (!Number.isSafeInteger(epoch) || epoch <= this.#epoch) throw new SframeError('epoch-stale')
    const turn = ++this.#turn
    this.#epoch = epoch
    const { leaf, stream, gcm } = this.#options
    try {
      const key = await deriveKeys(this.#suite, encodeKid({ leaf, stream, epoch }), baseKey, 'seal', gcm)
      if (this.#turn === turn) this.#key = key
    } catch (error) {
      // The epoch before may be one that somebody was removed from: rather no key than that one.
      if (this.#turn === turn) this.#key = undefined
      throw error
    }
  }

  /**
   * The commit that opened `epoch` was struck [ORD3]: nothing leaves until `switchTo` names the one before, or
   * another of the same number. Safe, because the counter goes on.
   */
  strike(epoch: number): void {
    if (epoch > this.#epoch) return
    this.stop()
    this.#epoch = epoch - 2
  }

  /** Forgets the key: nothing leaves until a later epoch comes [FRM2, ROS2]. */
  stop(): void {
    this.#turn++
    this.#key = undefined
  }

  /** Seals one frame under the next counter; refuses with `no-key` while there is none. */
  async seal(frame: ClearFrame): Promise<SealedFrame> {
    if (!this.#key) return { ok: false, code: 'no-key' }
    return sealFrame(this.#key, this.#options.counter.take(), frame)
  }
}
