import { syntheticOpus, syntheticVp8 } from '@huisclos/node-media/synthetic-source'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LoopFile } from './loop-file.ts'
import { decodeLoopFile, encodeLoopFile, LoopFileError } from './loop-file.ts'

const sizes = fc.array(fc.nat(300), { minLength: 1, maxLength: 8 })
const files: fc.Arbitrary<LoopFile> = fc.oneof(
  sizes.map((each) => ({
    codec: 'vp8' as const,
    width: 640,
    height: 360,
    ticksPerFrame: 4500,
    frames: each.map((size, sequence) =>
      syntheticVp8(size, { sequence, sentAt: 0, key: sequence % 3 === 0 }),
    ),
  })),
  sizes.map((each) => ({
    codec: 'opus' as const,
    width: 0,
    height: 0,
    ticksPerFrame: 960,
    frames: each.map((size, sequence) => syntheticOpus(size, { sequence, sentAt: 0 })),
  })),
)

function refusal(bytes: Uint8Array): LoopFileError['code'] {
  try {
    decodeLoopFile(bytes)
  } catch (error) {
    if (error instanceof LoopFileError) return error.code
    throw error
  }
  throw new Error('it was read')
}

test('what was written is read', () => {
  fc.assert(
    fc.property(files, (file) => {
      expect(decodeLoopFile(encodeLoopFile(file))).toEqual(file)
    }),
  )
})

test('a file that ends early is an error wherever it ends, and so is one that goes on', () => {
  fc.assert(
    fc.property(files, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (file, share) => {
      const whole = encodeLoopFile(file)
      expect(refusal(whole.subarray(0, Math.floor(whole.length * share)))).toBe('truncated')
      expect(refusal(Uint8Array.of(...whole, 0))).toBe('damaged')
    }),
  )
})

test('a file of which one bit has changed is an error, whichever it is', () => {
  fc.assert(
    fc.property(files, fc.nat(), fc.nat(7), (file, at, bit) => {
      const bytes = encodeLoopFile(file)
      bytes[at % bytes.length]! ^= 1 << bit
      expect(refusal(bytes)).toMatch(/^(truncated|damaged|unknown-format)$/)
    }),
  )
})

test('bytes of any other kind are an error, and no other error than ours', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void refusal(bytes)))
  const header = encodeLoopFile({
    codec: 'opus',
    width: 0,
    height: 0,
    ticksPerFrame: 960,
    frames: [],
  }).subarray(0, 24)
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 400 }), (rest) => {
      expect(refusal(Uint8Array.of(...header, ...rest))).toMatch(/^(truncated|damaged)$/)
    }),
  )
})

test('a whole file that could not be played is an error', () => {
  const delta = syntheticVp8(50, { sequence: 0, sentAt: 0, key: false })
  const key = syntheticVp8(50, { sequence: 0, sentAt: 0, key: true })
  const picture = { codec: 'vp8', width: 640, height: 360, ticksPerFrame: 4500 } as const
  const sound = { codec: 'opus', width: 0, height: 0, ticksPerFrame: 960 } as const
  const unplayable: LoopFile[] = [
    { ...picture, frames: [] },
    { ...picture, frames: [delta, key] },
    { ...picture, frames: [key, new Uint8Array()] },
    { ...picture, width: 320, frames: [key] },
    { ...picture, ticksPerFrame: 0, frames: [key] },
    { ...sound, frames: [Uint8Array.of(0xff)] },
  ]
  for (const file of unplayable) expect(refusal(encodeLoopFile(file))).toBe('damaged')
})
