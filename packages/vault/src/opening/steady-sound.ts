/**
 * Sound without holes [REC5]: players count a sound track's samples and pay no heed to holes between its packets, so that
 * after each pause it would come too early. Says how much silence goes before a packet, and which packet is left out where
 * a sender's clock ran ahead: no packet lies further than 20 ms from its time, however long the recording is.
 */
import { SILENT_OPUS_US } from './opus-packet.ts'

export interface Place {
  /** Packets of silence to be written first, 20 ms each. */
  silent: number
  /** Where the first of them lies, microseconds since the recording's start. */
  fromUs: number
}

export class SteadySound {
  #untilUs = 0

  /** Null: leave this packet out. */
  place(timeUs: number, durationUs: number): Place | null {
    const aheadUs = timeUs - this.#untilUs
    if (aheadUs <= -SILENT_OPUS_US) return null
    const silent = Math.max(0, Math.floor(aheadUs / SILENT_OPUS_US))
    const fromUs = this.#untilUs
    this.#untilUs += silent * SILENT_OPUS_US + durationUs
    return { silent, fromUs }
  }

  /** The silence that is left to the end. */
  end(endUs: number): Place {
    return this.place(Math.max(endUs, this.#untilUs), 0) as Place
  }
}
