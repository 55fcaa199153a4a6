import { readFileSync } from 'node:fs'
import { PathModel } from '@huisclos/testkit/fault-lab'
import { describe, expect, test } from 'vitest'
import { decodeG711 } from '../audio/g711.ts'
import { Doubler } from '../audio/resample.ts'
import { FRAME_MS, FRAME_SAMPLES, loudness } from '../audio/samples.ts'
import type { VoiceCodec } from '../audio/voice-codec.ts'
import { makeCodec } from '../audio/voice-codec.ts'
import { Playout } from './playout.ts'

const SEEDS = [1, 2, 3, 4417]

/** Somebody speaks, five seconds and more: a prompt, as frames. */
const speech = (() => {
  const file = readFileSync(new URL('../../prompts/en/inside.wav', import.meta.url))
  const samples = new Doubler().push(decodeG711('ulaw', file.subarray(file.indexOf('data') + 8)))
  const count = Math.floor(samples.length / FRAME_SAMPLES)
  return Array.from({ length: count }, (_, i) => samples.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES))
})()

/** What is played when `lost` packets do not come; each frame comes 20 ms after the one before. */
function play(codec: VoiceCodec, packets: readonly Uint8Array[], lost: ReadonlySet<number>): Int16Array[] {
  const playout = new Playout(codec)
  const out: Int16Array[] = []
  for (const [sequence, payload] of packets.entries()) {
    if (!lost.has(sequence)) playout.push({ sequence, payload })
    // The first pull is the second packet's: one packet stays held.
    if (sequence > 0) out.push(playout.frame())
  }
  return out
}

function lossesOf(seed: number, count: number): Set<number> {
  const path = new PathModel(seed, { loss: 0.15 })
  const numbers = Array.from({ length: count }, (_, i) => i)
  // The first ones begin the sound; what is lost last has no successor.
  return new Set(numbers.filter((i) => path.offer(i * FRAME_MS, 80).length === 0 && i > 10 && i < count - 5))
}

/** Energy of the difference against what was meant, at the frames that were lost, in dB; lower is better. */
function harm(
  meant: readonly Int16Array[],
  played: readonly Int16Array[],
  lost: ReadonlySet<number>,
): number {
  let [signal, error] = [1, 1]
  for (const at of lost) {
    meant[at]?.forEach((sample, i) => {
      signal += sample * sample
      error += (sample - (played[at]?.[i] ?? 0)) ** 2
    })
  }
  return 10 * Math.log10(error / signal)
}

describe('[TEL5] lost Opus packets', () => {
  const encoder = makeCodec('opus')
  const packets = speech.map((frame) => Uint8Array.from(encoder.encode(frame)))
  const whole = play(makeCodec('opus'), packets, new Set())

  test.each(SEEDS)('seed %i: what the next packet knows is nearer to what was said than a guess', (seed) => {
    const lost = lossesOf(seed, packets.length)
    expect(lost.size).toBeGreaterThan(20)
    const corrected = makeCodec('opus')
    const guessing = makeCodec('opus')
    const silent = makeCodec('opus')
    const harms = [
      corrected,
      { ...guessing, lost: () => guessing.lost?.(null) ?? null },
      { ...silent, lost: () => new Int16Array(FRAME_SAMPLES) },
    ].map((codec) => harm(whole, play(codec, packets, lost), lost))
    const [byNext = 0, byGuess = 0, bySilence = 0] = harms
    expect(byNext).toBeLessThan(byGuess - 2.5)
    expect(byGuess).toBeLessThan(bySilence)
  })
})

/** Plays a stream over a bad path; at most so many packets were held. */
function overPath(seed: number, faults: ConstructorParameters<typeof PathModel>[1], seconds: number) {
  const path = new PathModel(seed, faults)
  const playout = new Playout(makeCodec('PCMU'))
  const tone = new Uint8Array(160).fill(0x9a)
  const count = (seconds * 1000) / FRAME_MS
  const due: { at: number; sequence: number }[] = []
  for (let sequence = 0; sequence < count; sequence += 1)
    for (const at of path.offer(sequence * FRAME_MS, 172)) due.push({ at, sequence })
  due.sort((a, b) => a.at - b.at)
  let held = 0
  const silent: boolean[] = []
  for (let now = 7; now < seconds * 1000; now += FRAME_MS) {
    while (due[0] && due[0].at <= now) {
      const { sequence } = due.shift() as { at: number; sequence: number }
      playout.push({ sequence: sequence & 0xffff, payload: tone })
    }
    silent.push(loudness(playout.frame()) < 1)
    held = Math.max(held, playout.held)
  }
  const later = silent.slice(silent.length / 2)
  return { held, silent: later.filter(Boolean).length / later.length, left: playout.held }
}

describe('[TEL5] an uneven path', () => {
  test.each(SEEDS)(
    'seed %i: 60 ms of jitter and overtaking are waited for, with no hole later on',
    (seed) => {
      const { held, silent } = overPath(seed, { delayMs: 30, jitterMs: 60, reorder: 0.05 }, 20)
      expect(held).toBeLessThanOrEqual(12)
      expect(silent).toBe(0)
    },
  )

  test.each(SEEDS)('seed %i: bursts of loss are faded over and nothing piles up', (seed) => {
    const burst = { enter: 0.03, leave: 0.3, loss: 0.9 }
    const { held, left } = overPath(seed, { delayMs: 20, jitterMs: 20, burst, duplicate: 0.02 }, 20)
    expect(held).toBeLessThanOrEqual(12)
    expect(left).toBeLessThanOrEqual(6)
  })
})

test('[TEL5] a second that comes all at once is bounded, and gone again within three', () => {
  const playout = new Playout(makeCodec('PCMU'))
  const payload = new Uint8Array(160).fill(0x9a)
  let sequence = 0
  const next = (packets: number) => {
    for (let i = 0; i < packets; i += 1) playout.push({ sequence: sequence++, payload })
    playout.frame()
  }
  for (let i = 0; i < 100; i += 1) next(1)
  const calm = playout.held
  for (let i = 0; i < 50; i += 1) playout.frame()
  next(50)
  expect(playout.held).toBeLessThanOrEqual(10)
  for (let i = 0; i < 150; i += 1) next(1)
  expect(playout.held).toBeLessThanOrEqual(calm + 2)
  for (let i = 0; i < 1_500; i += 1) next(1)
  expect(playout.held).toBe(calm)
})

test('[TEL5, TEL6] keys take numbers and no time: sound after them is as early as before', () => {
  const playout = new Playout(makeCodec('PCMU'))
  const payload = new Uint8Array(160).fill(0x9a)
  let sequence = 0
  for (let i = 0; i < 100; i += 1) {
    playout.push({ sequence: sequence++, payload })
    playout.frame()
  }
  const before = playout.held
  for (let key = 0; key < 10; key += 1) {
    for (let i = 0; i < 3; i += 1) playout.push({ sequence: sequence++, payload: null })
    playout.push({ sequence: sequence++, payload })
    playout.frame()
  }
  expect(playout.held).toBe(before)
})
