/**
 * What a finished segment ends with (docs/recording.md, "Footer"): a copy of its header, its blocks with their hashes for
 * seeking and checking, where everything but media lies, and the hash that the next segment and the manifest name.
 */
import { ByteReader, ByteWriter, equalBytes } from './byte-cursor.ts'
import { crc32c } from './crc32c.ts'
import type { Sha256 } from './merkle.ts'
import { HASH_BYTES, merkleRoot } from './merkle.ts'
import type { SegmentHeader } from './segment-header.ts'
import { decodeSegmentHeader, encodeSegmentHeader, SEGMENT_HEADER_BYTES } from './segment-header.ts'

/** A block ends with the record that brings it to this size, or with the segment. */
export const BLOCK_BYTES = 32 * 1024
export const TRAILER_BYTES = 16
const MAX_FOOTER_BYTES = 16 * 1024 * 1024
const TRAILER_MAGIC = new TextEncoder().encode('HCSEND\r\n')
const HASH_LABEL = new TextEncoder().encode('huisclos/1 recording segment')

export interface Block {
  /** From the file's beginning. */
  offset: number
  records: number
  /** Time of its first record. */
  firstUs: number
  hash: Uint8Array
}

export interface SegmentFooter {
  header: SegmentHeader
  root: Uint8Array
  records: number
  /** Time of the last record; the segment's `openedUs` when it holds none. */
  lastUs: number
  blocks: readonly Block[]
  /** Offsets of all records but RTP and RTCP. */
  control: readonly number[]
}

/** The footer without its trailer: what the segment's hash is over. */
export function encodeFooterBody(footer: SegmentFooter): Uint8Array {
  const out = new ByteWriter()
    .raw(encodeSegmentHeader(footer.header))
    .raw(footer.root)
    .uint(footer.records, 4)
    .uint64(footer.lastUs)
    .uint(footer.blocks.length, 4)
  for (const block of footer.blocks) {
    out.uint(block.offset, 4).uint(block.records, 4).uint64(block.firstUs).raw(block.hash)
  }
  out.uint(footer.control.length, 4)
  for (const offset of footer.control) out.uint(offset, 4)
  return out.done()
}

export function segmentHash(sha256: Sha256, footerBody: Uint8Array): Uint8Array {
  return sha256(new ByteWriter().raw(HASH_LABEL).raw(footerBody).done())
}

/** The footer's length and checksum, and the mark by which a finished segment is known. */
export function encodeTrailer(footerBody: Uint8Array): Uint8Array {
  return new ByteWriter().uint(footerBody.length, 4).uint(crc32c(footerBody), 4).raw(TRAILER_MAGIC).done()
}

/** Length and checksum of the footer ahead; null where a file ends with something else. */
export function decodeTrailer(bytes: Uint8Array): { footerBytes: number; crc: number } | null {
  const reader = new ByteReader(bytes)
  const footerBytes = reader.uint(4)
  const crc = reader.uint(4)
  const magic = reader.raw(TRAILER_MAGIC.length)
  if (!reader.finished || !equalBytes(magic, TRAILER_MAGIC) || footerBytes > MAX_FOOTER_BYTES) return null
  return { footerBytes, crc }
}

/**
 * Null where the footer is not as it was written or contradicts itself. That its blocks are those of the file is for the
 * caller to check.
 */
export function decodeFooterBody(sha256: Sha256, bytes: Uint8Array, crc: number): SegmentFooter | null {
  if (crc32c(bytes) !== crc) return null
  const reader = new ByteReader(bytes)
  const header = decodeSegmentHeader(reader.raw(SEGMENT_HEADER_BYTES))
  const root = reader.raw(HASH_BYTES).slice()
  const records = reader.uint(4)
  const lastUs = reader.uint64()
  const blocks: Block[] = []
  for (let left = reader.uint(4); left > 0 && !reader.failed; left -= 1) {
    blocks.push({
      offset: reader.uint(4),
      records: reader.uint(4),
      firstUs: reader.uint64(),
      hash: reader.raw(HASH_BYTES).slice(),
    })
  }
  const control: number[] = []
  for (let left = reader.uint(4); left > 0 && !reader.failed; left -= 1) control.push(reader.uint(4))
  if (!header || !reader.finished) return null
  const footer = { header, root, records, lastUs, blocks, control }
  return isConsistent(sha256, footer) ? footer : null
}

function isConsistent(sha256: Sha256, { root, records, blocks, control }: SegmentFooter): boolean {
  const first = blocks[0]
  if (first && first.offset !== SEGMENT_HEADER_BYTES) return false
  if (blocks.some((block, at) => at > 0 && block.offset <= (blocks[at - 1]?.offset ?? 0))) return false
  if (control.some((offset, at) => offset < SEGMENT_HEADER_BYTES || offset <= (control[at - 1] ?? 0)))
    return false
  if (blocks.reduce((sum, block) => sum + block.records, 0) !== records) return false
  const leaves = blocks.map(({ hash }) => hash)
  return equalBytes(merkleRoot(sha256, leaves), root)
}
