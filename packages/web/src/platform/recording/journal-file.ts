/**
 * A journal on its way to disk (LREC3): each record goes to the file at once, and to the disk itself twice a second.
 * Nothing is held here, so that neither memory grows nor much is lost.
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

  /** An empty file. Throws what the file throws. */
  constructor(file: SyncFile) {
    this.#file = file
    this.#append(JOURNAL_HEAD)
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Throws the browser's error where the disk is full; what was written before stays. */
  write(record: JournalRecord): void {
    this.#append(encodeRecord(record))
  }

  flush(): void {
    if (this.#flushedBytes === this.#sizeBytes) return
    this.#file.flush()
    this.#flushedBytes = this.#sizeBytes
  }

  close(): void {
    this.flush()
    this.#file.close()
  }

  #append(bytes: Uint8Array<ArrayBuffer>): void {
    const written = this.#file.write(bytes, { at: this.#sizeBytes })
    // A record that was cut is written over by the next one, or cut by the reader.
    if (written < bytes.length) throw new DOMException('not all was written', 'QuotaExceededError')
    this.#sizeBytes += bytes.length
  }
}
