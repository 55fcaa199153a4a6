/** Records as a reader gives them out: bodies decoded, with the place they were found at and what vouches for them. */
import type { EnvelopeRecord } from '../format/envelope-body.ts'
import { decodeEnvelopeRecord } from '../format/envelope-body.ts'
import type { RecordingEvent } from '../format/event-body.ts'
import { decodeEvent } from '../format/event-body.ts'
import type { RawRecord } from '../format/record.ts'
import { RecordType } from '../format/record.ts'
import type { StreamDescription } from '../format/stream-body.ts'
import { decodeStreamDescription } from '../format/stream-body.ts'

/**
 * `manifest`: it belongs to a segment whose hash the manifest names. `segment`: its block is as its segment's footer says,
 * and no manifest speaks of it. `checksum`: its own checksum is right and nothing more; bytes that a sender put into a
 * packet on purpose may look so where the file is damaged.
 */
export type Proof = 'manifest' | 'segment' | 'checksum'

/** Packets and sealed bytes are views: copy what is kept. */
export type RecordContent =
  | { type: 'rtp'; stream: number; packet: Uint8Array }
  | { type: 'rtcp'; stream: number; packet: Uint8Array }
  | { type: 'stream-opened'; stream: number; description: StreamDescription }
  | { type: 'stream-closed'; stream: number }
  | { type: 'envelope'; envelope: EnvelopeRecord }
  | { type: 'event'; event: RecordingEvent }
  /** Of a later version of the writer. */
  | { type: 'unknown'; code: number; body: Uint8Array }

export type ArchiveRecord = RecordContent & {
  /** Microseconds since the recording's start. */
  timeUs: number
  /** Stands in an earlier segment already, where that is still there. */
  repeated: boolean
  proof: Proof
  segment: number
  /** Where it lies in its segment's file. */
  offset: number
}

/** Null where the body is not what its type says. */
export function decodeContent({ type, stream, body }: RawRecord): RecordContent | null {
  switch (type) {
    case RecordType.rtp:
      return { type: 'rtp', stream, packet: body }
    case RecordType.rtcp:
      return { type: 'rtcp', stream, packet: body }
    case RecordType.streamOpened: {
      const description = decodeStreamDescription(body)
      return description && { type: 'stream-opened', stream, description }
    }
    case RecordType.streamClosed:
      return { type: 'stream-closed', stream }
    case RecordType.envelope: {
      const envelope = decodeEnvelopeRecord(body)
      return envelope && { type: 'envelope', envelope }
    }
    case RecordType.event: {
      const event = decodeEvent(body)
      return event && { type: 'event', event }
    }
    default:
      return { type: 'unknown', code: type, body }
  }
}
