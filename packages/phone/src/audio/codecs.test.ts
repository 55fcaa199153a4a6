import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeG711, encodeG711 } from './g711.ts'
import { G722Decoder, G722Encoder } from './g722.ts'
import { clip, FRAME_SAMPLES, loudness, RATE } from './samples.ts'
import type { CodecName } from './voice-codec.ts'
import { makeCodec } from './voice-codec.ts'

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url))
const sine = (hertz: number, count: number, amplitude = 8000) =>
  Int16Array.from({ length: count }, (_, i) => clip(amplitude * Math.sin((2 * Math.PI * hertz * i) / RATE)))

/** Amplitude of one frequency. */
function amplitudeAt(hertz: number, samples: Int16Array): number {
  let [re, im] = [0, 0]
  samples.forEach((sample, i) => {
    re += sample * Math.cos((2 * Math.PI * hertz * i) / RATE)
    im += sample * Math.sin((2 * Math.PI * hertz * i) / RATE)
  })
  return (2 * Math.hypot(re, im)) / samples.length
}

describe('[TEL5] G.711', () => {
  test('codes of the recommendation', () => {
    expect([...decodeG711('ulaw', Uint8Array.of(0xff, 0x7f, 0x00, 0x80))]).toEqual([0, 0, -32_124, 32_124])
    expect([...decodeG711('alaw', Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a))]).toEqual([8, -8, 32_256, -32_256])
  })

  test.each(['ulaw', 'alaw'] as const)('%s: every code comes back as what it says', (law) => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    const samples = decodeG711(law, all)
    expect(decodeG711(law, encodeG711(law, samples))).toEqual(samples)
  })
})

describe('[TEL5] G.722', () => {
  // Made with FFmpeg 5.1 from half of a prompt: another implementation's bits (fixtures/SOURCES.md).
  test('encodes bit for bit as another implementation', () => {
    const pcm = new Int16Array(new Uint8Array(fixture('voice.s16le')).buffer)
    expect(Buffer.from(new G722Encoder().encode(pcm))).toEqual(fixture('voice.g722'))
  })

  test('decodes bit for bit as another implementation', () => {
    const samples = new G722Decoder().decode(fixture('voice.g722'))
    const digest = createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex')
    expect(digest).toBe('68678221bce4d81530bbc5a6ef953049e62021c6d13d99418f686a12af18cc3e')
  })
})

describe.each<CodecName>(['PCMU', 'PCMA', 'G722', 'opus'])('[TEL5] %s', (name) => {
  test('carries a tone', () => {
    const [encoder, decoder] = [makeCodec(name), makeCodec(name)]
    const tone = sine(1000, FRAME_SAMPLES * 20)
    const out: number[] = []
    for (let at = 0; at < tone.length; at += FRAME_SAMPLES) {
      const decoded = decoder.decode(encoder.encode(tone.slice(at, at + FRAME_SAMPLES)))
      expect(decoded?.length).toBe(FRAME_SAMPLES)
      out.push(...(decoded ?? []))
    }
    const late = Int16Array.from(out.slice(FRAME_SAMPLES * 10))
    expect(amplitudeAt(1000, late) / 8000).toBeGreaterThan(0.8)
    expect(amplitudeAt(1700, late) / 8000).toBeLessThan(0.03)
  })

  test('arbitrary bytes decode to something bounded or to nothing', () => {
    const decoder = makeCodec(name)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), (bytes) => {
        expect(decoder.decode(bytes)?.length ?? 0).toBeLessThanOrEqual(2000)
      }),
      { numRuns: 300 },
    )
  })
})

test('[TEL5, FRM4] Opus packets of speech and of silence have one size', () => {
  const codec = makeCodec('opus')
  const voice = new Int16Array(new Uint8Array(fixture('voice.s16le')).buffer)
  const frames = Array.from({ length: 15 }, (_, i) => voice.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES))
  const sizes = [...frames, ...frames.map(() => new Int16Array(FRAME_SAMPLES))].map(
    (frame) => codec.encode(frame).length,
  )
  expect(new Set(sizes).size).toBe(1)
  expect(loudness(voice)).toBeGreaterThan(500)
})
