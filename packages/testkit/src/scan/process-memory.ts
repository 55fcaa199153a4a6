/**
 * What a process of one's own has in its memory, read while it runs (Linux): all that `gcore` would write down, by the
 * same door (/proc/PID/mem), but for pages of program files that nobody may write to. For scans that look for what a
 * server must not hold; regions that go meanwhile are passed over.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

const MOST_AT_ONCE = 64 * 1024 * 1024
/** Neighbouring pieces share so many bytes, so that nothing is cut in two. */
const OVERLAP_BYTES = 256

interface Region {
  readonly from: number
  readonly to: number
}

/** Lines are like `7f00a000-7f00b000 rw-p 00000000 00:00 0 [heap]`. */
export function ownRegions(maps: string): Region[] {
  return maps.split('\n').flatMap((line) => {
    const [, from, to, rights = '', inode] = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ (\d+)/.exec(line) ?? []
    // Code that was made at run time is in memory of no file that may not be written to.
    const isOwn = rights.startsWith('rw') || (rights.startsWith('r') && inode === '0')
    if (from === undefined || to === undefined || !isOwn) return []
    return [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }]
  })
}

/** @throws the system's error where the process is another's, or gone */
export function* memoryOf(pid: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    for (const { from, to } of ownRegions(readFileSync(`/proc/${pid}/maps`, 'utf8'))) {
      for (let at = from; at < to; at += MOST_AT_ONCE - OVERLAP_BYTES) {
        const piece = Buffer.alloc(Math.min(MOST_AT_ONCE, to - at))
        const length = readPiece(memory, piece, at)
        if (length > 0) yield piece.subarray(0, length)
        if (at + piece.length >= to) break
      }
    }
  } finally {
    closeSync(memory)
  }
}

function readPiece(memory: number, piece: Buffer, at: number): number {
  try {
    return readSync(memory, piece, 0, piece.length, at)
  } catch {
    // Never touched, or gone since the list was read.
    return 0
  }
}
