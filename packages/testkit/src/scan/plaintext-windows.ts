/** Every window of 16 bytes of known plaintext frames, to be looked for in packets (SEE1). */

export const WINDOW_BYTES = 16

export class PlaintextWindows {
  readonly #windows = new Set<string>()

  get size(): number {
    return this.#windows.size
  }

  add(frame: Uint8Array): void {
    const text = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('latin1')
    for (let at = 0; at + WINDOW_BYTES <= text.length; at++)
      this.#windows.add(text.slice(at, at + WINDOW_BYTES))
  }

  /** Whether any window of the bytes is one of a frame's. */
  isIn(bytes: Uint8Array): boolean {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    for (let at = 0; at + WINDOW_BYTES <= text.length; at++) {
      if (this.#windows.has(text.slice(at, at + WINDOW_BYTES))) return true
    }
    return false
  }
}
