/** What a segment begins with (docs/recording.md, "Segment header"), and the names of segments' files. */
import { ByteReader, ByteWriter, equalBytes } from './byte-cursor.ts'
import { crc32c } from './crc32c.ts'
import { HASH_BYTES } from './merkle.ts'

export const FORMAT_VERSION = 1
export const RECORDING_ID_BYTES = 16
export const SEGMENT_HEADER_BYTES = 84

/** As PNG's: a first byte beyond ASCII, and line ends that a transfer in text mode would break. */
const MAGIC = Uint8Array.of(0x89, 0x48, 0x43, 0x53, 0x0d, 0x0a, 0x1a, 0x0a)

export interface SegmentHeader {
  recording: Uint8Array
  /** From 1 on. */
  number: number
  /** Unix milliseconds of the recording's start, the same in each segment. */
  startedAtMs: number
  /** Microseconds since the recording's start at which the segment was begun. */
  openedUs: number
  /** Zeros in the first. */
  previousHash: Uint8Array
}

export const segmentName = (number: number): string => `${String(number).padStart(6, '0')}.hcs`

/** The number in a segment's name; null for other names. */
export function segmentNumber(name: string): number | null {
  const digits = /^(\d{6})\.hcs$/.exec(name)?.[1]
  return digits === undefined || digits === '000000' ? null : Number(digits)
}

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const fields = new ByteWriter()
    .raw(MAGIC)
    .uint(FORMAT_VERSION, 2)
    .uint(SEGMENT_HEADER_BYTES, 2)
    .raw(header.recording)
    .uint(header.number, 4)
    .uint64(header.startedAtMs)
    .uint64(header.openedUs)
    .raw(header.previousHash)
    .done()
  return new ByteWriter().raw(fields).uint(crc32c(fields), 4).done()
}

export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | null {
  if (bytes.length < SEGMENT_HEADER_BYTES) return null
  const reader = new ByteReader(bytes.subarray(0, SEGMENT_HEADER_BYTES))
  if (!equalBytes(reader.raw(MAGIC.length), MAGIC)) return null
  if (reader.uint(2) !== FORMAT_VERSION || reader.uint(2) !== SEGMENT_HEADER_BYTES) return null
  const header = {
    recording: reader.raw(RECORDING_ID_BYTES).slice(),
    number: reader.uint(4),
    startedAtMs: reader.uint64(),
    openedUs: reader.uint64(),
    previousHash: reader.raw(HASH_BYTES).slice(),
  }
  const whole = reader.uint(4) === crc32c(bytes, 0, SEGMENT_HEADER_BYTES - 4)
  return whole && reader.finished && header.number > 0 ? header : null
}
