/** Keys as RTP events (RFC 4733): a key is told once, at its first packet, however many repeat it. */

const KEYS = '0123456789*#ABCD'

export class DtmfEvents {
  #timestamp: number | null = null

  /** The key pressed, or null: not an event, or one already told. */
  push(timestamp: number, payload: Uint8Array): string | null {
    const [event] = payload
    if (payload.length < 4 || event === undefined || event >= KEYS.length) return null
    if (this.#timestamp === timestamp) return null
    this.#timestamp = timestamp
    return KEYS[event] ?? null
  }
}
