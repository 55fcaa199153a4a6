import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opusDurationUs, SILENT_OPUS } from './opus-packet.ts'
import { SteadySound } from './steady-sound.ts'

describe('the length of an Opus packet', () => {
  test.each([
    ['silence of our own', [...SILENT_OPUS], 20_000],
    ['speech, wideband, 60 ms', [(11 << 3) | 0], 60_000],
    ['hybrid, 10 ms', [12 << 3], 10_000],
    ['two frames of 20 ms', [(31 << 3) | 1], 40_000],
    ['three frames of 2.5 ms, counted', [(16 << 3) | 3, 3], 7_500],
    ['nothing at all', [], 20_000],
  ])('RFC 6716 §3.1: %s', (_title, bytes, us) => {
    expect(opusDurationUs(Uint8Array.from(bytes))).toBe(us)
  })
})

/** Where each packet comes to lie, and how far that is from where it belongs. */
function errorsOf(times: readonly number[]): { errorsUs: number[]; leftOut: number; endUs: number } {
  const steady = new SteadySound()
  const errorsUs: number[] = []
  let endUs = 0
  let leftOut = 0
  for (const timeUs of times) {
    const place = steady.place(timeUs, 20_000)
    if (!place) {
      leftOut += 1
      continue
    }
    expect(place.fromUs).toBe(endUs)
    const atUs = place.fromUs + place.silent * 20_000
    errorsUs.push(timeUs - atUs)
    endUs = atUs + 20_000
  }
  return { errorsUs, leftOut, endUs }
}

describe('sound without holes', () => {
  test('[OPEN5] a pause of 3 s is as long in the file', () => {
    const steady = new SteadySound()
    expect(steady.place(0, 20_000)).toEqual({ silent: 0, fromUs: 0 })
    expect(steady.place(3_020_000, 20_000)).toEqual({ silent: 150, fromUs: 20_000 })
    expect(steady.end(4_040_000)).toEqual({ silent: 50, fromUs: 3_040_000 })
    expect(steady.end(0).silent).toBe(0)
  })

  test('[OPEN5] ten minutes of a clock that is 200 ppm off, either way, stays within 20 ms', () => {
    for (const speed of [1 - 2e-4, 1 + 2e-4]) {
      const times = Array.from({ length: 30_000 }, (_, i) => Math.round(i * 20_000 * speed))
      const { errorsUs, leftOut } = errorsOf(times)
      expect(errorsUs.every((us) => Math.abs(us) <= 20_000)).toBe(true)
      expect(leftOut).toBe(speed < 1 ? 5 : 0)
    }
  })

  test('[OPEN5] whatever comes when, nothing overlaps and nothing lies further than 20 ms from its time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 200 }), (steps) => {
        let timeUs = 0
        const { errorsUs } = errorsOf(steps.map((step) => (timeUs += step)))
        expect(errorsUs.every((us) => Math.abs(us) <= 20_000)).toBe(true)
      }),
    )
  })
})
