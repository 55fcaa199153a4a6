/**
 * The journal that a recording on this computer is written to while it runs (LREC3): append-only, so that whatever
 * ends the page leaves all but its tail. A file is the head, then records; each is
 * size of payload u32 · kind u8 · flags u8 · track u16 · run u16 · time f64 (ms) · RTP time u32 · payload · CRC-32 u32,
 * all big-endian. Clear media of this person's own computer: it never leaves it except where the person saves it.
 */
import { crc32 } from './crc32.ts'

/** "HCLR" and the version. */
export const JOURNAL_HEAD = Uint8Array.of(0x48, 0x43, 0x4c, 0x52, 1)

const FIXED_BYTES = 22
const CRC_BYTES = 4
/** A key frame of a shared 4K screen stays far under this; whatever says more is damage. */
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024
const KEY_FLAG = 1

const KINDS = { facts: 1, track: 2, frame: 3, mark: 4 } as const
export type RecordKind = keyof typeof KINDS

export interface JournalRecord {
  readonly kind: RecordKind
  /** Frames only: decodable without any before it. */
  readonly key: boolean
  /** Which track of the file; 0 for records about all. */
  readonly track: number
  /** Frames of one run share one RTP clock; each source's first run is 0. */
  readonly run: number
  /** When it came, in ms since the beginning, pauses left out. */
  readonly at: number
  readonly rtp: number
  readonly payload: Uint8Array
}

const KIND_OF: ReadonlyMap<number, RecordKind> = new Map(
  Object.entries(KINDS).map(([kind, code]) => [code, kind as RecordKind]),
)

/** Throws a `RangeError` for a payload that no reader would take. */
export function encodeRecord(record: JournalRecord): Uint8Array<ArrayBuffer> {
  const { kind, key, track, run, at, rtp, payload } = record
  if (payload.length > MAX_PAYLOAD_BYTES) throw new RangeError('record too large')
  const bytes = new Uint8Array(FIXED_BYTES + payload.length + CRC_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, payload.length)
  view.setUint8(4, KINDS[kind])
  view.setUint8(5, key ? KEY_FLAG : 0)
  view.setUint16(6, track)
  view.setUint16(8, run)
  view.setFloat64(10, at)
  view.setUint32(18, rtp)
  bytes.set(payload, FIXED_BYTES)
  view.setUint32(bytes.length - CRC_BYTES, crc32(bytes.subarray(0, -CRC_BYTES)))
  return bytes
}

export type ReadRecord =
  | { readonly ok: true; readonly record: JournalRecord; readonly sizeBytes: number }
  /** `short`: it takes at least so many bytes to tell. */
  | { readonly ok: false; readonly why: 'short'; readonly needBytes: number }
  | { readonly ok: false; readonly why: 'damaged' }

/** Reads the record at the start of `bytes`; its payload is a view of them. */
export function decodeRecord(bytes: Uint8Array): ReadRecord {
  if (bytes.length < FIXED_BYTES) return { ok: false, why: 'short', needBytes: FIXED_BYTES }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const payloadBytes = view.getUint32(0)
  const kind = KIND_OF.get(view.getUint8(4))
  const flags = view.getUint8(5)
  if (payloadBytes > MAX_PAYLOAD_BYTES || !kind || flags > KEY_FLAG) return { ok: false, why: 'damaged' }
  const sizeBytes = FIXED_BYTES + payloadBytes + CRC_BYTES
  if (bytes.length < sizeBytes) return { ok: false, why: 'short', needBytes: sizeBytes }
  const body = bytes.subarray(0, sizeBytes - CRC_BYTES)
  const at = view.getFloat64(10)
  if (crc32(body) !== view.getUint32(sizeBytes - CRC_BYTES) || !Number.isFinite(at))
    return { ok: false, why: 'damaged' }
  const record: JournalRecord = {
    kind,
    key: flags === KEY_FLAG,
    track: view.getUint16(6),
    run: view.getUint16(8),
    at,
    rtp: view.getUint32(18),
    payload: body.subarray(FIXED_BYTES),
  }
  return { ok: true, record, sizeBytes }
}
