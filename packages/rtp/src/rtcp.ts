/** The RTCP that we speak: sender reports (RFC 3550 §6.4.1), NACK and PLI (RFC 4585 §6.2.1, §6.3.1), FIR (RFC 5104 §4.3.1). */

export type Feedback =
  | { kind: 'nack'; media: number; sequences: number[] }
  | { kind: 'key-frame'; media: number }

const SENDER_REPORT = 200
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

export function encodeSenderReport(report: SenderReport): Uint8Array {
  const view = header(28, 0, SENDER_REPORT)
  view.setUint32(4, report.ssrc)
  view.setUint32(8, Math.floor(report.wallMs / 1000) + NTP_EPOCH_S)
  view.setUint32(12, Math.floor(((report.wallMs % 1000) / 1000) * 2 ** 32))
  view.setUint32(16, report.timestamp)
  view.setUint32(20, report.packets)
  view.setUint32(24, report.payloadBytes)
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

function reportOf(view: DataView): SenderReport[] {
  if (view.byteLength < 28 || view.getUint8(1) !== SENDER_REPORT) return []
  const seconds = view.getUint32(8) - NTP_EPOCH_S
  return [
    {
      ssrc: view.getUint32(4),
      wallMs: seconds * 1000 + (view.getUint32(12) / 2 ** 32) * 1000,
      timestamp: view.getUint32(16),
      packets: view.getUint32(20),
      payloadBytes: view.getUint32(24),
    },
  ]
}

/** The sender reports of a compound packet; everything else in it, and what is malformed, is passed over. */
export const decodeSenderReports = (compound: Uint8Array): SenderReport[] =>
  [...partsOf(compound)].flatMap(reportOf)
