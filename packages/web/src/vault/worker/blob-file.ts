/**
 * A file that is written in pieces and never lies on the disk by our doing: pieces are blobs, which the browser keeps in
 * memory, or in files of its own that go with the page.
 */

/** As mediabunny writes: bytes at a position, mostly in order. */
export interface PositionedChunk {
  type: 'write'
  data: Uint8Array<ArrayBuffer>
  position: number
}

export class BlobFile {
  #parts: Blob[] = []
  #sizeBytes = 0

  get writable(): WritableStream<PositionedChunk> {
    return new WritableStream({ write: ({ data, position }) => this.write(data, position) })
  }

  write(data: Uint8Array<ArrayBuffer>, position: number): void {
    if (data.length === 0) return
    if (position > this.#sizeBytes) this.write(new Uint8Array(position - this.#sizeBytes), this.#sizeBytes)
    if (position === this.#sizeBytes) this.#parts.push(new Blob([data]))
    else {
      const whole = new Blob(this.#parts)
      this.#parts = [whole.slice(0, position), new Blob([data]), whole.slice(position + data.length)]
    }
    this.#sizeBytes = Math.max(this.#sizeBytes, position + data.length)
  }

  blob(type: string): Blob {
    return new Blob(this.#parts, { type })
  }
}
