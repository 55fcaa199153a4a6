/**
 * The ports to where a recording's files lie. Reading needs `RecordingSource` alone, so that a browser can open files that
 * someone dropped; adapters: node/folder-store.ts, read/memory-source.ts.
 */

export interface StoredFile {
  name: string
  sizeBytes: number
}

export interface RecordingSource {
  /** All files of this recording, in any order. */
  list(): Promise<StoredFile[]>
  /** Up to `lengthBytes` bytes from `offset` on; fewer only where the file ends. */
  read(name: string, offset: number, lengthBytes: number): Promise<Uint8Array>
}

/** One file while it grows. */
export interface StoreFile {
  /** Writes the pieces one behind the other from `offset` on. After a failure the same call may be made again. */
  write(offset: number, pieces: readonly Uint8Array[]): Promise<void>
  /** Resolves once everything written is on the disk, and the file's name as well. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Whatever fails throws a StoreError. */
export interface RecordingStore extends RecordingSource {
  /** Opens a file to write in it, and makes it where there is none. */
  open(name: string): Promise<StoreFile>
  truncate(name: string, sizeBytes: number): Promise<void>
  /** The whole file at once: after a crash it is the old one or the new one. On the disk when it resolves. */
  replace(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
  /** What is left on the disk; null where that cannot be known. */
  freeBytes(): Promise<number | null>
}

export type StoreFault = 'disk-full' | 'store-failed'

export class StoreError extends Error {
  readonly code: StoreFault
  constructor(code: StoreFault, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}
