/**
 * Looks for any 16 bytes in a row of known plaintext frames (SEE1). Frames are indexed by every eighth block of eight
 * bytes: whatever 16 bytes of a frame there are, one such block lies within them, and from it the match is grown.
 */

const WINDOW_BYTES = 16
const BLOCK_BYTES = WINDOW_BYTES / 2
/** Blocks that recur, such as zeros, are looked up in a few frames only. */
const MAX_PLACES = 8

interface Place {
  readonly frame: string
  readonly at: number
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

export class PlaintextWindows {
  readonly #places = new Map<string, Place[]>()
  #bytes = 0

  /** Bytes of frames looked for. */
  get bytes(): number {
    return this.#bytes
  }

  add(bytes: Uint8Array): void {
    const frame = textOf(bytes)
    this.#bytes += frame.length
    for (let at = 0; at + BLOCK_BYTES <= frame.length; at += BLOCK_BYTES) {
      const block = frame.slice(at, at + BLOCK_BYTES)
      const places = this.#places.get(block)
      if (!places) this.#places.set(block, [{ frame, at }])
      else if (places.length < MAX_PLACES) places.push({ frame, at })
    }
  }

  /** Whether 16 bytes in a row are a frame's. */
  isIn(bytes: Uint8Array): boolean {
    const text = textOf(bytes)
    for (let at = 0; at + BLOCK_BYTES <= text.length; at++) {
      const places = this.#places.get(text.slice(at, at + BLOCK_BYTES))
      if (places?.some((place) => matchLength(text, at, place) >= WINDOW_BYTES)) return true
    }
    return false
  }
}

function matchLength(text: string, at: number, place: Place): number {
  let before = 0
  while (before < BLOCK_BYTES && before < at && before < place.at) {
    if (text[at - before - 1] !== place.frame[place.at - before - 1]) break
    before++
  }
  let after = BLOCK_BYTES
  while (before + after < WINDOW_BYTES && at + after < text.length) {
    if (text[at + after] !== place.frame[place.at + after]) break
    after++
  }
  return before + after
}
