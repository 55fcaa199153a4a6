/** The body of a "stream opened" record: what the RTP packets of that index are. */
import { ByteReader, ByteWriter } from './byte-cursor.ts'

const kinds = ['audio', 'video'] as const

export interface StreamDescription {
  /** The server's ids of who sends it and of the stream. */
  peer: string
  producer: string
  kind: (typeof kinds)[number]
  /** As in SDP: `video/VP8`. */
  mimeType: string
  clockRate: number
  /** 1 for video. */
  channels: number
  payloadType: number
  ssrc: number
  /** Anything else that whoever reads may want, as text of the recorder's own; empty where there is nothing. */
  detail: string
}

export function encodeStreamDescription(stream: StreamDescription): Uint8Array {
  return new ByteWriter()
    .text(stream.peer, 1)
    .text(stream.producer, 1)
    .uint(kinds.indexOf(stream.kind) + 1, 1)
    .text(stream.mimeType, 1)
    .uint(stream.clockRate, 4)
    .uint(stream.channels, 1)
    .uint(stream.payloadType, 1)
    .uint(stream.ssrc, 4)
    .text(stream.detail, 2)
    .done()
}

export function decodeStreamDescription(body: Uint8Array): StreamDescription | null {
  const reader = new ByteReader(body)
  const peer = reader.text(1)
  const producer = reader.text(1)
  const kind = kinds[reader.uint(1) - 1]
  const stream = {
    peer,
    producer,
    mimeType: reader.text(1),
    clockRate: reader.uint(4),
    channels: reader.uint(1),
    payloadType: reader.uint(1),
    ssrc: reader.uint(4),
    detail: reader.text(2),
  }
  return reader.finished && kind ? { ...stream, kind } : null
}
