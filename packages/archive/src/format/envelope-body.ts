/** The body of an "envelope" record: for which group and epoch, from whom, and sealed bytes that only vault opens. */
import { ByteReader, ByteWriter } from './byte-cursor.ts'

export interface EnvelopeRecord {
  /** The server's id of who sent it; who sealed it stands inside. */
  peer: string
  group: string
  epoch: number
  /** From 0 on: each sealer counts its envelopes of an epoch. */
  part: number
  sealed: Uint8Array
}

export function encodeEnvelopeRecord(envelope: EnvelopeRecord): Uint8Array {
  return new ByteWriter()
    .text(envelope.peer, 1)
    .text(envelope.group, 1)
    .uint64(envelope.epoch)
    .uint(envelope.part, 4)
    .raw(envelope.sealed)
    .done()
}

/** `sealed` is a view. */
export function decodeEnvelopeRecord(body: Uint8Array): EnvelopeRecord | null {
  const reader = new ByteReader(body)
  const envelope = {
    peer: reader.text(1),
    group: reader.text(1),
    epoch: reader.uint64(),
    part: reader.uint(4),
    sealed: reader.rest(),
  }
  return reader.finished ? envelope : null
}
