/** The RTCP that we speak: sender and receiver reports and names (RFC 3550 §6.4, §6.5), NACK and PLI (RFC 4585 §6.2.1, §6.3.1), FIR (RFC 5104 §4.3.1). */

export type Feedback =
  | { kind: 'nack'; media: number; sequences: number[] }
  | { kind: 'key-frame'; media: number }

const SENDER_REPORT = 200
const RECEIVER_REPORT = 201
const SOURCE_DESCRIPTION = 202
const CNAME = 1
const BLOCK_BYTES = 24
const TRANSPORT_FEEDBACK = 205
const PAYLOAD_FEEDBACK = 206
const NTP_EPOCH_S = 2_208_988_800

function header(bytes: number, count: number, type: number): DataView {
  const view = new DataView(new ArrayBuffer(bytes))
  view.setUint8(0, 0x80 | count)
  view.setUint8(1, type)
  view.setUint16(2, bytes / 4 - 1)
  return view
}

const bytesOf = (view: DataView) => new Uint8Array(view.buffer)

/** "Send me a key frame of `media`." */
export function encodePli(sender: number, media: number): Uint8Array {
  const view = header(12, 1, PAYLOAD_FEEDBACK)
  view.setUint32(4, sender)
  view.setUint32(8, media)
  return bytesOf(view)
}

/** "These packets of `media` are missing": ascending sequence numbers (modulo 2^16), at least one. */
export function encodeNack(sender: number, media: number, sequences: readonly number[]): Uint8Array {
  const items: { pid: number; mask: number }[] = []
  for (const sequence of sequences) {
    const last = items.at(-1)
    const distance = last ? (sequence - last.pid) & 0xffff : 0
    if (last && distance >= 1 && distance <= 16) last.mask |= 1 << (distance - 1)
    else items.push({ pid: sequence, mask: 0 })
  }
  const view = header(12 + items.length * 4, 1, TRANSPORT_FEEDBACK)
  view.setUint32(4, sender)
  view.setUint32(8, media)
  items.forEach(({ pid, mask }, index) => {
    view.setUint16(12 + index * 4, pid)
    view.setUint16(14 + index * 4, mask)
  })
  return bytesOf(view)
}

export interface SenderReport {
  ssrc: number
  /** Unix milliseconds of the moment that `timestamp` (the codec's clock) stands for. */
  wallMs: number
  timestamp: number
  packets: number
  payloadBytes: number
}

/** What came of one stream (RFC 3550 §6.4.1). */
export interface ReceptionBlock {
  ssrc: number
  /** Since the last report, of 256. */
  fractionLost: number
  /** In all; negative where packets came twice. */
  lost: number
  /** With the cycles of the sequence number above it. */
  highest: number
  /** In the codec's clock. */
  jitter: number
  /** Of the last sender report that came, as it names itself; 0: none did. */
  lastReport: number
  /** How long ago that was. */
  sinceMs: number
}

function putBlocks(view: DataView, from: number, blocks: readonly ReceptionBlock[]): void {
  blocks.forEach((block, i) => {
    const at = from + i * BLOCK_BYTES
    const lost = Math.min(0x7f_ffff, Math.max(-0x80_0000, block.lost))
    view.setUint32(at, block.ssrc)
    view.setUint32(at + 4, (block.fractionLost << 24) | (lost & 0xff_ffff))
    view.setUint32(at + 8, block.highest)
    view.setUint32(at + 12, block.jitter)
    view.setUint32(at + 16, block.lastReport)
    view.setUint32(at + 20, Math.round((block.sinceMs / 1000) * 65_536))
  })
}

/** From one that sends nothing. */
export function encodeReceiverReport(ssrc: number, blocks: readonly ReceptionBlock[]): Uint8Array {
  const view = header(8 + blocks.length * BLOCK_BYTES, blocks.length, RECEIVER_REPORT)
  view.setUint32(4, ssrc)
  putBlocks(view, 8, blocks)
  return bytesOf(view)
}

/** The name that a compound packet has to bear (§6.5.1), ASCII. */
export function encodeCname(ssrc: number, cname: string): Uint8Array {
  const text = new TextEncoder().encode(cname).subarray(0, 255)
  const view = header(8 + Math.ceil((text.length + 3) / 4) * 4, 1, SOURCE_DESCRIPTION)
  view.setUint32(4, ssrc)
  view.setUint8(8, CNAME)
  view.setUint8(9, text.length)
  const bytes = bytesOf(view)
  bytes.set(text, 10)
  return bytes
}

export function encodeSenderReport(report: SenderReport, blocks: readonly ReceptionBlock[] = []): Uint8Array {
  const view = header(28 + blocks.length * BLOCK_BYTES, blocks.length, SENDER_REPORT)
  view.setUint32(4, report.ssrc)
  view.setUint32(8, Math.floor(report.wallMs / 1000) + NTP_EPOCH_S)
  view.setUint32(12, Math.floor(((report.wallMs % 1000) / 1000) * 2 ** 32))
  view.setUint32(16, report.timestamp)
  view.setUint32(20, report.packets)
  view.setUint32(24, report.payloadBytes)
  putBlocks(view, 28, blocks)
  return bytesOf(view)
}

function nacked(view: DataView): number[] {
  const sequences: number[] = []
  for (let at = 12; at + 4 <= view.byteLength; at += 4) {
    const pid = view.getUint16(at)
    const mask = view.getUint16(at + 2)
    sequences.push(pid)
    for (let bit = 0; bit < 16; bit += 1) if (mask & (1 << bit)) sequences.push((pid + bit + 1) & 0xffff)
  }
  return sequences
}

function feedbackOf(view: DataView): Feedback[] {
  if (view.byteLength < 12) return []
  const format = view.getUint8(0) & 0x1f
  const type = view.getUint8(1)
  if (type === TRANSPORT_FEEDBACK && format === 1) {
    return [{ kind: 'nack', media: view.getUint32(8), sequences: nacked(view) }]
  }
  if (type === PAYLOAD_FEEDBACK && format === 1) return [{ kind: 'key-frame', media: view.getUint32(8) }]
  if (type !== PAYLOAD_FEEDBACK || format !== 4) return []
  const asked: Feedback[] = []
  for (let at = 12; at + 8 <= view.byteLength; at += 8)
    asked.push({ kind: 'key-frame', media: view.getUint32(at) })
  return asked
}

/** The packets of a compound; it ends before the first that does not fit. */
function* partsOf(compound: Uint8Array): Generator<DataView> {
  let at = 0
  while (at + 4 <= compound.length) {
    const rest = new DataView(compound.buffer, compound.byteOffset + at, compound.length - at)
    const bytes = (rest.getUint16(2) + 1) * 4
    if (bytes > rest.byteLength) return
    yield new DataView(rest.buffer, rest.byteOffset, bytes)
    at += bytes
  }
}

/** What a compound packet asks of a sender; everything else in it, and what is malformed, is passed over. */
export const decodeFeedback = (compound: Uint8Array): Feedback[] => [...partsOf(compound)].flatMap(feedbackOf)

/** `name`: the middle of its NTP time, by which an answer refers to it. */
export type ReceivedReport = SenderReport & { name: number }

function reportOf(view: DataView): ReceivedReport[] {
  if (view.byteLength < 28 || view.getUint8(1) !== SENDER_REPORT) return []
  const seconds = view.getUint32(8) - NTP_EPOCH_S
  return [
    {
      ssrc: view.getUint32(4),
      wallMs: seconds * 1000 + (view.getUint32(12) / 2 ** 32) * 1000,
      timestamp: view.getUint32(16),
      packets: view.getUint32(20),
      payloadBytes: view.getUint32(24),
      name: view.getUint32(10),
    },
  ]
}

/** The sender reports of a compound packet; everything else in it, and what is malformed, is passed over. */
export const decodeSenderReports = (compound: Uint8Array): ReceivedReport[] =>
  [...partsOf(compound)].flatMap(reportOf)

/** The reception blocks of a compound packet, of sender and receiver reports alike. */
export const decodeReceptionBlocks = (compound: Uint8Array): ReceptionBlock[] =>
  [...partsOf(compound)].flatMap(blocksOf)

function blocksOf(view: DataView): ReceptionBlock[] {
  const type = view.byteLength < 8 ? 0 : view.getUint8(1)
  if (type !== SENDER_REPORT && type !== RECEIVER_REPORT) return []
  const count = view.getUint8(0) & 0x1f
  const from = type === SENDER_REPORT ? 28 : 8
  const fitting = Math.min(count, Math.floor((view.byteLength - from) / BLOCK_BYTES))
  return Array.from({ length: Math.max(0, fitting) }, (_, i) => blockAt(view, from + i * BLOCK_BYTES))
}

const blockAt = (view: DataView, at: number): ReceptionBlock => ({
  ssrc: view.getUint32(at),
  fractionLost: view.getUint8(at + 4),
  lost: (view.getInt32(at + 4) << 8) >> 8,
  highest: view.getUint32(at + 8),
  jitter: view.getUint32(at + 12),
  lastReport: view.getUint32(at + 16),
  sinceMs: (view.getUint32(at + 20) / 65_536) * 1000,
})
