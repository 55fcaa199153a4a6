/**
 * Which key opens a frame, and who sent it [REC2] [FRM5]: what the envelopes of a recording said, by producer and key id.
 * A key serves the producer that its envelope names and no other, so no stream can pass for another's.
 */
import type { Bytes } from '@huisclos/crypto/bytes'
import { equal } from '@huisclos/crypto/bytes'
import type { EnvelopeContent, SealedStream } from '@huisclos/crypto/seal'
import { importStreamKey } from '@huisclos/crypto/seal'
import type { SframeKey } from '@huisclos/crypto/sframe'
import { encodeKid, ReplayWindow } from '@huisclos/crypto/sframe'

/** The sender as the sealer's roster names it. */
export interface Person {
  /** Random, of this meeting only. */
  pseudonym: string
  name: string
}

export interface StreamKeyEntry {
  person: Person
  sealed: SealedStream
  epoch: number
  fromUs: number
  window: ReplayWindow
  key(): Promise<SframeKey>
}

/** An envelope may come this long after the first frames that it opens. */
const LATE_US = 60_000_000

export class StreamKeys {
  readonly #byKid = new Map<string, StreamKeyEntry[]>()
  readonly #byProducer = new Map<string, StreamKeyEntry>()
  readonly people = new Map<string, Person>()

  add(content: EnvelopeContent, timeUs: number): void {
    const members = new Map(content.roster.map((member) => [member.leaf, member]))
    for (const { pseudonym, name } of content.roster) this.people.set(pseudonym, { pseudonym, name })
    for (const sealed of content.keys) {
      const member = members.get(sealed.leaf)
      if (!member) continue
      const { leaf, stream } = sealed
      const name = place(sealed.producer, encodeKid({ leaf, stream, epoch: content.epoch }))
      const entries = this.#byKid.get(name) ?? []
      const known = entries.some(
        ({ epoch, sealed: other }) => epoch === content.epoch && sameKey(other, sealed),
      )
      if (known) continue
      entries.push(entryOf(sealed, content.epoch, timeUs, { pseudonym: member.pseudonym, name: member.name }))
      this.#byKid.set(name, entries)
      this.#byProducer.set(sealed.producer, entries.at(-1) as StreamKeyEntry)
    }
  }

  /** The keys that a frame may have been sealed with: one, but where sealers differ or 256 epochs lie between. */
  find(producer: string, kid: bigint, timeUs: number): StreamKeyEntry[] {
    const entries = this.#byKid.get(place(producer, kid)) ?? []
    return entries.filter(({ fromUs }) => fromUs <= timeUs + LATE_US).toReversed()
  }

  /** Who sends a producer and what it is; undefined where no envelope speaks of it. */
  ownerOf(producer: string): StreamKeyEntry | undefined {
    return this.#byProducer.get(producer)
  }
}

export function sameKey(a: { key: Bytes; salt: Bytes }, b: { key: Bytes; salt: Bytes }): boolean {
  return equal(a.key, b.key) && equal(a.salt, b.salt)
}

function place(producer: string, kid: bigint): string {
  return `${kid} ${producer}`
}

function entryOf(sealed: SealedStream, epoch: number, fromUs: number, person: Person): StreamKeyEntry {
  let imported: Promise<SframeKey> | undefined
  return {
    person,
    sealed,
    epoch,
    fromUs,
    window: new ReplayWindow(),
    key: () => (imported ??= importStreamKey(sealed, epoch)),
  }
}
