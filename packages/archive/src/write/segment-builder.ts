/**
 * Turns records into the bytes of one segment: header, records in blocks, footer. Pure: bytes leave by `take`. The same
 * records give the same bytes, so recovery and readers rebuild a footer that is missing.
 */
import type { ManifestSegment } from '../format/manifest.ts'
import type { Sha256 } from '../format/merkle.ts'
import { LEAF_PREFIX, merkleRoot } from '../format/merkle.ts'
import type { RawRecord } from '../format/record.ts'
import { isMedia, RECORD_OVERHEAD, writeRecord } from '../format/record.ts'
import type { Block, SegmentFooter } from '../format/segment-footer.ts'
import { BLOCK_BYTES, encodeFooterBody, encodeTrailer, segmentHash } from '../format/segment-footer.ts'
import type { SegmentHeader } from '../format/segment-header.ts'
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES } from '../format/segment-header.ts'

/** Bytes for one place of one segment's file. */
export interface Piece {
  segment: number
  offset: number
  bytes: Uint8Array
}

/** A packet that crosses a block's size fits without another buffer. */
const SLACK_BYTES = 2048

export class SegmentBuilder {
  readonly header: SegmentHeader
  readonly #sha256: Sha256
  readonly #blocks: Block[] = []
  readonly #control: number[] = []
  #ready: Piece[] = []
  /** The block under way, behind the byte that a leaf's hash begins with. */
  #buffer = new Uint8Array()
  #view = new DataView(this.#buffer.buffer)
  #length = 1
  #taken = 1
  #blockOffset = SEGMENT_HEADER_BYTES
  #blockRecords = 0
  #blockFirstUs = 0
  #records = 0
  #lastUs: number

  constructor(sha256: Sha256, header: SegmentHeader) {
    this.#sha256 = sha256
    this.header = header
    this.#lastUs = header.openedUs
    this.#ready.push({ segment: header.number, offset: 0, bytes: encodeSegmentHeader(header) })
    this.#makeRoom(BLOCK_BYTES + SLACK_BYTES)
  }

  /** What the file holds so far, without footer. */
  get sizeBytes(): number {
    return this.#blockOffset + this.#length - 1
  }

  get lastUs(): number {
    return this.#lastUs
  }

  get controlRecords(): number {
    return this.#control.length
  }

  add(record: RawRecord): void {
    const needed = this.#length + RECORD_OVERHEAD + record.body.length
    if (needed > this.#buffer.length) this.#makeRoom(needed)
    if (!isMedia(record.type)) this.#control.push(this.sizeBytes)
    if (this.#blockRecords === 0) this.#blockFirstUs = record.timeUs
    this.#length = writeRecord(this.#buffer, this.#view, this.#length, record)
    this.#blockRecords += 1
    this.#records += 1
    this.#lastUs = record.timeUs
    if (this.#length - 1 >= BLOCK_BYTES) {
      this.#closeBlock()
      this.#makeRoom(BLOCK_BYTES + SLACK_BYTES)
    }
  }

  /** What was added since the last call, to be written in this order. */
  take(): Piece[] {
    if (this.#length > this.#taken) {
      const offset = this.#blockOffset + this.#taken - 1
      const bytes = this.#buffer.subarray(this.#taken, this.#length)
      this.#ready.push({ segment: this.header.number, offset, bytes })
      this.#taken = this.#length
    }
    const pieces = this.#ready
    this.#ready = []
    return pieces
  }

  /** Appends the footer. The builder takes nothing after that; `take` gives the rest. */
  finish(): ManifestSegment {
    if (this.#blockRecords > 0) this.#closeBlock()
    const root = merkleRoot(
      this.#sha256,
      this.#blocks.map(({ hash }) => hash),
    )
    const footer: SegmentFooter = {
      header: this.header,
      root,
      records: this.#records,
      lastUs: this.#lastUs,
      blocks: this.#blocks,
      control: this.#control,
    }
    const body = encodeFooterBody(footer)
    const { number, openedUs } = this.header
    const offset = this.#blockOffset
    const trailer = encodeTrailer(body)
    this.#ready.push({ segment: number, offset, bytes: body })
    this.#ready.push({ segment: number, offset: offset + body.length, bytes: trailer })
    return {
      number,
      sizeBytes: offset + body.length + trailer.length,
      openedUs,
      lastUs: this.#lastUs,
      records: this.#records,
      root,
      hash: segmentHash(this.#sha256, body),
    }
  }

  #closeBlock(): void {
    this.#ready = this.take()
    const hash = this.#sha256(this.#buffer.subarray(0, this.#length))
    this.#blocks.push({
      offset: this.#blockOffset,
      records: this.#blockRecords,
      firstUs: this.#blockFirstUs,
      hash,
    })
    this.#blockOffset += this.#length - 1
    this.#blockRecords = 0
    // A new buffer for the next block: views of this one wait to be written.
    this.#buffer = new Uint8Array()
    this.#length = 1
    this.#taken = 1
  }

  #makeRoom(bytes: number): void {
    const larger = new Uint8Array(bytes)
    larger.set(this.#buffer.subarray(0, this.#length))
    larger[0] = LEAF_PREFIX
    this.#buffer = larger
    this.#view = new DataView(larger.buffer)
  }
}
