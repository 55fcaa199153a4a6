/** SIP's timers (RFC 3261 §17.1.1.1, table 4) and the sending again that they govern. Pure: time enters. */

export type Ms = number

const T1_MS: Ms = 500
const T2_MS: Ms = 4_000
/** 64 × T1: after this a transaction is over, answered or not. */
export const GIVE_UP_MS: Ms = 64 * T1_MS

/** Something that is sent again, twice as late each time up to T2, until it is answered or given up. */
export class Resending {
  readonly bytes: Uint8Array
  readonly #until: Ms
  readonly #repeats: boolean
  #intervalMs = T1_MS
  #nextAt: Ms

  /** @param repeats false where the transport is reliable and waiting is all there is to do */
  constructor(bytes: Uint8Array, now: Ms, repeats: boolean) {
    this.bytes = bytes
    this.#repeats = repeats
    this.#until = now + GIVE_UP_MS
    this.#nextAt = now + T1_MS
  }

  /** `again`: send it now. `over`: no answer came. */
  poll(now: Ms): 'wait' | 'again' | 'over' {
    if (now >= this.#until) return 'over'
    if (!this.#repeats || now < this.#nextAt) return 'wait'
    this.#intervalMs = Math.min(this.#intervalMs * 2, T2_MS)
    this.#nextAt = now + this.#intervalMs
    return 'again'
  }
}
