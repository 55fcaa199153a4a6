import { expect, test } from 'vitest'
import { encodeForAll } from './encode-for-all.ts'
import { encodeG711 } from './g711.ts'
import { Halver } from './resample.ts'
import { clip, FRAME_SAMPLES } from './samples.ts'

const frame = (hertz: number, from: number) =>
  Int16Array.from({ length: FRAME_SAMPLES }, (_, i) =>
    clip(9000 * Math.sin((2 * Math.PI * hertz * (from + i)) / 16_000)),
  )

test('[TEL5] what is encoded once for all is to the bit what each would get alone', () => {
  const mix = Array.from({ length: 6 }, (_, i) => frame(440, i * FRAME_SAMPLES))
  const alone = new Halver()
  let before: Int16Array | null = null
  for (const each of mix) {
    const expected = encodeG711('ulaw', alone.push(each))
    const [first, second] = [encodeForAll('ulaw', each, before), encodeForAll('ulaw', each, before)]
    expect(first).toEqual(expected)
    expect(second).toBe(first)
    before = each
  }
})

test('[TEL5] who heard something else before gets its own, and both laws are apart', () => {
  const [heard, other, now] = [frame(440, 0), frame(1500, 0), frame(440, FRAME_SAMPLES)]
  const shared = encodeForAll('ulaw', now, heard)
  const own = new Halver()
  own.push(other)
  expect(encodeForAll('ulaw', now, other)).toEqual(encodeG711('ulaw', own.push(now)))
  expect(encodeForAll('ulaw', now, other)).not.toEqual(shared)
  expect(encodeForAll('ulaw', now, heard)).toBe(shared)
  expect(encodeForAll('alaw', now, heard)).toEqual(encodeG711('alaw', Halver.once(now, heard)))
})
