/**
 * The constant size of one stream's Opus packets (FRM4). The encoder is told to keep a constant bitrate; a browser
 * that does not is caught up with: the size then grows to what came, in coarse steps, and never shrinks again.
 */

/** Microphone: 40 kbit/s in frames of 20 ms, and the two bytes that padding may need. */
export const MICROPHONE_PACKET_BYTES = 102
/** Shared sound: 96 kbit/s in frames of 20 ms. */
export const SCREEN_AUDIO_PACKET_BYTES = 242
const STEP_BYTES = 40
const PADDING_HEAD_BYTES = 2

export class OpusSize {
  #sizeBytes: number

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes
  }

  /** The size that a packet of `packetBytes` is padded to. */
  fit(packetBytes: number): number {
    const missing = packetBytes + PADDING_HEAD_BYTES - this.#sizeBytes
    if (missing > 0) this.#sizeBytes += Math.ceil(missing / STEP_BYTES) * STEP_BYTES
    return this.#sizeBytes
  }
}
