/**
 * How much the recordings' directory may hold while a store of objects takes them over (REC24). When it is full because
 * the store does not answer, the recording pauses as `store-unreachable` and not as `disk-full`.
 */
import type { RecordingStore } from '@huisclos/archive'
import { StoreError } from '@huisclos/archive'
import type { Clock } from '../clock.ts'
import type { RecordingShelf } from './recording-shelf.ts'

export interface SpoolOptions {
  shelf: RecordingShelf
  clock: Clock
  /** 0: as much as the disk holds. */
  limitBytes: number
  /** What the writer keeps free for the end of a recording. */
  reserveBytes: number
  /** Whether the store of objects answers. */
  isReachable(): boolean
}

const MEASURED_FOR_MS = 1_000

export class Spool {
  readonly #options: SpoolOptions
  #usedBytes = 0
  #measuredAt = Number.NEGATIVE_INFINITY

  constructor(options: SpoolOptions) {
    this.#options = options
  }

  /** What may still come, as last measured. @throws the system's error */
  freeBytes(): number {
    const { shelf, limitBytes } = this.#options
    const disk = shelf.freeBytes()
    return limitBytes === 0 ? disk : Math.min(disk, Math.max(0, limitBytes - this.#usedBytes))
  }

  /** The same files, with what is left by these rules. */
  guard(store: RecordingStore): RecordingStore {
    return { ...store, freeBytes: () => this.#left(store) }
  }

  async #left(store: RecordingStore): Promise<number | null> {
    const { limitBytes, reserveBytes, isReachable } = this.#options
    const disk = await store.freeBytes()
    const ours = limitBytes === 0 ? null : Math.max(0, limitBytes - (await this.#used()))
    const left = ours === null ? disk : Math.min(ours, disk ?? ours)
    if (left !== null && left < reserveBytes && !isReachable()) throw new StoreError('store-failed')
    return left
  }

  async #used(): Promise<number> {
    const { shelf, clock } = this.#options
    if (clock.now() - this.#measuredAt >= MEASURED_FOR_MS) {
      this.#usedBytes = await shelf.spooledBytes()
      this.#measuredAt = clock.now()
    }
    return this.#usedBytes
  }
}
