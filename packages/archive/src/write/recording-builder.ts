/** Turns records into the bytes of a chain of segments, rotated by size and time, and into the statement at the end. Pure. */
import type { Ending, ManifestSegment, Statement } from '../format/manifest.ts'
import type { Sha256 } from '../format/merkle.ts'
import { HASH_BYTES } from '../format/merkle.ts'
import type { RawRecord } from '../format/record.ts'
import { RECORD_OVERHEAD } from '../format/record.ts'
import type { Piece } from './segment-builder.ts'
import { SegmentBuilder } from './segment-builder.ts'
import { StandingRecords } from './standing-records.ts'

export interface RotationLimits {
  /** A segment's size without its footer, under 4 GiB. */
  segmentBytes: number
  segmentUs: number
}

/** Keeps the footer small. */
const MAX_CONTROL_RECORDS = 100_000

export interface RecordingStart {
  recording: Uint8Array
  startedAtMs: number
  /** Segments that exist already, for a recording that goes on. */
  segments: readonly ManifestSegment[]
  /** When the first segment of this builder begins, microseconds since the recording's start. */
  openedUs: number
}

export class RecordingBuilder {
  readonly #sha256: Sha256
  readonly #limits: RotationLimits
  readonly #start: RecordingStart
  readonly #standing = new StandingRecords()
  readonly #segments: ManifestSegment[]
  #ready: Piece[] = []
  #segment: SegmentBuilder
  /** Records of this segment that are not repetitions: an empty segment is not rotated. */
  #own = 0

  constructor(sha256: Sha256, limits: RotationLimits, start: RecordingStart) {
    this.#sha256 = sha256
    this.#limits = limits
    this.#start = start
    this.#segments = [...start.segments]
    this.#segment = this.#begin(start.openedUs)
  }

  get lastUs(): number {
    return this.#segment.lastUs
  }

  get segmentNumber(): number {
    return this.#segment.header.number
  }

  add(record: RawRecord): void {
    const { sizeBytes, header, controlRecords } = this.#segment
    const full =
      sizeBytes + RECORD_OVERHEAD + record.body.length > this.#limits.segmentBytes ||
      record.timeUs - header.openedUs >= this.#limits.segmentUs ||
      controlRecords >= MAX_CONTROL_RECORDS
    if (full && this.#own > 0) this.#rotate(record.timeUs)
    this.#own += 1
    this.#standing.note(record)
    this.#segment.add(record)
  }

  /** What is to be written now, in this order. */
  take(): Piece[] {
    const pieces = [...this.#ready, ...this.#segment.take()]
    this.#ready = []
    return pieces
  }

  /** Ends the last segment. The builder takes nothing after that; `take` gives the rest. */
  finish(ended: Ending): Statement {
    this.#segments.push(this.#segment.finish())
    const { recording, startedAtMs } = this.#start
    return { recording, startedAtMs, ended, segments: this.#segments }
  }

  #rotate(timeUs: number): void {
    this.#segments.push(this.#segment.finish())
    this.#ready.push(...this.#segment.take())
    this.#segment = this.#begin(timeUs)
    for (const record of this.#standing.repeatedAt(timeUs)) this.#segment.add(record)
    this.#own = 0
  }

  #begin(openedUs: number): SegmentBuilder {
    const { recording, startedAtMs } = this.#start
    const last = this.#segments.at(-1)
    return new SegmentBuilder(this.#sha256, {
      recording,
      number: (last?.number ?? 0) + 1,
      startedAtMs,
      openedUs,
      previousHash: last?.hash ?? new Uint8Array(HASH_BYTES),
    })
  }
}
