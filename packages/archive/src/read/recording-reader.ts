/**
 * Reads a recording: verifies its chain, checksums, Merkle roots and manifest, gives out everything that is still good,
 * and reports the rest. Streams: never more of a file in memory than a block. Opens nothing: packets and envelopes come as
 * the ciphertext they are. Whose signature the manifest carries is for the caller to check.
 */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import type { Sha256 } from '../format/merkle.ts'
import type { RecordingSource } from '../write/recording-store.ts'
import type { ArchiveRecord } from './archive-record.ts'
import type { Damage } from './damage.ts'
import { DamageList } from './damage.ts'
import type { ReadManifest, RecordingSurvey } from './recording-survey.ts'
import { listedIn, surveyRecording } from './recording-survey.ts'
import type { ReadRange } from './segment-records.ts'
import { SegmentRecords } from './segment-records.ts'

export interface ReadSegment {
  number: number
  name: string
  sizeBytes: number
  /** Null where neither header nor manifest can be read. */
  openedUs: number | null
  /** Null where the segment has no footer, because it is damaged or still being written. */
  lastUs: number | null
}

export class RecordingReader {
  readonly #source: RecordingSource
  readonly #sha256: Sha256
  readonly #damage: DamageList
  readonly #survey: RecordingSurvey

  private constructor(source: RecordingSource, sha256: Sha256, damage: DamageList, survey: RecordingSurvey) {
    this.#source = source
    this.#sha256 = sha256
    this.#damage = damage
    this.#survey = survey
  }

  /** @param sha256 Node's own, where there is one, is some times faster */
  static async open(source: RecordingSource, sha256: Sha256 = nobleSha256): Promise<RecordingReader> {
    const damage = new DamageList()
    return new RecordingReader(source, sha256, damage, await surveyRecording(source, sha256, damage))
  }

  /** Null when it is missing or damaged. The signature is empty until a host's client has signed. */
  get manifest(): ReadManifest | null {
    return this.#survey.manifest
  }

  /** 16 bytes; null when nothing of the recording can be read. */
  get recording(): Uint8Array | null {
    return this.#survey.recording
  }

  /** Unix milliseconds. */
  get startedAtMs(): number | null {
    return this.#survey.startedAtMs
  }

  get segments(): ReadSegment[] {
    return this.#survey.segments.map((segment) => ({
      number: segment.number,
      name: segment.name,
      sizeBytes: segment.sizeBytes,
      openedUs: segment.header?.openedUs ?? null,
      lastUs: segment.end?.lastUs ?? null,
    }))
  }

  /** What was found so far: all of it once `records()` was read to its end without a range. */
  get damage(): Damage[] {
    return this.#damage.all
  }

  /**
   * In order of arrival. Without `fromUs` everything; with it, first what that span's segment says of streams, envelopes
   * and events before it.
   */
  async *records(range: ReadRange = {}): AsyncGenerator<ArchiveRecord> {
    const { segments, manifest } = this.#survey
    for (const [at, segment] of segments.entries()) {
      const next = segments[at + 1]
      if (next?.header && next.header.openedUs < (range.fromUs ?? 0)) continue
      if ((segment.header?.openedUs ?? 0) > (range.toUs ?? Infinity)) return
      const follows = next?.number === segment.number + 1 ? next : null
      const listed = listedIn(manifest, segment.number)
      const context = {
        source: this.#source,
        sha256: this.#sha256,
        damage: this.#damage,
        listed,
        unlisted: manifest !== null && listed === null,
        nextSays: follows?.header?.previousHash ?? null,
      }
      yield* new SegmentRecords(segment, context).read(range)
    }
  }
}
