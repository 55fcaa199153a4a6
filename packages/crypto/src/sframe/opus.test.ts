import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, encodeHex } from '../bytes.ts'
import { padOpus, parseOpus } from './opus.ts'

/** Configuration 31 (CELT, 20 ms) unless said otherwise: up to six frames fit in 120 ms. */
const toc = (code: number, config = 31) => (config << 3) | code
const frame = (maxLength = 300) => fc.uint8Array({ maxLength })
const hexes = (frames: Uint8Array[]) => frames.map(encodeHex)

/** Packets of each code as an encoder writes them (RFC 6716 §3.2), with the frames that are in them. */
const packets: fc.Arbitrary<{ packet: Uint8Array; frames: Uint8Array[] }> = fc.oneof(
  frame(1275).map((a) => ({ packet: concat(Uint8Array.of(toc(0)), a), frames: [a] })),
  fc.tuple(frame(1275), fc.nat()).map(([a, seed]) => {
    const b = a.map((byte) => byte ^ (seed & 0xff))
    return { packet: concat(Uint8Array.of(toc(1)), a, b), frames: [a, b] }
  }),
  fc.tuple(frame(1275), frame(1275)).map(([a, b]) => ({
    packet: concat(Uint8Array.of(toc(2), ...lengthOf(a)), a, b),
    frames: [a, b],
  })),
  fc.tuple(fc.integer({ min: 1, max: 6 }), frame(200), fc.nat({ max: 700 })).map(([count, a, padding]) => ({
    packet: concat(
      Uint8Array.of(toc(3), count | 0x40, ...paddingOf(padding)),
      ...Array.from({ length: count }, () => a),
      new Uint8Array(padding),
    ),
    frames: Array.from({ length: count }, () => a),
  })),
  fc.tuple(fc.array(frame(), { minLength: 1, maxLength: 6 }), fc.boolean()).map(([frames, padded]) => ({
    packet: concat(
      Uint8Array.of(toc(3), frames.length | (padded ? 0xc0 : 0x80), ...(padded ? [3] : [])),
      Uint8Array.from(frames.slice(0, -1).flatMap(lengthOf)),
      ...frames,
      new Uint8Array(padded ? 3 : 0),
    ),
    frames,
  })),
)

function lengthOf({ length }: Uint8Array): number[] {
  return length < 252 ? [length] : [252 + (length & 3), (length - 252 - (length & 3)) / 4]
}

function paddingOf(padding: number): number[] {
  const full = Math.ceil((padding - 254) / 254)
  return padding < 255 ? [padding] : [...Array<number>(full).fill(255), padding - 254 * full]
}

describe('reading a packet', () => {
  test('[RFC 6716 §3.2] gives the frames of every code', () => {
    fc.assert(
      fc.property(packets, ({ packet, frames }) => {
        const parsed = parseOpus(packet)
        expect(parsed.ok && hexes(parsed.frames)).toEqual(hexes(frames))
      }),
      { numRuns: 500 },
    )
  })

  test('never throws, and never gives more bytes than there were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const parsed = parseOpus(bytes)
        if (!parsed.ok) return
        const size = parsed.frames.reduce((sum, { length }) => sum + length, 0)
        expect(size + parsed.paddingBytes).toBeLessThan(bytes.length)
      }),
      { numRuns: 1000 },
    )
  })

  const malformed: [string, number[]][] = [
    ['R1: nothing', []],
    ['R2: a frame of more than 1,275 bytes', [toc(0), ...Array<number>(1276).fill(0)]],
    ['R3: code 1 with an odd rest', [toc(1), 1, 2, 3]],
    ['R4: code 2 without a length', [toc(2)]],
    ['R4: code 2 with half a length', [toc(2), 252]],
    ['R4: code 2 with a length beyond the packet', [toc(2), 9, 1]],
    ['R5: code 3 without a count', [toc(3)]],
    ['R5: code 3 of no frames', [toc(3), 0]],
    ['R5: code 3 of more than 120 ms', [toc(3), 7, ...Array<number>(7).fill(0)]],
    ['R5: code 3 of three frames of 60 ms', [toc(3, 3), 3, 0, 0, 0]],
    ['R6: frames of one size that do not divide the rest', [toc(3), 2, 1, 2, 3]],
    ['R6: more padding than packet', [toc(3), 0x41, 5, 1]],
    ['R6: padding of unending length', [toc(3), 0x41, 255, 255]],
    ['R7: a length beyond the packet', [toc(3), 0x82, 200, 1]],
    ['R7: no lengths', [toc(3), 0x83]],
  ]
  test.each(malformed)('[RFC 6716 §3.4] refuses %s', (_, bytes) => {
    expect(parseOpus(Uint8Array.from(bytes))).toEqual({ ok: false, code: 'malformed' })
    expect(padOpus(Uint8Array.from(bytes), 2000)).toEqual({ ok: false, code: 'malformed' })
  })
})

describe('padding', () => {
  test('[FRM4] any packet becomes exactly the size asked for, with the same frames and configuration', () => {
    fc.assert(
      fc.property(packets, fc.nat({ max: 1500 }), ({ packet, frames }, extra) => {
        const size = packet.length + extra
        const padded = padOpus(packet, size)
        if (!padded.ok) throw new Error(padded.code)
        expect(padded.packet).toHaveLength(size)
        expect(padded.packet[0]! >> 2).toBe(packet[0]! >> 2)
        const parsed = parseOpus(padded.packet)
        expect(parsed.ok && hexes(parsed.frames)).toEqual(hexes(frames))
      }),
      { numRuns: 1000 },
    )
  })

  test('[FRM4] every size near the turns of the length encoding is exact', () => {
    for (const packet of [
      Uint8Array.of(toc(0)),
      Uint8Array.of(toc(0), 1, 2, 3),
      Uint8Array.of(toc(2), 1, 7, 8, 9),
    ]) {
      for (let size = packet.length; size < packet.length + 1100; size++) {
        const padded = padOpus(packet, size)
        expect(padded.ok && padded.packet.length).toBe(size)
        expect(padded.ok && parseOpus(padded.packet).ok).toBe(true)
      }
    }
  })

  test('[FRM4] a minute of packets of all sizes has one size', () => {
    const sizes = new Set<number>()
    for (let i = 0; i < 3000; i++) {
      const padded = padOpus(concat(Uint8Array.of(toc(0)), new Uint8Array((i * 7) % 160).fill(i)), 161)
      if (padded.ok) sizes.add(padded.packet.length)
      else sizes.add(-1)
    }
    expect([...sizes]).toEqual([161])
  })

  test('[FRM4] what is larger than the size is refused, not cut', () => {
    fc.assert(
      fc.property(packets, fc.nat(), ({ packet, frames }, less) => {
        const content = frames.reduce((sum, { length }) => sum + length, 0)
        expect(padOpus(packet, Math.min(less % packet.length, content))).toEqual({
          ok: false,
          code: 'too-large',
        })
      }),
    )
    expect(padOpus(Uint8Array.of(toc(0), 1, 2), 2)).toEqual({ ok: false, code: 'too-large' })
  })

  test('[RFC 6716 §3.2.5] padding that was there is replaced, and is zeros', () => {
    const packet = Uint8Array.of(toc(3), 0x41, 3, 9, 1, 1, 1)
    expect(padOpus(packet, 10)).toEqual({
      ok: true,
      packet: Uint8Array.of(toc(3), 0x41, 6, 9, 0, 0, 0, 0, 0, 0),
    })
    expect(padOpus(packet, 4)).toEqual({ ok: true, packet: Uint8Array.of(toc(3), 0x41, 0, 9) })
    expect(padOpus(packet, 3)).toEqual({ ok: true, packet: Uint8Array.of(toc(3), 0x01, 9) })
  })

  test('a packet of the right size is left as it is, in memory of its own', () => {
    const packet = Uint8Array.of(toc(0), 1, 2)
    const padded = padOpus(packet, 3)
    expect(padded).toEqual({ ok: true, packet })
    expect(padded.ok && padded.packet).not.toBe(packet)
  })
})
