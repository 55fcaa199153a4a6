/**
 * How loud a person is, by decoding the sound: the sizes of packets say nothing, since every one is padded to the same
 * size (FRM4). The bars are of this, in steps of `LOUDNESS_MS`.
 */
import type { AudioSample } from 'mediabunny'
import { AudioSampleSink, BlobSource, Input, WEBM } from 'mediabunny'
import { LOUDNESS_MS } from './opener-messages.ts'

/** Quieter than this is silence, louder than that is the top of a bar; in dB of full scale. */
const FLOOR_DB = -55
const TOP_DB = -12
const TELL_EVERY = 120

/** 0 to 1, from the mean of squares. */
export function loudnessOf(meanSquare: number): number {
  if (meanSquare <= 0) return 0
  const db = 10 * Math.log10(meanSquare)
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / (TOP_DB - FLOOR_DB)))
}

/** Collects samples into steps; a step that is whole goes out. */
export class LoudnessSteps {
  readonly #perStep: number
  #sum = 0
  #count = 0

  constructor(sampleRate: number) {
    this.#perStep = Math.round((sampleRate * LOUDNESS_MS) / 1000)
  }

  take(samples: Float32Array): number[] {
    const whole: number[] = []
    for (const sample of samples) {
      this.#sum += sample * sample
      this.#count += 1
      if (this.#count === this.#perStep) whole.push(...this.end())
    }
    return whole
  }

  /** What has begun. */
  end(): number[] {
    if (this.#count === 0) return []
    const value = loudnessOf(this.#sum / this.#count)
    this.#sum = 0
    this.#count = 0
    return [value]
  }
}

/** Tells in pieces; of what cannot be decoded nothing. False where this browser cannot decode. */
export async function measureLoudness(
  file: Blob,
  tell: (from: number, values: number[]) => void,
): Promise<boolean> {
  const input = new Input({ formats: [WEBM], source: new BlobSource(file) })
  const track = await input.getPrimaryAudioTrack()
  if (!track) return true
  if (typeof AudioDecoder === 'undefined' || !(await track.canDecode())) return false
  let steps: LoudnessSteps | undefined
  let waiting: number[] = []
  let told = 0
  const say = (): void => {
    tell(told, waiting)
    told += waiting.length
    waiting = []
  }
  for await (const sample of new AudioSampleSink(track).samples()) {
    steps ??= new LoudnessSteps(sample.sampleRate)
    waiting.push(...steps.take(firstChannel(sample)))
    sample.close()
    if (waiting.length >= TELL_EVERY) say()
  }
  waiting.push(...(steps?.end() ?? []))
  say()
  return true
}

function firstChannel(sample: AudioSample): Float32Array {
  const plane = new Float32Array(sample.numberOfFrames)
  sample.copyTo(plane, { planeIndex: 0, format: 'f32-planar' })
  return plane
}
