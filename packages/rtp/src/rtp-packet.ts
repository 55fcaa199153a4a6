/** RTP packets (RFC 3550 §5.1) as they are sent and received, and retransmissions in the format of RFC 4588. */

export interface RtpPacket {
  payloadType: number
  /** 16 bits. */
  sequence: number
  /** 32 bits, in the codec's clock. */
  timestamp: number
  ssrc: number
  marker: boolean
  payload: Uint8Array
}

const HEADER_BYTES = 12

/** RTCP's packet types lie where an RTP packet with marker has payload types 64–95 (RFC 5761 §4). */
export const isRtcp = (packet: Uint8Array): boolean => (packet[1] ?? 0) >= 192 && (packet[1] ?? 0) <= 223

export function encodeRtp(packet: RtpPacket): Uint8Array {
  const out = new Uint8Array(HEADER_BYTES + packet.payload.length)
  const view = new DataView(out.buffer)
  view.setUint8(0, 0x80)
  view.setUint8(1, (packet.marker ? 0x80 : 0) | packet.payloadType)
  view.setUint16(2, packet.sequence)
  view.setUint32(4, packet.timestamp)
  view.setUint32(8, packet.ssrc)
  out.set(packet.payload, HEADER_BYTES)
  return out
}

/** Null when the bytes are no RTP packet. The payload is a view into `bytes`, without padding. */
export function decodeRtp(bytes: Uint8Array): RtpPacket | null {
  if (bytes.length < HEADER_BYTES || (bytes[0] ?? 0) >> 6 !== 2) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = view.getUint8(0)
  let start = HEADER_BYTES + (first & 0x0f) * 4
  if (first & 0x10) {
    if (bytes.length < start + 4) return null
    start += 4 + view.getUint16(start + 2) * 4
  }
  const padding = first & 0x20 ? (bytes.at(-1) ?? 0) : 0
  const end = bytes.length - padding
  if (start > end) return null
  const second = view.getUint8(1)
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: bytes.subarray(start, end),
  }
}

/** The packet as a retransmission: the original sequence number goes ahead of the payload (RFC 4588 §4). */
export function toRtx(
  packet: RtpPacket,
  rtx: { ssrc: number; payloadType: number; sequence: number },
): RtpPacket {
  const payload = new Uint8Array(2 + packet.payload.length)
  new DataView(payload.buffer).setUint16(0, packet.sequence)
  payload.set(packet.payload, 2)
  return { ...packet, ...rtx, payload }
}

/** The original of a retransmission; null for one without content, which probes the path. */
export function fromRtx(packet: RtpPacket, media: { ssrc: number; payloadType: number }): RtpPacket | null {
  const { payload } = packet
  if (payload.length <= 2) return null
  const sequence = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0)
  return { ...packet, ...media, sequence, payload: payload.subarray(2) }
}
