/**
 * One participant's sound on its way to the callers: opened Opus frames, put at an even pace and decoded, what is missing
 * taken from the frame after it or filled in (TEL5). One frame of 20 ms at each pulse, silence where there is none.
 */
import type { EncodedTrack } from '@huisclos/node-media'
import { makeCodec } from '../audio/voice-codec.ts'
import { Playout } from '../media/playout.ts'

/** Of Opus's clock, 48 kHz. */
const TICKS_PER_FRAME = 960

export class VoiceIn {
  readonly #playout = new Playout(makeCodec('meeting'))
  readonly #unsubscribe: () => void

  constructor(track: EncodedTrack) {
    this.#unsubscribe = track.subscribe(({ data, timestamp }) =>
      this.#playout.push({ sequence: Math.round(timestamp / TICKS_PER_FRAME) & 0xffff, payload: data }),
    )
  }

  frame(): Int16Array {
    return this.#playout.frame()
  }

  close(): void {
    this.#unsubscribe()
  }
}
