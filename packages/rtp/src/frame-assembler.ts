/** Puts encoded frames together from RTP packets in order: VP8 by its descriptor, Opus one packet a frame. */
import type { RtpPacket } from './rtp-packet.ts'
import { parseVp8 } from './vp8-payload.ts'

export interface AssembledFrame {
  data: Uint8Array
  /** RTP timestamp, in the codec's clock. */
  timestamp: number
}

export type FrameCodec = 'opus' | 'vp8'

const MAX_FRAME_BYTES = 4 * 1024 * 1024

export class FrameAssembler {
  readonly #codec: FrameCodec
  #parts: Uint8Array[] = []
  #bytes = 0
  #timestamp = 0

  constructor(codec: FrameCodec) {
    this.#codec = codec
  }

  /** Packets are missing here: the frame under way is lost. */
  gap(): void {
    this.#parts = []
    this.#bytes = 0
  }

  /** The frame that this packet completes, if it does. Packets without a beginning are dropped. */
  push(packet: RtpPacket): AssembledFrame | null {
    if (packet.payload.length === 0) return null
    if (this.#codec === 'opus') return { data: packet.payload, timestamp: packet.timestamp }
    const payload = parseVp8(packet.payload)
    if (!payload) return null
    if (payload.start) {
      this.gap()
      this.#timestamp = packet.timestamp
    } else if (this.#parts.length === 0 || packet.timestamp !== this.#timestamp) {
      this.gap()
      return null
    }
    this.#parts.push(payload.data)
    this.#bytes += payload.data.length
    if (this.#bytes > MAX_FRAME_BYTES) this.gap()
    return packet.marker && this.#parts.length > 0 ? this.#finish() : null
  }

  #finish(): AssembledFrame {
    const data = new Uint8Array(this.#bytes)
    let at = 0
    for (const part of this.#parts) {
      data.set(part, at)
      at += part.length
    }
    this.gap()
    return { data, timestamp: this.#timestamp }
  }
}
