/** Gives out the records of one segment: block by block where its footer vouches for them, by their checksums otherwise. */
import { equalBytes } from '../format/byte-cursor.ts'
import type { ManifestSegment } from '../format/manifest.ts'
import type { Sha256 } from '../format/merkle.ts'
import { leafHash } from '../format/merkle.ts'
import type { FoundRecord } from '../format/record.ts'
import { isMedia } from '../format/record.ts'
import type { Block, SegmentFooter } from '../format/segment-footer.ts'
import { SEGMENT_HEADER_BYTES } from '../format/segment-header.ts'
import type { RecordingSource } from '../write/recording-store.ts'
import { SegmentBuilder } from '../write/segment-builder.ts'
import type { ArchiveRecord, Proof } from './archive-record.ts'
import { decodeContent } from './archive-record.ts'
import type { Damage, DamageList } from './damage.ts'
import type { Scanned } from './scan-bytes.ts'
import { scanBytes } from './scan-bytes.ts'
import { scanFile } from './scan-file.ts'
import type { SurveyedSegment } from './segment-survey.ts'
import { readFooter } from './segment-survey.ts'

export interface ReadRange {
  /** Everything from the block on that this moment lies in, and before it of its segment what is not media. */
  fromUs?: number
  /** Nothing after this. */
  toUs?: number
  /** False: streams, envelopes and events alone. */
  media?: boolean
}

export interface SegmentContext {
  source: RecordingSource
  sha256: Sha256
  damage: DamageList
  /** What the manifest says of this segment. */
  listed: ManifestSegment | null
  /** There is a manifest, and it knows of no such segment. */
  unlisted: boolean
  /** The hash that the next segment's header names. */
  nextSays: Uint8Array | null
}

export class SegmentRecords {
  readonly #segment: SurveyedSegment
  readonly #context: SegmentContext
  #lastUs: number

  constructor(segment: SurveyedSegment, context: SegmentContext) {
    this.#segment = segment
    this.#context = context
    this.#lastUs = segment.header?.openedUs ?? 0
  }

  async *read(range: ReadRange): AsyncGenerator<ArchiveRecord> {
    const { source, sha256 } = this.#context
    const footer = this.#segment.end && (await readFooter(source, sha256, this.#segment))
    if (footer) yield* this.#readBlocks(footer, range)
    else yield* this.#readAll(range)
  }

  async *#readBlocks(footer: SegmentFooter, range: ReadRange): AsyncGenerator<ArchiveRecord> {
    const { blocks, control } = footer
    const { fromUs = 0, toUs = Infinity, media = true } = range
    // Many records may share a moment: the block wanted is the last that begins before it.
    const first = Math.max(
      0,
      blocks.findLastIndex((block) => block.firstUs < fromUs),
    )
    for (const [at, block] of blocks.entries()) {
      if (block.firstUs > toUs) return
      const end = blocks[at + 1]?.offset ?? this.#segment.end?.dataEnd ?? block.offset
      const wanted = media && at >= first
      if (!wanted && !control.some((offset) => offset >= block.offset && offset < end)) continue
      for (const record of await this.#readBlock(block, end)) {
        if (record.timeUs <= toUs && (wanted || !('packet' in record))) yield record
      }
    }
  }

  async #readBlock(block: Block, end: number): Promise<ArchiveRecord[]> {
    const { source, sha256, damage } = this.#context
    const bytes = await source.read(this.#segment.name, block.offset, end - block.offset)
    const proven = bytes.length === end - block.offset && equalBytes(leafHash(sha256, bytes), block.hash)
    const proof = proven ? this.#proof() : 'checksum'
    const scanned = [...scanBytes(bytes)]
    const good = scanned.filter((found) => found.at === 'record')
    const whole = good.length === scanned.length
    const lost = Math.max(0, block.records - good.length)
    if (!proven && whole && lost === 0) {
      const span = {
        fromUs: block.firstUs,
        toUs: good.at(-1)?.record.timeUs ?? block.firstUs,
        lostRecords: 0,
      }
      damage.add('block-altered', this.#about(block.offset, end - block.offset, span))
    }
    if (proven && (!whole || good.length !== block.records)) this.#blame('index-damaged', {})
    const records: ArchiveRecord[] = []
    for (const [at, found] of scanned.entries()) {
      if (found.at === 'damage') this.#report(found, scanned.slice(at + 1), block.offset, lost)
      else records.push(...this.#give(found.record, block.offset + found.offset, proof))
    }
    if (bytes.length < end - block.offset) this.#blame('unfinished', { lostRecords: lost })
    return records
  }

  /** Without a footer: the records by their checksums, and the footer made anew to compare it with what others say. */
  async *#readAll(range: ReadRange): AsyncGenerator<ArchiveRecord> {
    const { source, sha256 } = this.#context
    const { name, sizeBytes, header } = this.#segment
    const { fromUs = 0, toUs = Infinity, media = true } = range
    const rebuilt = header && new SegmentBuilder(sha256, header)
    let pending: Scanned | null = null
    for await (const found of scanFile(source, { name, from: SEGMENT_HEADER_BYTES, end: sizeBytes })) {
      if (found.at === 'damage') {
        pending = found
        continue
      }
      if (pending) this.#report(pending, [found], 0, null)
      pending = null
      rebuilt?.add(found.record)
      const wanted = !isMedia(found.record.type) || (media && found.record.timeUs >= fromUs)
      const records = this.#give(found.record, found.offset, 'checksum')
      if (wanted && found.record.timeUs <= toUs) yield* records
    }
    this.#reportEnd(rebuilt?.finish() ?? null, pending)
  }

  #reportEnd(rebuilt: ManifestSegment | null, tail: Scanned | null): void {
    const { listed, nextSays } = this.#context
    const said = listed?.hash ?? nextSays
    const tailBytes = tail?.at === 'damage' ? tail.lengthBytes : 0
    const offset = this.#segment.sizeBytes - tailBytes
    if (rebuilt && said && equalBytes(rebuilt.hash, said)) {
      this.#context.damage.add('index-damaged', this.#about(offset, tailBytes, {}))
      return
    }
    const lostRecords = rebuilt && listed ? Math.max(0, listed.records - rebuilt.records) : null
    const span = { fromUs: this.#lastUs, toUs: listed?.lastUs ?? null, lostRecords }
    this.#context.damage.add('unfinished', this.#about(offset, tailBytes, span))
  }

  #report(found: Scanned, behind: readonly Scanned[], base: number, lostRecords: number | null): void {
    if (found.at !== 'damage') return
    const next = behind.find((other) => other.at === 'record')
    const toUs = next?.at === 'record' ? next.record.timeUs : null
    const span = { fromUs: this.#lastUs, toUs, lostRecords }
    this.#context.damage.add('records-damaged', this.#about(base + found.offset, found.lengthBytes, span))
  }

  #give(record: FoundRecord, offset: number, proof: Proof): ArchiveRecord[] {
    this.#lastUs = record.timeUs
    const content = decodeContent(record)
    if (!content) {
      const span = { fromUs: record.timeUs, toUs: record.timeUs, lostRecords: 1 }
      this.#context.damage.add('record-malformed', this.#about(offset, record.size, span))
      return []
    }
    const { timeUs, repeated } = record
    return [{ ...content, timeUs, repeated, proof, segment: this.#segment.number, offset }]
  }

  #proof(): Proof {
    const { listed, nextSays, unlisted } = this.#context
    const hash = this.#segment.end?.hash
    if (!hash || unlisted) return 'checksum'
    if (listed) return equalBytes(hash, listed.hash) ? 'manifest' : 'checksum'
    return !nextSays || equalBytes(hash, nextSays) ? 'segment' : 'checksum'
  }

  #blame(kind: Damage['kind'], more: Partial<Damage>): void {
    const span = { segment: this.#segment.number, file: this.#segment.name, fromUs: this.#lastUs }
    this.#context.damage.add(kind, { ...span, ...more })
  }

  #about(offset: number, lengthBytes: number, more: Partial<Damage>): Partial<Damage> {
    const { number: segment, name: file } = this.#segment
    return { segment, file, offset, lengthBytes, ...more }
  }
}
