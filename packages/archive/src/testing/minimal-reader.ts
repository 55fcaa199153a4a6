/**
 * A reader written from docs/recording.md alone: it imports nothing of this package, so that it fails when the page and
 * the code part ways. It is not lenient: the first thing that is wrong ends it.
 */
import { createHash } from 'node:crypto'

export interface MinimalRecord {
  type: number
  repeated: boolean
  stream: number
  timeUs: number
  body: Buffer
}

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  }
  return ~value >>> 0
}

function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

const u64 = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64BE(at))

/** RFC 9162 §2.1.1, in its own words: split at the largest power of two smaller than the number of leaves. */
function treeHead(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return leaves[0] as Buffer
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  return sha256(Buffer.of(1), treeHead(leaves.slice(0, half)), treeHead(leaves.slice(half)))
}

function readHeader(bytes: Buffer) {
  must(bytes.subarray(0, 8).toString('hex') === '894843530d0a1a0a', 'no segment')
  must(bytes.readUInt16BE(8) === 1 && bytes.readUInt16BE(10) === 84, 'another version')
  must(bytes.readUInt32BE(80) === crc(bytes.subarray(0, 80)), 'header crc')
  return {
    recording: bytes.subarray(12, 28),
    number: bytes.readUInt32BE(28),
    startedAtMs: u64(bytes, 32),
    openedUs: u64(bytes, 40),
    previous: bytes.subarray(48, 80),
  }
}

function readRecords(bytes: Buffer, dataEnd: number) {
  const records: (MinimalRecord & { offset: number })[] = []
  for (let at = 84; at < dataEnd; ) {
    const length = bytes.readUInt32BE(at + 4)
    const end = at + 16 + length
    must(length <= 131072 && end + 4 <= dataEnd, 'record length')
    must(bytes.readUInt32BE(end) === crc(bytes.subarray(at, end)), 'record crc')
    records.push({
      offset: at,
      type: bytes.readUInt8(at),
      repeated: bytes.readUInt8(at + 1) === 1,
      stream: bytes.readUInt16BE(at + 2),
      timeUs: u64(bytes, at + 8),
      body: bytes.subarray(at + 16, end),
    })
    at = end + 4
  }
  return records
}

function checkBlocks(bytes: Buffer, footer: Buffer, records: { offset: number; timeUs: number }[]): Buffer {
  const leaves: Buffer[] = []
  const count = footer.readUInt32BE(128)
  const dataEnd = bytes.length - 16 - footer.length
  for (let index = 0; index < count; index += 1) {
    const at = 132 + 48 * index
    const offset = footer.readUInt32BE(at)
    const end = index + 1 < count ? footer.readUInt32BE(at + 48) : dataEnd
    const inside = records.filter((record) => record.offset >= offset && record.offset < end)
    must(inside[0]?.offset === offset && inside[0].timeUs === u64(footer, at + 8), 'block begin')
    must(inside.length === footer.readUInt32BE(at + 4), 'block count')
    must(index + 1 === count || end - offset >= 32768, 'block size')
    must((inside.at(-1)?.offset ?? 0) - offset < 32768, 'block too long')
    const hash = footer.subarray(at + 16, at + 48)
    must(hash.equals(sha256(Buffer.of(0), bytes.subarray(offset, end))), 'block hash')
    leaves.push(hash)
  }
  return treeHead(leaves)
}

function readSegment(bytes: Buffer) {
  const header = readHeader(bytes)
  const trailer = bytes.subarray(-16)
  must(trailer.subarray(8).toString('latin1') === 'HCSEND\r\n', 'no trailer')
  const footer = bytes.subarray(bytes.length - 16 - trailer.readUInt32BE(0), bytes.length - 16)
  must(crc(footer) === trailer.readUInt32BE(4), 'footer crc')
  must(footer.subarray(0, 84).equals(bytes.subarray(0, 84)), 'header copy')
  const records = readRecords(bytes, bytes.length - 16 - footer.length)
  const root = footer.subarray(84, 116)
  must(root.equals(checkBlocks(bytes, footer, records)), 'root')
  must(records.length === footer.readUInt32BE(116), 'record count')
  must((records.at(-1)?.timeUs ?? header.openedUs) === u64(footer, 120), 'last time')
  const tail = 132 + 48 * footer.readUInt32BE(128)
  const control = records.filter(({ type }) => type !== 1 && type !== 2).map(({ offset }) => offset)
  must(footer.readUInt32BE(tail) === control.length, 'control count')
  must(
    control.every((offset, index) => footer.readUInt32BE(tail + 4 + 4 * index) === offset),
    'control',
  )
  const hash = sha256(Buffer.from('huisclos/1 recording segment'), footer)
  return { header, records, root, hash, sizeBytes: bytes.length, lastUs: u64(footer, 120) }
}

function readManifest(bytes: Buffer) {
  must(bytes.subarray(0, 8).toString('hex') === '8948434d0d0a1a0a', 'no manifest')
  must(bytes.readUInt32BE(bytes.length - 4) === crc(bytes.subarray(0, -4)), 'manifest crc')
  const statement = bytes.subarray(12, 12 + bytes.readUInt32BE(8))
  const signatureAt = 12 + statement.length
  const signature = bytes.subarray(signatureAt + 2, signatureAt + 2 + bytes.readUInt16BE(signatureAt))
  must(signatureAt + 2 + signature.length + 4 === bytes.length, 'manifest length')
  must(statement.readUInt16BE(0) === 1, 'another version')
  return {
    statement,
    signature,
    signed: Buffer.concat([Buffer.from('huisclos/1 recording manifest'), statement]),
  }
}

/** Throws at the first thing that is wrong. @param files by name */
export function readMinimally(files: ReadonlyMap<string, Uint8Array>) {
  const file = (name: string): Buffer => {
    const bytes = files.get(name)
    if (!bytes) throw new Error(`no ${name}`)
    return Buffer.from(bytes)
  }
  const { statement, signature, signed } = readManifest(file('manifest'))
  const count = statement.readUInt32BE(27)
  must(statement.length === 31 + 96 * count, 'statement length')
  let previous: Buffer = Buffer.alloc(32)
  const records: MinimalRecord[] = []
  for (let index = 0; index < count; index += 1) {
    const entry = statement.subarray(31 + 96 * index, 127 + 96 * index)
    const number = entry.readUInt32BE(0)
    const segment = readSegment(file(`${String(number).padStart(6, '0')}.hcs`))
    must(number === index + 1 && segment.header.number === number, 'number')
    must(segment.header.previous.equals(previous), 'chain')
    must(segment.header.recording.equals(statement.subarray(2, 18)), 'recording')
    must(segment.header.startedAtMs === u64(statement, 18), 'start')
    must(u64(entry, 4) === segment.sizeBytes && u64(entry, 12) === segment.header.openedUs, 'size, begin')
    must(u64(entry, 20) === segment.lastUs && entry.readUInt32BE(28) === segment.records.length, 'end')
    must(entry.subarray(32, 64).equals(segment.root) && entry.subarray(64, 96).equals(segment.hash), 'hashes')
    for (const { offset: _, ...record } of segment.records) records.push(record)
    previous = segment.hash
  }
  must([...files.keys()].filter((name) => name.endsWith('.hcs')).length === count, 'too many segments')
  const ended = statement.readUInt8(26) === 1 ? 'stopped' : 'cut'
  return { records, ended, signature, signed }
}

interface Cursor {
  bytes: Buffer
  at: number
}

function textIn(cursor: Cursor, lengthBytes: 1 | 2): string {
  const length = cursor.bytes.readUIntBE(cursor.at, lengthBytes)
  cursor.at += lengthBytes + length
  return cursor.bytes.toString('utf8', cursor.at - length, cursor.at)
}

/** A body of type 3. */
export function minimalStream(bytes: Buffer) {
  const cursor = { bytes, at: 0 }
  const peer = textIn(cursor, 1)
  const producer = textIn(cursor, 1)
  const kind = bytes.readUInt8(cursor.at++) === 1 ? 'audio' : 'video'
  const mimeType = textIn(cursor, 1)
  const { at } = cursor
  cursor.at += 10
  const rest = { clockRate: bytes.readUInt32BE(at), channels: bytes[at + 4], payloadType: bytes[at + 5] }
  return {
    peer,
    producer,
    kind,
    mimeType,
    ...rest,
    ssrc: bytes.readUInt32BE(at + 6),
    detail: textIn(cursor, 2),
  }
}

/** A body of type 5. */
export function minimalEnvelope(bytes: Buffer) {
  const cursor = { bytes, at: 0 }
  const [peer, group] = [textIn(cursor, 1), textIn(cursor, 1)]
  const { at } = cursor
  return {
    peer,
    group,
    epoch: u64(bytes, at),
    part: bytes.readUInt32BE(at + 8),
    sealed: bytes.subarray(at + 12),
  }
}

/** A body of type 6. */
export function minimalEvent(bytes: Buffer) {
  const count = (at: number): number | null =>
    bytes.readUInt32BE(at) === 0xffffffff ? null : bytes.readUInt32BE(at)
  const cursor = { bytes, at: 26 }
  return {
    code: bytes.readUInt16BE(0),
    fromUs: u64(bytes, 2),
    toUs: u64(bytes, 10),
    records: count(18),
    bytes: count(22),
    detail: textIn(cursor, 2),
  }
}
