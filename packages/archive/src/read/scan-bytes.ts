/**
 * Finds records in bytes that may be damaged: after a bad record it goes on at the next place where one begins. A place
 * counts only when its checksum is right; that a sender may have put such bytes into a packet on purpose is why records
 * of a damaged block are not called proven.
 */
import type { FoundRecord } from '../format/record.ts'
import { decodeRecordAt } from '../format/record.ts'

export interface ScannedDamage {
  at: 'damage'
  offset: number
  lengthBytes: number
}

export type Scanned = { at: 'record'; offset: number; record: FoundRecord } | ScannedDamage

/** Offsets are into `bytes`. What is behind the last record comes as damage as well. */
export function* scanBytes(bytes: Uint8Array, from = 0, end = bytes.length): Generator<Scanned> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = from
  while (at < end) {
    const record = decodeRecordAt(bytes, view, at, end)
    if (record) {
      yield { at: 'record', offset: at, record }
      at += record.size
      continue
    }
    let next = at + 1
    while (next < end && !decodeRecordAt(bytes, view, next, end)) next += 1
    yield { at: 'damage', offset: at, lengthBytes: next - at }
    at = next
  }
}
