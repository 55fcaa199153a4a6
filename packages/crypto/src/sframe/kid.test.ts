import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeKid, encodeKid, MAX_LEAVES, MAX_STREAMS } from './kid.ts'

const index = fc.integer({ min: 0, max: 1023 })

test('[KEY2] stream, leaf and the epoch modulo 256 come back', () => {
  fc.assert(
    fc.property(index, index, fc.maxSafeNat(), (stream, leaf, epoch) => {
      const kid = encodeKid({ stream, leaf, epoch: Math.min(epoch, Number.MAX_SAFE_INTEGER - 1) })
      const epochLow = Math.min(epoch, Number.MAX_SAFE_INTEGER - 1) % 256
      expect(decodeKid(kid)).toEqual({ ok: true, stream, leaf, epochLow })
    }),
  )
})

test('[KEY2] KID = (stream << 18) | (leaf << 8) | (epoch mod 256)', () => {
  expect(encodeKid({ stream: 0, leaf: 0, epoch: 0 })).toBe(0n)
  expect(encodeKid({ stream: 1, leaf: 0, epoch: 256 })).toBe(0x40000n)
  expect(encodeKid({ stream: 1023, leaf: 1023, epoch: 255 })).toBe(0xfffffffn)
  expect(encodeKid({ stream: 2, leaf: 3, epoch: 0x1ff })).toBe(0x803ffn)
})

test('[KEY2] two senders, streams or epochs in reach of each other never share a KID', () => {
  const part = fc.record({ stream: index, leaf: index, epoch: fc.integer({ min: 1000, max: 1255 }) })
  fc.assert(
    fc.property(part, part, (a, b) => {
      const same = a.stream === b.stream && a.leaf === b.leaf && a.epoch === b.epoch
      expect(encodeKid(a) === encodeKid(b)).toBe(same)
    }),
  )
})

test.each([
  { stream: MAX_STREAMS, leaf: 0, epoch: 0 },
  { stream: 0, leaf: MAX_LEAVES, epoch: 0 },
  { stream: -1, leaf: 0, epoch: 0 },
  { stream: 0, leaf: 1.5, epoch: 0 },
  { stream: Number.NaN, leaf: 0, epoch: 0 },
  { stream: 0, leaf: 0, epoch: -1 },
  { stream: 0, leaf: 0, epoch: 2 ** 53 },
])('[KEY2] %o is refused', (parts) => {
  expect(() => encodeKid(parts)).toThrow('kid-out-of-range')
})

test('[KEY2] a KID beyond the widths is refused, never wrapped', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n << 28n, max: 2n ** 64n - 1n }), (kid) => {
      expect(decodeKid(kid)).toEqual({ ok: false, code: 'kid-out-of-range' })
    }),
  )
  expect(decodeKid(-1n).ok).toBe(false)
  expect(decodeKid((1n << 28n) - 1n).ok).toBe(true)
})
