/**
 * A journal on its way to disk (LREC3): what one batch of frames brings goes to the file in one piece, since each write
 * costs a browser far more than its bytes do, and to the disk itself twice a second. Nothing is held here beyond a batch,
 * so that neither memory grows nor much is lost.
 */
import type { JournalRecord } from './journal-record.ts'
import { encodeRecord, JOURNAL_HEAD } from './journal-record.ts'

/** The part of a `FileSystemSyncAccessHandle` that is used. */
export interface SyncFile {
  write(bytes: Uint8Array<ArrayBuffer>, at: { at: number }): number
  flush(): void
  close(): void
}

export class JournalFile {
  readonly #file: SyncFile
  #sizeBytes = 0
  #flushedBytes = 0
  #pending: Uint8Array<ArrayBuffer>[] = []

  /** An empty file. Throws what the file throws. */
  constructor(file: SyncFile) {
    this.#file = file
    this.#append(JOURNAL_HEAD)
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Not in the file before `commit`. */
  write(record: JournalRecord): void {
    this.#pending.push(encodeRecord(record))
  }

  /** Throws the browser's error where the disk is full; what was written before stays. */
  commit(): void {
    const pieces = this.#pending
    this.#pending = []
    if (pieces.length === 0) return
    const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    this.#append(bytes)
  }

  flush(): void {
    this.commit()
    if (this.#flushedBytes === this.#sizeBytes) return
    this.#file.flush()
    this.#flushedBytes = this.#sizeBytes
  }

  close(): void {
    try {
      this.flush()
    } finally {
      this.#file.close()
    }
  }

  #append(bytes: Uint8Array<ArrayBuffer>): void {
    const written = this.#file.write(bytes, { at: this.#sizeBytes })
    // A record that was cut is written over by the next one, or cut by the reader.
    if (written < bytes.length) throw new DOMException('not all was written', 'QuotaExceededError')
    this.#sizeBytes += bytes.length
  }
}
