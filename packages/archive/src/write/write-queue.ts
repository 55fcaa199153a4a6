/**
 * Brings pieces of segments to the store in order. A piece is let go only when it is on the disk: after a failed sync the
 * kernel may have dropped what was written, so it is written again.
 */
import { segmentName } from '../format/segment-header.ts'
import type { RecordingStore, StoreFile } from './recording-store.ts'
import type { Piece } from './segment-builder.ts'

export class WriteQueue {
  readonly #store: RecordingStore
  #pieces: Piece[] = []
  #bytes = 0
  #open: { segment: number; file: StoreFile } | null = null
  #syncs = 0

  constructor(store: RecordingStore) {
    this.#store = store
  }

  /** What is not on the disk yet. */
  get bytes(): number {
    return this.#bytes
  }

  get syncs(): number {
    return this.#syncs
  }

  push(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      this.#pieces.push(piece)
      this.#bytes += piece.bytes.length
    }
  }

  /** Throws a StoreError; may be called again after that. Not to be called twice at a time. */
  async drain(): Promise<void> {
    try {
      for (let first = this.#pieces[0]; first; first = this.#pieces[0]) await this.#writeFrom(first)
    } catch (error) {
      // The next attempt opens the file anew: a handle that failed once may go on failing.
      await this.close().catch(() => {})
      throw error
    }
  }

  async close(): Promise<void> {
    const file = this.#open?.file
    this.#open = null
    await file?.close()
  }

  async #writeFrom({ segment, offset }: Piece): Promise<void> {
    const end = this.#pieces.findIndex((piece) => piece.segment !== segment)
    const batch = this.#pieces.slice(0, end < 0 ? this.#pieces.length : end)
    const file = await this.#fileOf(segment)
    await file.write(
      offset,
      batch.map(({ bytes }) => bytes),
    )
    await file.sync()
    this.#syncs += 1
    this.#pieces.splice(0, batch.length)
    for (const { bytes } of batch) this.#bytes -= bytes.length
  }

  async #fileOf(segment: number): Promise<StoreFile> {
    if (this.#open?.segment === segment) return this.#open.file
    await this.close()
    const file = await this.#store.open(segmentName(segment))
    this.#open = { segment, file }
    return file
  }
}
