/**
 * Writing and reading the fields of docs/recording.md: big-endian integers, texts and bytes with their length ahead.
 * The reader never throws: what does not fit makes it `failed`, and everything it then answers is empty.
 */
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const TWO_32 = 2 ** 32

export class ByteWriter {
  readonly #parts: Uint8Array[] = []

  uint(value: number, bytes: 1 | 2 | 4): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * bytes)) throw new RangeError('integer')
    const part = new Uint8Array(bytes)
    for (let at = bytes - 1, rest = value; at >= 0; at -= 1, rest = Math.floor(rest / 256))
      part[at] = rest & 0xff
    return this.raw(part)
  }

  /** An integer below 2^53 in eight bytes. */
  uint64(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('integer')
    return this.uint(Math.floor(value / TWO_32), 4).uint(value % TWO_32, 4)
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes)
    return this
  }

  /** The length in `lengthBytes` bytes, then the bytes. */
  sized(bytes: Uint8Array, lengthBytes: 1 | 2 | 4): this {
    return this.uint(bytes.length, lengthBytes).raw(bytes)
  }

  text(text: string, lengthBytes: 1 | 2): this {
    return this.sized(encoder.encode(text), lengthBytes)
  }

  done(): Uint8Array {
    const out = new Uint8Array(this.#parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of this.#parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0
  #failed = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get failed(): boolean {
    return this.#failed
  }

  /** Everything was read, and nothing was missing. */
  get finished(): boolean {
    return !this.#failed && this.#at === this.#bytes.length
  }

  uint(bytes: 1 | 2 | 4): number {
    let value = 0
    for (const byte of this.raw(bytes)) value = value * 256 + byte
    return value
  }

  /** Fails from 2^53 on. */
  uint64(): number {
    const value = this.uint(4) * TWO_32 + this.uint(4)
    if (Number.isSafeInteger(value)) return value
    this.#failed = true
    return 0
  }

  /** A view. */
  raw(bytes: number): Uint8Array {
    if (this.#failed || this.#at + bytes > this.#bytes.length) {
      this.#failed = true
      return new Uint8Array()
    }
    this.#at += bytes
    return this.#bytes.subarray(this.#at - bytes, this.#at)
  }

  /** A view. */
  sized(lengthBytes: 1 | 2 | 4): Uint8Array {
    return this.raw(this.uint(lengthBytes))
  }

  rest(): Uint8Array {
    return this.raw(this.#bytes.length - this.#at)
  }

  text(lengthBytes: 1 | 2): string {
    try {
      return decoder.decode(this.sized(lengthBytes))
    } catch {
      this.#failed = true
      return ''
    }
  }
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
