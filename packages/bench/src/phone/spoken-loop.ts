/**
 * What a telephone of the load says, over and over, as PCMU packets made beforehand: a line's noise with a chirp now and
 * then, or speech from one of the bridge's own prompts with the chirp in it.
 */
import { readFileSync } from 'node:fs'
import { decodeG711, encodeG711 } from '@huisclos/phone/g711'
import { chirpSamples } from './chirp.ts'

const RATE = 8_000
const FRAME = 160
const PROMPT = new URL('../../../phone/prompts/fr/inside.wav', import.meta.url)
/** About -64 dB below full scale. */
const LINE_NOISE = 20
/** A prompt fills the band; a person on a telephone is less loud. */
const VOICE_GAIN = 0.4

export interface SpokenLoop {
  frames: readonly Uint8Array[]
  /** In frames: each begins with the first sample of a packet. */
  chirpEvery: number
}

/** The prompt's samples: µ-law after the last chunk's head. @throws Error where the file is no such prompt */
function voice(): Int16Array {
  const file = readFileSync(PROMPT)
  const data = file.indexOf('data', 12, 'latin1')
  if (data < 0) throw new Error('the prompt has no data')
  return decodeG711('ulaw', file.subarray(data + 8))
}

/** @param seconds its length; chirps begin every `chirpEvery` frames, of which it holds a whole number */
export function spokenLoop(how: { seconds: number; chirpEvery: number; talks: boolean }): SpokenLoop {
  const { seconds, chirpEvery, talks } = how
  const speech = talks ? voice() : null
  const samples = Int16Array.from({ length: seconds * RATE }, (_, i) =>
    speech ? (speech[i % speech.length] ?? 0) * VOICE_GAIN : (Math.random() * 2 - 1) * LINE_NOISE,
  )
  const chirp = chirpSamples('down', RATE)
  for (let at = 0; at < samples.length; at += chirpEvery * FRAME) samples.set(chirp, at)
  const frames = Array.from({ length: samples.length / FRAME }, (_, i) =>
    encodeG711('ulaw', samples.subarray(i * FRAME, (i + 1) * FRAME)),
  )
  return { frames, chirpEvery }
}
