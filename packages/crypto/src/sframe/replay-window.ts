/**
 * Which counters of one KID were already opened [KEY3]: the newest 1,024 are remembered, older ones refused
 * (RFC 9605 §9.3, after RFC 3711 §3.3.2). It lives as long as its key, and longer where that may come back [ORD3].
 */

export const WINDOW_COUNTERS = 1024

const SIZE = BigInt(WINDOW_COUNTERS)

export class ReplayWindow {
  readonly #seen = new Uint8Array(WINDOW_COUNTERS)
  #highest = -1n

  /** The highest counter that was opened; null: none was. */
  get highest(): bigint | null {
    return this.#highest < 0n ? null : this.#highest
  }

  /** Whether a frame with this counter may still be opened. Does not remember it: its tag is not checked yet. */
  isFresh(ctr: bigint): boolean {
    if (ctr > this.#highest) return true
    if (this.#highest - ctr >= SIZE) return false
    return this.#seen[Number(ctr % SIZE)] === 0
  }

  /** Remembers a counter whose frame authenticated; `false` when another frame took it meanwhile. */
  accept(ctr: bigint): boolean {
    if (!this.isFresh(ctr)) return false
    if (ctr > this.#highest) this.#advance(ctr)
    this.#seen[Number(ctr % SIZE)] = 1
    return true
  }

  #advance(ctr: bigint): void {
    if (ctr - this.#highest >= SIZE) this.#seen.fill(0)
    else for (let slot = this.#highest + 1n; slot < ctr; slot++) this.#seen[Number(slot % SIZE)] = 0
    this.#highest = ctr
  }
}
