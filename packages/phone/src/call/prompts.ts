/** The spoken prompts (TEL6): µ-law WAV files of packages/phone/prompts, read once, as frames for a player. */
import { readFileSync } from 'node:fs'
import { decodeG711 } from '../audio/g711.ts'
import { Doubler } from '../audio/resample.ts'
import { FRAME_SAMPLES } from '../audio/samples.ts'
import type { Language, Prompt } from './call-flow.ts'

const folder = new URL('../../prompts/', import.meta.url)
const read = new Map<string, Int16Array>()
const ULAW_FORMAT = 7
const GAP = new Int16Array(FRAME_SAMPLES * 15)

/** Samples at 16 kHz. @throws Error on a file that is not µ-law, 8 kHz, mono */
function promptSamples(language: Language, prompt: Prompt): Int16Array {
  const name = `${language}/${prompt}.wav`
  const known = read.get(name)
  if (known) return known
  const samples = new Doubler().push(decodeG711('ulaw', ulawData(readFileSync(new URL(name, folder)), name)))
  read.set(name, samples)
  return samples
}

function ulawData(file: Buffer, name: string): Uint8Array {
  let rightFormat = false
  for (let at = 12; at + 8 <= file.length; ) {
    const kind = file.toString('latin1', at, at + 4)
    const size = file.readUInt32LE(at + 4)
    const body = at + 8
    if (kind === 'fmt ') {
      const [format, channels] = [file.readUInt16LE(body), file.readUInt16LE(body + 2)]
      rightFormat = format === ULAW_FORMAT && channels === 1 && file.readUInt32LE(body + 4) === 8000
    }
    if (kind === 'data' && rightFormat) return file.subarray(body, body + size)
    at = body + size + (size & 1)
  }
  throw new Error(`${name} is no µ-law prompt`)
}

/** Plays prompts one after another, a frame at a time. */
export class PromptPlayer {
  #queue: Int16Array[] = []
  #at = 0

  get playing(): boolean {
    return this.#queue.length > 0
  }

  /** `languages`: of each prompt. Whatever was being played ends. */
  play(prompts: readonly { language: Language; prompt: Prompt }[]): void {
    this.#at = 0
    this.#queue = prompts.flatMap(({ language, prompt }) => [promptSamples(language, prompt), GAP])
  }

  /** Null when there is nothing to play. */
  frame(): Int16Array | null {
    const [current] = this.#queue
    if (!current) return null
    const frame = new Int16Array(FRAME_SAMPLES)
    frame.set(current.subarray(this.#at, this.#at + FRAME_SAMPLES))
    this.#at += FRAME_SAMPLES
    if (this.#at >= current.length) {
      this.#queue.shift()
      this.#at = 0
    }
    return frame
  }
}
