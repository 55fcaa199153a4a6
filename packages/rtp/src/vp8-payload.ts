/** VP8 in RTP (RFC 7741): frames cut into payloads with a 15-bit picture id, and payloads read again. */

export interface Vp8Payload {
  /** The first byte here is the first of the frame: S bit set, partition 0. */
  start: boolean
  data: Uint8Array
}

const DESCRIPTOR_BYTES = 4

/** Payloads of at most `maxBytes` bytes; the caller marks the last one. */
export function packetizeVp8(frame: Uint8Array, pictureId: number, maxBytes: number): Uint8Array[] {
  const room = maxBytes - DESCRIPTOR_BYTES
  const payloads: Uint8Array[] = []
  for (let at = 0; at < frame.length; at += room) {
    const part = frame.subarray(at, at + room)
    const payload = new Uint8Array(DESCRIPTOR_BYTES + part.length)
    // X (an extension follows) and S; then I (a picture id is present); then M and the id's 15 bits.
    payload.set([at === 0 ? 0x90 : 0x80, 0x80, 0x80 | ((pictureId >> 8) & 0x7f), pictureId & 0xff])
    payload.set(part, DESCRIPTOR_BYTES)
    payloads.push(payload)
  }
  return payloads
}

/** Null when the descriptor does not fit into the payload. `data` is a view. */
export function parseVp8(payload: Uint8Array): Vp8Payload | null {
  const first = payload[0]
  if (first === undefined) return null
  let size = 1
  if (first & 0x80) {
    const extension = payload[1]
    if (extension === undefined) return null
    size = 2
    if (extension & 0x80) size += (payload[size] ?? 0) & 0x80 ? 2 : 1
    if (extension & 0x40) size += 1
    if (extension & 0x30) size += 1
  }
  if (size > payload.length) return null
  return { start: (first & 0x10) !== 0 && (first & 0x0f) === 0, data: payload.subarray(size) }
}

/** RFC 6386 §9.1: bit 0 of a frame's first byte is 0 on key frames. */
export const isVp8KeyFrame = (frame: Uint8Array): boolean => frame.length > 0 && ((frame[0] ?? 1) & 1) === 0

const START_CODE = [0x9d, 0x01, 0x2a]

/** Width and height in pixels that a key frame's header names (RFC 6386 §9.1); null for any other frame. */
export function vp8PictureSize(frame: Uint8Array): { width: number; height: number } | null {
  if (frame.length < 10 || !isVp8KeyFrame(frame)) return null
  if (START_CODE.some((byte, index) => frame[3 + index] !== byte)) return null
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  // The two upper bits ask the player to scale the picture up.
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff }
}
