/**
 * Notices in one stream of RTP what does not come again: a lost packet is sent once more within a moment, or never. A
 * picture that lacks one cannot be decoded until the next key frame, which is then worth asking for (REC10).
 */

/** A sender that is asked again answers within this, or its packet is gone. */
const GIVEN_UP_MS = 1_000
/** Beyond that it is a stream that began anew, not a gap. */
const LONGEST_GAP = 500

export class MissingPackets {
  #highest: number | null = null
  readonly #missing = new Map<number, number>()

  /** @returns whether something is missing for good since the last time it said so. */
  note(packet: Uint8Array, now: number): boolean {
    const sequence = ((packet[2] ?? 0) << 8) | (packet[3] ?? 0)
    this.#missing.delete(sequence)
    const ahead = this.#highest === null ? 1 : (sequence - this.#highest) & 0xffff
    if (ahead > 0 && ahead < 0x8000) {
      if (ahead > LONGEST_GAP) this.#missing.clear()
      else for (let i = 1; i < ahead; i += 1) this.#missing.set((sequence - i) & 0xffff, now + GIVEN_UP_MS)
      this.#highest = sequence
    }
    return this.#giveUp(now)
  }

  #giveUp(now: number): boolean {
    let lost = false
    for (const [sequence, until] of this.#missing) {
      if (until > now) continue
      this.#missing.delete(sequence)
      lost = true
    }
    return lost
  }
}
