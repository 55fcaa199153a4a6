/** A store in memory that takes nothing while a test says so, or takes its time. */
import { MemoryStore } from '../write/memory-store.ts'
import type { StoreFault, StoreFile } from '../write/recording-store.ts'
import { StoreError } from '../write/recording-store.ts'

export class FailingStore extends MemoryStore {
  fault: StoreFault | null = null
  /** Where set, only syncs fail: the bytes are taken, and then nobody knows whether they are on the disk. */
  onSyncOnly = false
  /** Where set, writing waits for it. */
  slow: Promise<void> | null = null
  free: number | null = null

  override async open(name: string): Promise<StoreFile> {
    const file = await super.open(name)
    const check = (sync: boolean): void => {
      if (this.fault && (sync || !this.onSyncOnly)) throw new StoreError(this.fault)
    }
    return {
      write: async (offset, pieces) => {
        await this.slow
        check(false)
        await file.write(offset, pieces)
      },
      sync: async () => check(true),
      close: async () => {},
    }
  }

  override async replace(name: string, bytes: Uint8Array): Promise<void> {
    if (this.fault) throw new StoreError(this.fault)
    await super.replace(name, bytes)
  }

  override async freeBytes(): Promise<number | null> {
    return this.free
  }
}
