/** The body of an "event" record: what happened to the recording itself, and above all what is not in it. */
import { ByteReader, ByteWriter } from './byte-cursor.ts'

/** Numbers of docs/recording.md; the place in the list is the number on the disk. */
const codes = [
  'paused',
  'resumed',
  'gap-disk-full',
  'gap-store-failed',
  'gap-crash',
  'gap-overload',
  'no-envelope',
  'stopped',
] as const
export type EventCode = (typeof codes)[number]

export interface RecordingEvent {
  code: EventCode
  /** The span it speaks of, microseconds since the recording's start. */
  fromUs: number
  toUs: number
  /** What was dropped in that span; null where nobody can know. */
  records: number | null
  bytes: number | null
  /** For people and logs; no personal data. */
  detail: string
}

const UNKNOWN = 0xffff_ffff

export function encodeEvent(event: RecordingEvent): Uint8Array {
  const count = (value: number | null): number => (value === null ? UNKNOWN : Math.min(value, UNKNOWN - 1))
  return new ByteWriter()
    .uint(codes.indexOf(event.code) + 1, 2)
    .uint64(event.fromUs)
    .uint64(event.toUs)
    .uint(count(event.records), 4)
    .uint(count(event.bytes), 4)
    .text(event.detail, 2)
    .done()
}

export function decodeEvent(body: Uint8Array): RecordingEvent | null {
  const reader = new ByteReader(body)
  const code = codes[reader.uint(2) - 1]
  const fromUs = reader.uint64()
  const toUs = reader.uint64()
  const [records, bytes] = [reader.uint(4), reader.uint(4)].map((value) => (value === UNKNOWN ? null : value))
  const detail = reader.text(2)
  if (!reader.finished || !code || records === undefined || bytes === undefined) return null
  return { code, fromUs, toUs, records, bytes, detail }
}
