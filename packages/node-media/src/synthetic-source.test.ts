import { parseOpus } from '@huisclos/crypto/sframe'
import { isVp8KeyFrame } from '@huisclos/rtp'
import { expect, test } from 'vitest'
import type { EncodedFrame } from './encoded-track.ts'
import {
  readStamp,
  startSyntheticAudio,
  startSyntheticVideo,
  syntheticOpus,
  syntheticVp8,
} from './synthetic-source.ts'

/** A clock that runs its timers as it is moved. */
function handClock() {
  let now = 1000
  let timers: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    setTimer(delayMs: number, run: () => void) {
      const timer = { at: now + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance(ms: number) {
      const end = now + ms
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        now = Math.max(now, next.at)
        next.run()
      }
      now = end
    },
  }
}

test('stamps are read back', () => {
  const stamp = { sequence: 7, sentAt: 12.5, key: false }
  expect(readStamp('vp8', syntheticVp8(200, stamp))).toEqual(stamp)
  expect(readStamp('vp8', syntheticVp8(0, { ...stamp, key: true }))).toEqual({ ...stamp, key: true })
  expect(readStamp('opus', syntheticOpus(100, stamp))).toMatchObject({ sequence: 7, sentAt: 12.5 })
  expect(readStamp('vp8', new Uint8Array(5))).toBeNull()
})

test('a picture has its rate, and a key frame at the start and when asked', () => {
  const clock = handClock()
  const source = startSyntheticVideo({ clock, fps: 30, frameBytes: 500 })
  const frames: EncodedFrame[] = []
  source.track.subscribe((frame) => frames.push(frame))
  clock.advance(999)
  source.track.wantKeyFrame()
  clock.advance(1000)
  expect(frames.length).toBeGreaterThanOrEqual(59)
  expect(frames.length).toBeLessThanOrEqual(61)
  const keys = frames.flatMap(({ data }, index) => (isVp8KeyFrame(data) ? [index] : []))
  expect(keys).toEqual([0, 30])
  expect(frames[1]!.timestamp - frames[0]!.timestamp).toBe(3000)
  source.stop()
  clock.advance(1000)
  expect(frames).toHaveLength(source.sent)
})

test('[FRM4] sound is 50 well-formed packets a second, all of one size', () => {
  const clock = handClock()
  const source = startSyntheticAudio({ clock, packetBytes: 120 })
  const frames: EncodedFrame[] = []
  source.track.subscribe((frame) => frames.push(frame))
  clock.advance(60_000)
  source.stop()
  expect(new Set(frames.map(({ data }) => data.length))).toEqual(new Set([120]))
  expect(frames.length).toBeGreaterThan(2990)
  expect(frames.every(({ data }) => parseOpus(data).ok)).toBe(true)
  expect(frames[1]!.timestamp - frames[0]!.timestamp).toBe(960)
})
