/** As much of RTP (RFC 3550, RFC 8285) and of VP8 and VP9 in it (RFC 7741, RFC 9628) as a scan needs to know. */

export interface ScannedPacket {
  readonly ssrc: number
  readonly sequence: number
  readonly timestamp: number
  readonly marker: boolean
  /** Ids of the header extensions in it. */
  readonly extensions: readonly number[]
  /** Without padding. */
  readonly payload: Uint8Array
  readonly padding: Uint8Array
}

const HEADER_BYTES = 12
const ONE_BYTE = 0xbede

/** Null when the bytes are no RTP packet. */
export function readPacket(bytes: Uint8Array): ScannedPacket | null {
  if (bytes.length < HEADER_BYTES || (bytes[0] ?? 0) >> 6 !== 2) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = view.getUint8(0)
  let start = HEADER_BYTES + (first & 0x0f) * 4
  let extensions: number[] = []
  if (first & 0x10) {
    if (bytes.length < start + 4) return null
    const size = view.getUint16(start + 2) * 4
    const inside = bytes.subarray(start + 4, start + 4 + size)
    extensions = view.getUint16(start) === ONE_BYTE ? oneByteIds(inside) : twoByteIds(inside)
    start += 4 + size
  }
  const padded = first & 0x20 ? (bytes.at(-1) ?? 0) : 0
  const end = bytes.length - padded
  if (start > end) return null
  return {
    marker: (view.getUint8(1) & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    extensions,
    payload: bytes.subarray(start, end),
    padding: bytes.subarray(end),
  }
}

function oneByteIds(bytes: Uint8Array): number[] {
  const ids: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0
    if (byte === 0) at++
    else {
      ids.push(byte >> 4)
      at += 2 + (byte & 0x0f)
    }
  }
  return ids
}

function twoByteIds(bytes: Uint8Array): number[] {
  const ids: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const id = bytes[at] ?? 0
    if (id === 0) at++
    else {
      ids.push(id)
      at += 2 + (bytes[at + 1] ?? 0)
    }
  }
  return ids
}

/** What of a VP8 payload is the frame's, and whether it begins one. Null when the descriptor does not fit. */
export function vp8Part(payload: Uint8Array): { start: boolean; data: Uint8Array } | null {
  const first = payload[0]
  if (first === undefined) return null
  let size = 1
  if (first & 0x80) {
    const more = payload[1] ?? 0
    size = 2
    if (more & 0x80) size += (payload[size] ?? 0) & 0x80 ? 2 : 1
    if (more & 0x40) size += 1
    if (more & 0x30) size += 1
  }
  if (size > payload.length) return null
  return { start: (first & 0x10) !== 0 && (first & 0x0f) === 0, data: payload.subarray(size) }
}
