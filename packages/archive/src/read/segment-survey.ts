/** What can be told of a segment's file by its ends alone: header, footer, where the records lie. */
import { equalBytes } from '../format/byte-cursor.ts'
import type { Sha256 } from '../format/merkle.ts'
import { MAX_RECORD_BYTES } from '../format/record.ts'
import type { SegmentFooter } from '../format/segment-footer.ts'
import {
  BLOCK_BYTES,
  decodeFooterBody,
  decodeTrailer,
  segmentHash,
  TRAILER_BYTES,
} from '../format/segment-footer.ts'
import type { SegmentHeader } from '../format/segment-header.ts'
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentNumber,
} from '../format/segment-header.ts'
import type { RecordingSource, StoredFile } from '../write/recording-store.ts'

export interface SurveyedSegment extends StoredFile {
  /** By the header, or where that is damaged by the footer's copy, or by the file's name; 0 where none of them says. */
  number: number
  header: SegmentHeader | null
  headerDamaged: boolean
  /** Null where there is no footer that can be believed. The footer itself is read again when it is needed. */
  end: SegmentEnd | null
}

export interface SegmentEnd {
  /** Where the records end and the footer begins. */
  dataEnd: number
  footerCrc: number
  hash: Uint8Array
  root: Uint8Array
  lastUs: number
  records: number
}

interface FoundFooter extends SegmentEnd {
  footer: SegmentFooter
}

/** A footer that asks a reader to hold more than a block at a time was not written by a writer. */
const hasLongBlock = ({ blocks }: SegmentFooter, dataEnd: number): boolean =>
  blocks.some(
    ({ offset }, at) => (blocks[at + 1]?.offset ?? dataEnd) - offset > BLOCK_BYTES + MAX_RECORD_BYTES,
  )

async function findFooter(
  source: RecordingSource,
  sha256: Sha256,
  { name, sizeBytes }: StoredFile,
): Promise<FoundFooter | null> {
  const trailer = decodeTrailer(
    await source.read(name, Math.max(0, sizeBytes - TRAILER_BYTES), TRAILER_BYTES),
  )
  const dataEnd = sizeBytes - TRAILER_BYTES - (trailer?.footerBytes ?? 0)
  if (!trailer || dataEnd < SEGMENT_HEADER_BYTES) return null
  const body = await source.read(name, dataEnd, trailer.footerBytes)
  const footer = decodeFooterBody(sha256, body, trailer.crc)
  if (!footer || footer.blocks.some(({ offset }) => offset >= dataEnd)) return null
  if (hasLongBlock(footer, dataEnd)) return null
  if (footer.blocks.length === 0 && dataEnd > SEGMENT_HEADER_BYTES) return null
  const { root, lastUs, records } = footer
  return { footer, dataEnd, footerCrc: trailer.crc, hash: segmentHash(sha256, body), root, lastUs, records }
}

export async function surveySegment(
  source: RecordingSource,
  sha256: Sha256,
  file: StoredFile,
): Promise<SurveyedSegment> {
  const own = decodeSegmentHeader(await source.read(file.name, 0, SEGMENT_HEADER_BYTES))
  const found = await findFooter(source, sha256, file)
  const header = found?.footer.header ?? own
  const { footer: _, ...end } = found ?? { footer: null }
  return {
    ...file,
    number: header?.number ?? segmentNumber(file.name) ?? 0,
    header,
    headerDamaged:
      own === null || (header !== null && !equalBytes(encodeSegmentHeader(own), encodeSegmentHeader(header))),
    end: found ? (end as SegmentEnd) : null,
  }
}

/** The footer of a segment that was surveyed; null when the file has changed since. */
export async function readFooter(
  source: RecordingSource,
  sha256: Sha256,
  segment: SurveyedSegment,
): Promise<SegmentFooter | null> {
  const found = await findFooter(source, sha256, segment)
  return found?.footerCrc === segment.end?.footerCrc ? (found?.footer ?? null) : null
}
