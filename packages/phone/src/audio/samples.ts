/**
 * What sound is inside the bridge: mono, 16 kHz, 16 bits, in frames of 20 ms. Wideband is what a telephone can carry
 * (G.722); Opus decodes and encodes at this rate, so that only G.711's 8 kHz has to be resampled.
 */

export const RATE = 16_000
export const FRAME_MS = 20
export const FRAME_SAMPLES = (RATE * FRAME_MS) / 1000

export const clip = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)))

/** Root mean square, 0 to 32,768. */
export function loudness(frame: Int16Array): number {
  let sum = 0
  for (const sample of frame) sum += sample * sample
  return frame.length === 0 ? 0 : Math.sqrt(sum / frame.length)
}
