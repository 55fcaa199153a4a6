/** A recording's files in memory: for tests, and for files that a browser has read. */
import type { RecordingStore, StoredFile, StoreFile } from './recording-store.ts'
import { StoreError } from './recording-store.ts'

export class MemoryStore implements RecordingStore {
  readonly files: Map<string, Uint8Array>

  constructor(files: Iterable<readonly [string, Uint8Array]> = []) {
    this.files = new Map(files)
  }

  async list(): Promise<StoredFile[]> {
    return [...this.files].map(([name, { length }]) => ({ name, sizeBytes: length }))
  }

  async read(name: string, offset: number, lengthBytes: number): Promise<Uint8Array> {
    return this.#file(name).subarray(offset, offset + lengthBytes)
  }

  async open(name: string): Promise<StoreFile> {
    if (!this.files.has(name)) this.files.set(name, new Uint8Array())
    return {
      write: async (offset, pieces) => this.#write(name, offset, pieces),
      sync: async () => {},
      close: async () => {},
    }
  }

  async truncate(name: string, sizeBytes: number): Promise<void> {
    this.files.set(name, this.#file(name).slice(0, sizeBytes))
  }

  async replace(name: string, bytes: Uint8Array): Promise<void> {
    this.files.set(name, bytes.slice())
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name)
  }

  async freeBytes(): Promise<number | null> {
    return null
  }

  #file(name: string): Uint8Array {
    const file = this.files.get(name)
    if (!file) throw new StoreError('store-failed')
    return file
  }

  #write(name: string, offset: number, pieces: readonly Uint8Array[]): void {
    const before = this.#file(name)
    const end = pieces.reduce((sum, { length }) => sum + length, offset)
    const after = new Uint8Array(Math.max(before.length, end))
    after.set(before)
    let at = offset
    for (const piece of pieces) {
      after.set(piece, at)
      at += piece.length
    }
    this.files.set(name, after)
  }
}
