import { describe, expect, test } from 'vitest'
import { Concealer } from './concealer.ts'
import { LevelControl } from './level-control.ts'
import { Mix } from './mix.ts'
import { Doubler, Halver } from './resample.ts'
import { clip, FRAME_SAMPLES, loudness } from './samples.ts'

const sine = (hertz: number, rate: number, count: number, amplitude = 8000) =>
  Int16Array.from({ length: count }, (_, i) => clip(amplitude * Math.sin((2 * Math.PI * hertz * i) / rate)))

/** In dB against a tone of amplitude 8,000. */
function level(hertz: number, rate: number, samples: Int16Array): number {
  let [re, im] = [0, 0]
  samples.forEach((sample, i) => {
    re += sample * Math.cos((2 * Math.PI * hertz * i) / rate)
    im += sample * Math.sin((2 * Math.PI * hertz * i) / rate)
  })
  return 20 * Math.log10((2 * Math.hypot(re, im)) / samples.length / 8000 + 1e-9)
}

describe('[TEL5] resampling', () => {
  test.each([300, 1000, 2000, 3000])('a tone of %i Hz passes within half a decibel', (hertz) => {
    const down = new Halver().push(sine(hertz, 16_000, 16_000)).slice(800)
    expect(Math.abs(level(hertz, 8000, down))).toBeLessThan(0.5)
    const up = new Doubler().push(sine(hertz, 8000, 8000)).slice(1600)
    expect(Math.abs(level(hertz, 16_000, up))).toBeLessThan(0.5)
  })

  test.each([4500, 5000, 6000, 7500])('%i Hz does not fold back into speech', (hertz) => {
    const down = new Halver().push(sine(hertz, 16_000, 16_000)).slice(800)
    expect(level(8000 - hertz, 8000, down)).toBeLessThan(hertz < 5000 ? -40 : -60)
  })

  test.each([500, 2000, 3000])('%i Hz leaves no image above 4 kHz', (hertz) => {
    const up = new Doubler().push(sine(hertz, 8000, 8000)).slice(1600)
    expect(level(8000 - hertz, 16_000, up)).toBeLessThan(-60)
  })

  test('frames one by one are the whole in one', () => {
    const tone = sine(700, 16_000, FRAME_SAMPLES * 4)
    const whole = new Halver().push(tone)
    const halver = new Halver()
    const parts = [0, 1, 2, 3].flatMap((i) => [
      ...halver.push(tone.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES)),
    ])
    expect(parts).toEqual([...whole])
  })
})

describe('[TEL5] a lost packet', () => {
  const frames = (hertz: number) => {
    const tone = sine(hertz, 16_000, FRAME_SAMPLES * 10)
    return (i: number) => tone.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES)
  }

  test('is filled with what was there, without a jump', () => {
    const frame = frames(200)
    const concealer = new Concealer()
    const before = [0, 1, 2].map((i) => concealer.real(frame(i)))
    const made = concealer.missing()
    expect(loudness(made) / loudness(frame(3))).toBeGreaterThan(0.6)
    expect(Math.abs((made[0] ?? 0) - (before[2]?.at(-1) ?? 0))).toBeLessThan(1500)
    const after = concealer.real(frame(4))
    expect(Math.abs((after[0] ?? 0) - (made.at(-1) ?? 0))).toBeLessThan(1500)
  })

  test('a long gap fades to silence', () => {
    const frame = frames(200)
    const concealer = new Concealer()
    for (const i of [0, 1, 2]) concealer.real(frame(i))
    const levels = [1, 2, 3, 4, 5].map(() => loudness(concealer.missing()))
    expect(levels[1]).toBeLessThan(levels[0] ?? 0)
    expect(levels.at(-1)).toBe(0)
  })
})

describe('[TEL5] one level for all', () => {
  const settle = (amplitude: number) => {
    const control = new LevelControl()
    const tone = sine(400, 16_000, FRAME_SAMPLES, amplitude)
    let out = tone
    for (let i = 0; i < 300; i += 1) out = new Int16Array(control.frame(tone))
    return loudness(out)
  }

  test('quiet and loud speech come near each other', () => {
    const [quiet, loud] = [settle(1200), settle(20_000)]
    expect(20 * Math.log10(loud / quiet)).toBeLessThan(6)
  })

  test('noise on the line is not lifted, and nothing clips', () => {
    expect(settle(60)).toBeLessThan(60)
    const control = new LevelControl()
    for (let i = 0; i < 300; i += 1) control.frame(sine(400, 16_000, FRAME_SAMPLES, 1200))
    const shout = control.frame(sine(400, 16_000, FRAME_SAMPLES, 32_000))
    expect(Math.max(...shout)).toBeLessThanOrEqual(30_001)
  })
})

describe('[TEL5] the mix', () => {
  test('is everyone but oneself', () => {
    const mix = new Mix()
    const [a, b] = [sine(300, 16_000, FRAME_SAMPLES), sine(700, 16_000, FRAME_SAMPLES)]
    mix.add(a)
    mix.add(b)
    expect(mix.without(a)).toEqual(b)
    expect(mix.without(b)).toEqual(a)
  })

  test('many voices at once bend and do not wrap', () => {
    const mix = new Mix()
    for (let i = 0; i < 50; i += 1) mix.add(sine(300, 16_000, FRAME_SAMPLES, 32_000))
    const out = mix.without(null)
    expect(Math.max(...out)).toBeLessThanOrEqual(32_767)
    expect(Math.max(...out)).toBeGreaterThan(30_000)
  })
})
