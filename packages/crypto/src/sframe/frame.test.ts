import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, encodeHex, equal, random, utf8 } from '../bytes.ts'
import { seal } from './cipher.ts'
import { deriveKeys } from './derive.ts'
import type { IncomingFrame } from './frame.ts'
import { MAX_FRAME_BYTES, openFrame, sealFrame } from './frame.ts'
import type { Codec, MediaKind } from './frame-metadata.ts'
import { clearBytes, clearBytesOf, encodeMetadata } from './frame-metadata.ts'
import { KeyRing } from './key-ring.ts'
import { encodeKid } from './kid.ts'
import { parseOpus } from './opus.ts'

const baseKey = random(32)
const sender = { leaf: 5, stream: 2 }
const kid = encodeKid({ ...sender, epoch: 3 })
const sealingKey = await deriveKeys(5, kid, baseKey, 'seal')

function newRing(): KeyRing {
  const ring = new KeyRing()
  ring.install({ epoch: 3, baseKey, removed: [], now: 0 })
  return ring
}

async function sealed(data: Uint8Array, codec: Codec, ctr = 0n, kind: MediaKind = kindOf(codec)) {
  const result = await sealFrame(sealingKey, ctr, { codec, kind, data })
  if (!result.ok) throw new Error(result.code)
  return result.data
}

const incoming = (data: Uint8Array, codec: Codec, changes: Partial<IncomingFrame> = {}): IncomingFrame => ({
  codec,
  kind: kindOf(codec),
  data,
  expected: sender,
  now: 0,
  ...changes,
})

function kindOf(codec: Codec): MediaKind {
  return codec === 'opus' ? 'audio' : 'video'
}

const keyFrame = Uint8Array.from({ length: 60 }, (_, i) => i * 2)
const deltaFrame = Uint8Array.from({ length: 60 }, (_, i) => i * 2 + 1)
const codecs: Codec[] = ['vp8', 'vp9', 'opus']

describe('clear bytes', () => {
  test('[FRM1] VP8: 10 on key frames and 1 on others; VP9 and Opus: none', () => {
    expect(clearBytes('vp8', true)).toBe(10)
    expect(clearBytes('vp8', false)).toBe(1)
    for (const isKey of [true, false]) {
      expect(clearBytes('vp9', isKey)).toBe(0)
      expect(clearBytes('opus', isKey)).toBe(0)
    }
  })

  test('[FRM1] a VP8 frame says itself whether it is a key frame', () => {
    expect(clearBytesOf('vp8', keyFrame)).toBe(10)
    expect(clearBytesOf('vp8', deltaFrame)).toBe(1)
    expect(clearBytesOf('vp8', keyFrame.subarray(0, 9))).toBeUndefined()
    expect(clearBytesOf('vp8', keyFrame.subarray(0, 10))).toBe(10)
    expect(clearBytesOf('vp8', deltaFrame.subarray(0, 1))).toBe(1)
    for (const codec of codecs) expect(clearBytesOf(codec, new Uint8Array(0))).toBeUndefined()
  })

  test('[FRM1] exactly those bytes travel in clear', async () => {
    for (const [data, codec, clear] of [
      [keyFrame, 'vp8', 10],
      [deltaFrame, 'vp8', 1],
      [keyFrame, 'vp9', 0],
      [keyFrame, 'opus', 0],
    ] as const) {
      const frame = await sealed(data, codec)
      expect(frame.subarray(0, clear)).toEqual(data.subarray(0, clear))
      expect(encodeHex(frame.subarray(clear))).not.toContain(encodeHex(data.subarray(clear, clear + 6)))
      expect(frame).toHaveLength(data.length + 1 + 3 + 16)
    }
  })

  test('[FRM1] codec, kind and clear bytes have one encoding, and no two share one', () => {
    const part = fc.tuple(
      fc.constantFrom<Codec>('vp8', 'vp9', 'opus'),
      fc.constantFrom<MediaKind>('audio', 'video'),
      fc.uint8Array({ maxLength: 10 }),
    )
    fc.assert(
      fc.property(part, part, (a, b) => {
        const same = a[0] === b[0] && a[1] === b[1] && equal(a[2], b[2])
        expect(equal(encodeMetadata(...a), encodeMetadata(...b))).toBe(same)
      }),
    )
    expect(encodeMetadata('vp8', 'video', Uint8Array.of(9))).toEqual(Uint8Array.of(1, 2, 2, 1, 9))
  })
})

describe('a frame', () => {
  test('comes back whole, whatever its codec and size', async () => {
    const frame = fc.tuple(fc.constantFrom(...codecs), fc.uint8Array({ minLength: 10, maxLength: 300 }))
    const ring = newRing()
    let ctr = 0n
    await fc.assert(
      fc.asyncProperty(frame, async ([codec, data]) => {
        const at = ctr++
        const opened = await openFrame(ring, incoming(await sealed(data, codec, at), codec))
        expect(opened).toEqual({ ok: true, data, epochLow: 3, ctr: at })
      }),
    )
  })

  test('owns its whole buffer, sealed and opened', async () => {
    const ring = newRing()
    for (const [i, codec] of codecs.entries()) {
      const data = await sealed(keyFrame, codec, BigInt(i))
      const opened = await openFrame(ring, incoming(data, codec))
      for (const view of [data, opened.ok && opened.data]) {
        expect(view).toMatchObject({ length: view ? view.buffer.byteLength : -1 })
      }
    }
  })

  test('may lie inside a larger buffer', async () => {
    const around = concat(random(7), await sealed(keyFrame, 'vp8'), random(5))
    const opened = await openFrame(newRing(), incoming(around.subarray(7, around.length - 5), 'vp8'))
    expect(opened).toMatchObject({ ok: true, data: keyFrame })
  })

  test('of one byte is sealed like any; a VP8 frame may be its clear bytes alone', async () => {
    const ring = newRing()
    const small: [Codec, Uint8Array][] = [
      ['opus', Uint8Array.of(0xf8)],
      ['vp9', Uint8Array.of(1)],
      ['vp8', deltaFrame.subarray(0, 1)],
      ['vp8', keyFrame.subarray(0, 10)],
    ]
    for (const [i, [codec, data]] of small.entries()) {
      const opened = await openFrame(ring, incoming(await sealed(data, codec, BigInt(i)), codec))
      expect(opened).toMatchObject({ ok: true, data })
    }
  })

  test('[FRM2] that is empty, or shorter than its clear bytes, is refused on both sides', async () => {
    for (const codec of codecs) {
      const empty = { codec, kind: kindOf(codec), data: new Uint8Array(0) }
      expect(await sealFrame(sealingKey, 1n, empty)).toEqual({ ok: false, code: 'malformed' })
      expect(await openFrame(newRing(), incoming(empty.data, codec))).toEqual({
        ok: false,
        code: 'malformed',
      })
    }
    const short = keyFrame.subarray(0, 9)
    const frame = { codec: 'vp8', kind: 'video', data: short } as const
    expect(await sealFrame(sealingKey, 1n, frame)).toEqual({ ok: false, code: 'malformed' })
    expect(await openFrame(newRing(), incoming(short, 'vp8'))).toEqual({ ok: false, code: 'malformed' })
  })

  test('beyond the largest size is not looked at', async () => {
    const data = new Uint8Array(MAX_FRAME_BYTES + 1)
    const frame = { codec: 'vp9', kind: 'video', data } as const
    expect(await sealFrame(sealingKey, 1n, frame)).toEqual({ ok: false, code: 'too-large' })
    const arrived = incoming(new Uint8Array(MAX_FRAME_BYTES + 34), 'vp9')
    expect(await openFrame(newRing(), arrived)).toEqual({ ok: false, code: 'too-large' })
    const largest = await sealed(data.subarray(1), 'vp9', 2n ** 62n)
    expect((await openFrame(newRing(), incoming(largest, 'vp9'))).ok).toBe(true)
  })

  test('[FRM4] of Opus is padded to its constant size before it is sealed', async () => {
    const ring = newRing()
    const sizes = new Set<number>()
    for (let i = 0; i < 40; i++) {
      const data = concat(Uint8Array.of(0xf8), new Uint8Array(i).fill(i))
      const result = await sealFrame(sealingKey, 100n + BigInt(i), {
        codec: 'opus',
        kind: 'audio',
        data,
        padTo: 80,
      })
      if (!result.ok) throw new Error(result.code)
      sizes.add(result.data.length)
      const opened = await openFrame(ring, incoming(result.data, 'opus'))
      const parsed = opened.ok && parseOpus(opened.data)
      expect(parsed).toMatchObject({ frames: [data.subarray(1)] })
    }
    expect([...sizes]).toEqual([80 + 1 + 3 + 1 + 16])
    const large = { codec: 'opus', kind: 'audio', data: new Uint8Array(90).fill(0xf8), padTo: 80 } as const
    expect(await sealFrame(sealingKey, 1n, large)).toEqual({ ok: false, code: 'too-large' })
  })
})

describe('a refused frame', () => {
  test.each(codecs)('[FRM1] every flipped bit of a %s frame is refused', async (codec) => {
    for (const data of [keyFrame.subarray(0, 24), deltaFrame.subarray(0, 24)]) {
      const frame = await sealed(data, codec)
      for (let bit = 0; bit < 8 * frame.length; bit++) {
        const copy = frame.slice()
        copy[bit >> 3]! ^= 1 << (bit & 7)
        expect((await openFrame(newRing(), incoming(copy, codec))).ok, `bit ${bit}`).toBe(false)
      }
    }
  })

  test('[FRM1] under another codec or kind it does not open', async () => {
    const frame = await sealed(keyFrame, 'vp9')
    expect(await openFrame(newRing(), incoming(frame, 'opus', { kind: 'video' }))).toEqual({
      ok: false,
      code: 'bad-tag',
    })
    expect(await openFrame(newRing(), incoming(frame, 'vp9', { kind: 'audio' }))).toEqual({
      ok: false,
      code: 'bad-tag',
    })
  })

  test('[FRM5] another leaf’s or stream’s frame is refused, though its key is known', async () => {
    const frame = await sealed(keyFrame, 'vp8')
    for (const expected of [
      { leaf: 6, stream: 2 },
      { leaf: 5, stream: 3 },
    ]) {
      const opened = await openFrame(newRing(), incoming(frame, 'vp8', { expected }))
      expect(opened).toEqual({ ok: false, code: 'wrong-sender' })
    }
  })

  test('[KEY3] a replayed frame is refused, also when both copies arrive at once', async () => {
    const ring = newRing()
    const frame = incoming(await sealed(keyFrame, 'vp8', 7n), 'vp8')
    const both = await Promise.all([openFrame(ring, frame), openFrame(ring, frame)])
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(both.find(({ ok }) => !ok)).toEqual({ ok: false, code: 'replayed' })
    expect(await openFrame(ring, frame)).toEqual({ ok: false, code: 'replayed' })
  })

  test('[KEY3] a forged frame does not use up the true one’s counter', async () => {
    const ring = newRing()
    const frame = await sealed(keyFrame, 'vp8', 7n)
    const forged = frame.slice()
    forged[forged.length - 1]! ^= 1
    expect(await openFrame(ring, incoming(forged, 'vp8'))).toEqual({ ok: false, code: 'bad-tag' })
    expect((await openFrame(ring, incoming(frame, 'vp8'))).ok).toBe(true)
  })

  test('[KEY3] frames may arrive in any order within the window, not behind it', async () => {
    const ring = newRing()
    const at = async (ctr: bigint) => openFrame(ring, incoming(await sealed(deltaFrame, 'vp8', ctr), 'vp8'))
    expect((await at(2000n)).ok).toBe(true)
    expect((await at(977n)).ok).toBe(true)
    expect(await at(976n)).toEqual({ ok: false, code: 'replayed' })
  })

  test('[FRM2] without the epoch’s key there is no frame', async () => {
    const frame = await sealed(keyFrame, 'vp8')
    expect(await openFrame(new KeyRing(), incoming(frame, 'vp8'))).toEqual({ ok: false, code: 'no-key' })
    const other = new KeyRing()
    other.install({ epoch: 3, baseKey: random(32), removed: [], now: 0 })
    expect(await openFrame(other, incoming(frame, 'vp8'))).toEqual({ ok: false, code: 'bad-tag' })
  })

  test('[KEY4] a removed leaf’s frame under the old epoch is refused at once', async () => {
    const ring = newRing()
    ring.install({ epoch: 4, baseKey: random(32), removed: [sender.leaf], now: 1 })
    const frame = incoming(await sealed(keyFrame, 'vp8'), 'vp8', { now: 1 })
    expect(await openFrame(ring, frame)).toEqual({ ok: false, code: 'no-key' })
  })

  test('[KEY2] a KID beyond our widths is malformed', async () => {
    const key = await deriveKeys(5, kid | (1n << 28n), baseKey, 'seal')
    const frame = await seal(key, 0n, encodeMetadata('vp9', 'video', new Uint8Array(0)), utf8('x'))
    expect(await openFrame(newRing(), incoming(frame, 'vp9'))).toEqual({ ok: false, code: 'malformed' })
  })

  test('[FRM2] a frame in clear is never taken for a sealed one', async () => {
    const ring = newRing()
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...codecs), fc.uint8Array({ maxLength: 120 }), async (codec, data) => {
        expect((await openFrame(ring, incoming(data, codec))).ok).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
