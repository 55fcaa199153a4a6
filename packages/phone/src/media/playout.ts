/**
 * From packets as they come to sound at an even pace (TEL5): put in order, decoded, lost ones made up for, 20 ms at each
 * call. A codec that can make up for losses itself does, with what the next packet knows; for the others the last pitch
 * period goes on. Silence where nothing comes.
 */
import { Concealer } from '../audio/concealer.ts'
import { FRAME_SAMPLES } from '../audio/samples.ts'
import type { VoiceCodec } from '../audio/voice-codec.ts'
import type { Arrived } from './jitter-buffer.ts'
import { JitterBuffer } from './jitter-buffer.ts'

/** 120 ms, which is the longest packet, and the rest of one before it. */
const MAX_KEPT_SAMPLES = FRAME_SAMPLES * 8
/** A guess is worth something for so long. */
const MAX_GUESSED = 5
const SILENCE = new Int16Array(FRAME_SAMPLES)

export class Playout {
  readonly #jitter = new JitterBuffer()
  readonly #concealer = new Concealer()
  readonly #codec: VoiceCodec
  readonly #kept = new Int16Array(MAX_KEPT_SAMPLES)
  #count = 0
  #guessed = MAX_GUESSED

  constructor(codec: VoiceCodec) {
    this.#codec = codec
  }

  /** Packets that wait to be played. */
  get held(): number {
    return this.#jitter.held
  }

  push(arrived: Arrived): void {
    this.#jitter.push(arrived)
  }

  /** The next 20 ms. Whoever gets a frame changes nothing in it. */
  frame(): Int16Array {
    while (this.#count < FRAME_SAMPLES) {
      const samples = this.#next()
      if (this.#count === 0 && samples.length === FRAME_SAMPLES) return samples
      this.#keep(samples)
    }
    const frame = this.#kept.slice(0, FRAME_SAMPLES)
    this.#kept.copyWithin(0, FRAME_SAMPLES, this.#count)
    this.#count -= FRAME_SAMPLES
    return frame
  }

  #next(): Int16Array {
    const due = this.#jitter.pull()
    if (due.t === 'missing') return this.#lost(due.next)
    if (due.t === 'empty') return this.#lost(null)
    const samples = this.#codec.decode(due.payload)
    if (!samples || samples.length === 0) return this.#lost(null)
    this.#guessed = 0
    const real = this.#codec.lost ? samples : this.#concealer.real(samples)
    // What is surplus never comes twice in a row.
    return due.surplus ? blend(real, this.#next()) : real
  }

  #lost(next: Uint8Array | null): Int16Array {
    if (this.#guessed >= MAX_GUESSED) return SILENCE
    this.#guessed += 1
    const own = this.#codec.lost?.(next)
    if (own && own.length > 0) return own
    return this.#codec.lost ? SILENCE : this.#concealer.missing()
  }

  #keep(samples: Int16Array): void {
    const fitting = samples.subarray(0, MAX_KEPT_SAMPLES - this.#count)
    this.#kept.set(fitting, this.#count)
    this.#count += fitting.length
  }
}

/** Two packets in the time of the second: from one into the other. */
function blend(first: Int16Array, second: Int16Array): Int16Array {
  if (first.length !== second.length) return second
  return second.map((sample, i) => {
    const share = (i + 1) / (second.length + 1)
    return Math.round((first[i] ?? 0) * (1 - share) + sample * share)
  })
}
