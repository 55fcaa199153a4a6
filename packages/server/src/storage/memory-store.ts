/** The default `Store`: a Map. Nothing reaches the disk; after a restart the host's browser brings rooms back (SIG8). */
import type { RoomId } from '@huisclos/protocol'
import type { RoomRecord, Store } from './store.ts'

export function createMemoryStore(): Store {
  const records = new Map<RoomId, RoomRecord>()
  return {
    async get(room, now) {
      const record = records.get(room)
      if (record === undefined) return null
      if (record.expiresAt > now) return record
      records.delete(room)
      return null
    },
    async put(record) {
      records.set(record.room, record)
    },
    async count() {
      return records.size
    },
    async removeExpired(now) {
      for (const [room, record] of records) if (record.expiresAt <= now) records.delete(room)
    },
    async close() {
      records.clear()
    },
  }
}
