/**
 * One participant's sound on its way to the callers: opened Opus frames, put at an even pace and decoded, what is missing
 * filled in (TEL5). One frame of 20 ms at each pulse, silence where there is none.
 */
import type { EncodedTrack } from '@huisclos/node-media'
import { Concealer } from '../audio/concealer.ts'
import { FRAME_SAMPLES } from '../audio/samples.ts'
import { makeCodec } from '../audio/voice-codec.ts'
import { JitterBuffer } from '../media/jitter-buffer.ts'

/** Of Opus's clock, 48 kHz. */
const TICKS_PER_FRAME = 960
const MAX_KEPT_SAMPLES = FRAME_SAMPLES * 6

export class VoiceIn {
  readonly #jitter = new JitterBuffer()
  readonly #codec = makeCodec('opus')
  readonly #concealer = new Concealer()
  readonly #unsubscribe: () => void
  #kept = new Int16Array(0)

  constructor(track: EncodedTrack) {
    this.#unsubscribe = track.subscribe(({ data, timestamp }) =>
      this.#jitter.push({ sequence: Math.round(timestamp / TICKS_PER_FRAME) & 0xffff, payload: data }),
    )
  }

  frame(): Int16Array {
    while (this.#kept.length < FRAME_SAMPLES) {
      const due = this.#jitter.pull()
      if (due.t === 'empty') break
      const samples = due.t === 'packet' ? this.#codec.decode(due.payload) : null
      this.#keep(samples && samples.length > 0 ? this.#concealer.real(samples) : this.#concealer.missing())
    }
    const frame = new Int16Array(FRAME_SAMPLES)
    frame.set(this.#kept.subarray(0, FRAME_SAMPLES))
    this.#kept = this.#kept.slice(FRAME_SAMPLES)
    return frame
  }

  close(): void {
    this.#unsubscribe()
  }

  #keep(samples: Int16Array): void {
    const all = new Int16Array(this.#kept.length + samples.length)
    all.set(this.#kept)
    all.set(samples, this.#kept.length)
    this.#kept = all.slice(-MAX_KEPT_SAMPLES)
  }
}
