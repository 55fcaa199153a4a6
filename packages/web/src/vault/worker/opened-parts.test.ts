import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlobFile } from './blob-file.ts'
import { blobsAsRecording } from './blob-source.ts'
import { LoudnessSteps, loudnessOf } from './loudness.ts'
import { LOUDNESS_MS } from './opener-messages.ts'
import { SpanList } from './span-list.ts'

test('a file of blobs holds what was written last at each place, as a file on a disk does', async () => {
  const writes = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 60 }), fc.uint8Array({ minLength: 0, maxLength: 30 })),
    { maxLength: 12 },
  )
  await fc.assert(
    fc.asyncProperty(writes, async (given) => {
      const file = new BlobFile()
      let plain = new Uint8Array()
      for (const [position, data] of given) {
        file.write(new Uint8Array(data), position)
        if (data.length === 0) continue
        const longer = new Uint8Array(Math.max(plain.length, position + data.length))
        longer.set(plain)
        longer.set(data, position)
        plain = longer
      }
      expect(new Uint8Array(await file.blob('x/y').arrayBuffer())).toEqual(plain)
    }),
    { numRuns: 60 },
  )
})

test('a recording of blobs is read anywhere, up to its end', async () => {
  const bytes = Uint8Array.from({ length: 3000 }, (_, i) => i & 0xff)
  const source = blobsAsRecording([{ name: '000001.hcs', blob: new Blob([bytes]) }])
  expect(await source.list()).toEqual([{ name: '000001.hcs', sizeBytes: 3000 }])
  for (const [at, length] of [
    [0, 10],
    [2990, 100],
    [5, 1],
    [4000, 4],
  ] as const)
    expect(await source.read('000001.hcs', at, length)).toEqual(bytes.slice(at, at + length))
  await expect(source.read('none', 0, 1)).rejects.toThrow('file-unreadable')
})

test('spans end where nothing came for longer than they may', () => {
  const spans = new SpanList(500)
  for (const at of [0, 20, 40, 520, 1100, 1090, 1120]) spans.add(at)
  expect(spans.all).toEqual([
    { fromMs: 0, toMs: 520 },
    { fromMs: 1100, toMs: 1120 },
  ])
})

describe('loudness', () => {
  test('[OPEN4] silence is 0, a full tone 1, and louder is never less', () => {
    expect(loudnessOf(0)).toBe(0)
    expect(loudnessOf(1e-9)).toBe(0)
    expect(loudnessOf(0.5)).toBe(1)
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          expect(loudnessOf(Math.max(a, b))).toBeGreaterThanOrEqual(loudnessOf(Math.min(a, b)))
        },
      ),
    )
  })

  test('[OPEN4] steps are as long as they say, whatever pieces the sound comes in', () => {
    const perStep = (48_000 * LOUDNESS_MS) / 1000
    const sound = Float32Array.from({ length: perStep * 3 + 100 }, (_, i) =>
      i >= perStep && i < 2 * perStep ? 0.4 * Math.sin(i / 10) : 0,
    )
    const steps = new LoudnessSteps(48_000)
    const values: number[] = []
    for (let at = 0; at < sound.length; at += 960) values.push(...steps.take(sound.subarray(at, at + 960)))
    values.push(...steps.end())
    expect(values.map((value) => value > 0.5)).toEqual([false, true, false, false])
    expect(steps.end()).toEqual([])
  })
})
