/**
 * What a segment must repeat so that it can be read without those before it: the streams that are open and the envelopes
 * of the last two epochs (media of an epoch goes on arriving for a moment when the next one has begun).
 */
import { decodeEnvelopeRecord } from '../format/envelope-body.ts'
import type { RawRecord } from '../format/record.ts'
import { RecordType } from '../format/record.ts'

const EPOCHS_KEPT = 2

export class StandingRecords {
  readonly #streams = new Map<number, RawRecord>()
  readonly #envelopes = new Map<string, RawRecord[]>()

  note(record: RawRecord): void {
    if (record.type === RecordType.streamOpened) this.#streams.set(record.stream, record)
    else if (record.type === RecordType.streamClosed) this.#streams.delete(record.stream)
    else if (record.type === RecordType.envelope) this.#noteEnvelope(record)
  }

  /** As they stand at the beginning of a segment that is begun at `timeUs`. */
  repeatedAt(timeUs: number): RawRecord[] {
    const all = [...this.#streams.values(), ...[...this.#envelopes.values()].flat()]
    return all.map((record) => ({ ...record, timeUs, repeated: true }))
  }

  #noteEnvelope(record: RawRecord): void {
    const envelope = decodeEnvelopeRecord(record.body)
    if (!envelope) return
    const epoch = `${envelope.group} ${envelope.epoch}`
    this.#envelopes.set(epoch, [...(this.#envelopes.get(epoch) ?? []), record])
    const oldest = this.#envelopes.keys().next().value
    if (this.#envelopes.size > EPOCHS_KEPT && oldest !== undefined) this.#envelopes.delete(oldest)
  }
}
