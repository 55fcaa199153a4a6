/**
 * The manifest (docs/recording.md, "Manifest"): which segments a finished recording has, with their hashes. The statement
 * in it is what a host's client signs; the signature is opaque here.
 */
import { ByteReader, ByteWriter, equalBytes } from './byte-cursor.ts'
import { crc32c } from './crc32c.ts'
import { HASH_BYTES } from './merkle.ts'
import { FORMAT_VERSION, RECORDING_ID_BYTES } from './segment-header.ts'

export const MANIFEST_NAME = 'manifest'
export const MAX_MANIFEST_BYTES = 128 * 1024 * 1024
export const MAX_SIGNATURE_BYTES = 8 * 1024
const SIGNED_LABEL = new TextEncoder().encode('huisclos/1 recording manifest')
const MAGIC = Uint8Array.of(0x89, 0x48, 0x43, 0x4d, 0x0d, 0x0a, 0x1a, 0x0a)

/** `stopped`: whoever recorded ended it; `cut`: it was closed afterwards, by recovery from a crash. */
const endings = ['stopped', 'cut'] as const
export type Ending = (typeof endings)[number]

export interface ManifestSegment {
  number: number
  sizeBytes: number
  openedUs: number
  lastUs: number
  records: number
  root: Uint8Array
  hash: Uint8Array
}

export interface Statement {
  recording: Uint8Array
  startedAtMs: number
  ended: Ending
  /** In order. */
  segments: readonly ManifestSegment[]
}

export interface Manifest {
  statement: Uint8Array
  /** Empty as long as no host's client has signed. */
  signature: Uint8Array
}

export function encodeStatement(statement: Statement): Uint8Array {
  const out = new ByteWriter()
    .uint(FORMAT_VERSION, 2)
    .raw(statement.recording)
    .uint64(statement.startedAtMs)
    .uint(endings.indexOf(statement.ended) + 1, 1)
    .uint(statement.segments.length, 4)
  for (const segment of statement.segments) {
    out
      .uint(segment.number, 4)
      .uint64(segment.sizeBytes)
      .uint64(segment.openedUs)
      .uint64(segment.lastUs)
      .uint(segment.records, 4)
      .raw(segment.root)
      .raw(segment.hash)
  }
  return out.done()
}

export function decodeStatement(bytes: Uint8Array): Statement | null {
  const reader = new ByteReader(bytes)
  if (reader.uint(2) !== FORMAT_VERSION) return null
  const recording = reader.raw(RECORDING_ID_BYTES).slice()
  const startedAtMs = reader.uint64()
  const ended = endings[reader.uint(1) - 1]
  const segments: ManifestSegment[] = []
  for (let left = reader.uint(4); left > 0 && !reader.failed; left -= 1) {
    segments.push({
      number: reader.uint(4),
      sizeBytes: reader.uint64(),
      openedUs: reader.uint64(),
      lastUs: reader.uint64(),
      records: reader.uint(4),
      root: reader.raw(HASH_BYTES).slice(),
      hash: reader.raw(HASH_BYTES).slice(),
    })
  }
  const inOrder = segments.every(({ number }, at) => number > (segments[at - 1]?.number ?? 0))
  return reader.finished && ended && inOrder ? { recording, startedAtMs, ended, segments } : null
}

/** What the signature is over. */
export const manifestMessage = (statement: Uint8Array): Uint8Array =>
  new ByteWriter().raw(SIGNED_LABEL).raw(statement).done()

export function encodeManifest({ statement, signature }: Manifest): Uint8Array {
  const fields = new ByteWriter().raw(MAGIC).sized(statement, 4).sized(signature, 2).done()
  return new ByteWriter().raw(fields).uint(crc32c(fields), 4).done()
}

export function decodeManifest(bytes: Uint8Array): Manifest | null {
  const reader = new ByteReader(bytes)
  if (!equalBytes(reader.raw(MAGIC.length), MAGIC)) return null
  const statement = reader.sized(4).slice()
  const signature = reader.sized(2).slice()
  const crc = reader.uint(4)
  if (!reader.finished || signature.length > MAX_SIGNATURE_BYTES) return null
  return crc === crc32c(bytes, 0, bytes.length - 4) ? { statement, signature } : null
}
