/** Finds the records of a segment that has no footer, without holding more than a few hundred kilobytes of it. */
import { MAX_RECORD_BYTES } from '../format/record.ts'
import type { RecordingSource } from '../write/recording-store.ts'
import type { Scanned, ScannedDamage } from './scan-bytes.ts'
import { scanBytes } from './scan-bytes.ts'

const CHUNK_BYTES = 512 * 1024

export interface FileSpan {
  name: string
  from: number
  end: number
}

const joined = (before: ScannedDamage | null, found: ScannedDamage): ScannedDamage =>
  before ? { ...before, lengthBytes: before.lengthBytes + found.lengthBytes } : found

/** Offsets are into the file; neighbouring damage comes as one. */
export async function* scanFile(
  source: RecordingSource,
  { name, from, end }: FileSpan,
): AsyncGenerator<Scanned> {
  let damage: ScannedDamage | null = null
  let at = from
  while (at < end) {
    const window = await source.read(name, at, Math.min(CHUNK_BYTES + MAX_RECORD_BYTES, end - at))
    // The file became shorter while it was read.
    if (window.length === 0) break
    const last = at + window.length >= end
    // A record that begins in the last part might end beyond the window: it is the next window's.
    const stop = last ? window.length : Math.max(1, window.length - MAX_RECORD_BYTES)
    let done = 0
    for (const found of scanBytes(window)) {
      if (found.offset >= stop) break
      if (found.at === 'record') {
        if (damage) yield damage
        damage = null
        done = found.offset + found.record.size
        yield { ...found, offset: at + found.offset }
      } else {
        done = Math.min(found.offset + found.lengthBytes, stop)
        damage = joined(damage, { ...found, offset: at + found.offset, lengthBytes: done - found.offset })
      }
    }
    at += done
  }
  if (damage) yield damage
}
