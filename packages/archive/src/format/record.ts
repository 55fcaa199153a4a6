/**
 * One record of a segment (docs/recording.md, "Records"): kind, stream, time of arrival, body, checksum. Knows nothing of
 * what a body means.
 */
import { crc32c } from './crc32c.ts'

export const RecordType = {
  rtp: 1,
  rtcp: 2,
  streamOpened: 3,
  streamClosed: 4,
  envelope: 5,
  event: 6,
} as const

/** Types above are left to later versions of the writer; a reader checks such records and passes over them. */
export interface RawRecord {
  type: number
  /** It was written in an earlier segment already and stands here so that this one can be read alone. */
  repeated: boolean
  /** 0 for records that belong to no stream. */
  stream: number
  /** Microseconds since the recording's start. */
  timeUs: number
  body: Uint8Array
}

export const RECORD_OVERHEAD = 20
const HEADER_BYTES = 16
export const MAX_BODY_BYTES = 128 * 1024
export const MAX_RECORD_BYTES = MAX_BODY_BYTES + RECORD_OVERHEAD
/** Media makes up nearly all of a recording; everything else is what one needs to know in order to read it. */
export const isMedia = (type: number): boolean => type === RecordType.rtp || type === RecordType.rtcp

const TWO_32 = 2 ** 32

/** Writes into `out` at `at`, where there must be room; answers the offset behind it. */
export function writeRecord(out: Uint8Array, view: DataView, at: number, record: RawRecord): number {
  const { body, timeUs } = record
  const end = at + HEADER_BYTES + body.length
  view.setUint8(at, record.type)
  view.setUint8(at + 1, record.repeated ? 1 : 0)
  view.setUint16(at + 2, record.stream)
  view.setUint32(at + 4, body.length)
  view.setUint32(at + 8, Math.floor(timeUs / TWO_32))
  view.setUint32(at + 12, timeUs % TWO_32)
  out.set(body, at + HEADER_BYTES)
  view.setUint32(end, crc32c(out, at, end))
  return end + 4
}

export function encodeRecord(record: RawRecord): Uint8Array {
  const out = new Uint8Array(RECORD_OVERHEAD + record.body.length)
  writeRecord(out, new DataView(out.buffer), 0, record)
  return out
}

/** The size that a record at `at` says it has; null where no record can begin. */
function claimedSize(bytes: Uint8Array, view: DataView, at: number, end: number): number | null {
  if (at + RECORD_OVERHEAD > end || bytes[at] === 0 || (bytes[at + 1] as number) > 1) return null
  const length = view.getUint32(at + 4)
  // Times stay below 2^53 µs.
  if (length > MAX_BODY_BYTES || view.getUint32(at + 8) >= 2 ** 21) return null
  const size = RECORD_OVERHEAD + length
  return at + size > end ? null : size
}

/** A record where it was found; the body is a view. */
export type FoundRecord = RawRecord & { size: number }

/** The record that begins at `at` and ends by `end`; null for anything else. `view` is over the same bytes. */
export function decodeRecordAt(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
): FoundRecord | null {
  const size = claimedSize(bytes, view, at, end)
  if (size === null) return null
  const checked = at + size - 4
  if (crc32c(bytes, at, checked) !== view.getUint32(checked)) return null
  return {
    type: bytes[at] as number,
    repeated: bytes[at + 1] === 1,
    stream: view.getUint16(at + 2),
    timeUs: view.getUint32(at + 8) * TWO_32 + view.getUint32(at + 12),
    body: bytes.subarray(at + HEADER_BYTES, checked),
    size,
  }
}

/** One record and nothing else; null for anything else. */
export function decodeRecord(bytes: Uint8Array): RawRecord | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = decodeRecordAt(bytes, view, 0, bytes.length)
  if (found?.size !== bytes.length) return null
  const { size: _, ...record } = found
  return record
}
