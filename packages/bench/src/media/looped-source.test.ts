import { parseOpus } from '@huisclos/crypto/sframe'
import type { EncodedFrame } from '@huisclos/node-media'
import { isVp8KeyFrame, vp8PictureSize } from '@huisclos/rtp'
import { FakeClock } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import { LOOP_PICTURES, LOOP_SOUND, readLoop } from './loop-files.ts'
import { startLoopedAudio, startLoopedVideo } from './looped-source.ts'

const LAYERS = [0, 1, 2] as const

/** A looped camera, and the frames of each of its layers as they come. */
function watchVideo(clock: FakeClock) {
  const source = startLoopedVideo({ clock })
  const layers: EncodedFrame[][] = LAYERS.map(() => [])
  source.track.subscribe((frame) => layers[frame.layer ?? 0]?.push(frame))
  return { source, layers }
}

const keysOf = (frames: EncodedFrame[]) => frames.flatMap(({ data }, at) => (isVp8KeyFrame(data) ? [at] : []))

test('the loops in the repository are 3 s of real frames: three layers with a key frame each second, and sound', () => {
  for (const { name, width, height, bitrate } of LOOP_PICTURES) {
    const { frames, ...file } = readLoop(name)
    expect(file).toEqual({ codec: 'vp8', width, height, ticksPerFrame: 4500 })
    expect(frames).toHaveLength(60)
    const keys = frames.flatMap((frame, at) => (isVp8KeyFrame(frame) ? [at] : []))
    expect(keys).toEqual([0, 20, 40])
    const bytes = frames.reduce((sum, { length }) => sum + length, 0)
    expect(Math.abs((bytes * 8) / 3 / bitrate - 1)).toBeLessThan(0.25)
  }
  const sound = readLoop(LOOP_SOUND.name)
  expect(sound).toMatchObject({ codec: 'opus', ticksPerFrame: 960 })
  expect(sound.frames).toHaveLength(150)
})

test('each layer runs through its whole loop and begins again, all at the same times', async () => {
  const clock = new FakeClock()
  const { source, layers } = watchVideo(clock)
  await clock.advance(6_990)
  source.stop()
  for (const layer of LAYERS) {
    const { frames } = readLoop(LOOP_PICTURES[layer].name)
    expect(layers[layer]).toHaveLength(140)
    expect(layers[layer]!.every(({ data }, at) => data === frames[at % 60])).toBe(true)
    expect(layers[layer]!.every(({ timestamp }, at) => timestamp === at * 4500)).toBe(true)
  }
  expect(source.sent).toBe(140)
  await clock.advance(1_000)
  expect(layers[0]).toHaveLength(140)
})

test('a key frame that is asked for comes next, in the layer that was asked alone', async () => {
  const clock = new FakeClock()
  const { source, layers } = watchVideo(clock)
  await clock.advance(240)
  source.track.wantKeyFrame(1)
  await clock.advance(800)
  source.stop()
  expect(layers[1]).toHaveLength(21)
  expect(keysOf(layers[0]!)).toEqual([0, 20])
  expect(keysOf(layers[1]!)).toEqual([0, 5])
  expect(keysOf(layers[2]!)).toEqual([0, 20])
  expect(vp8PictureSize(layers[1]![5]!.data)).toEqual({ width: 320, height: 180 })
})

test('asked of all layers, all answer; from the last second the loop goes on from its start', async () => {
  const clock = new FakeClock()
  const { source, layers } = watchVideo(clock)
  await clock.advance(2_490)
  source.track.wantKeyFrame()
  await clock.advance(100)
  source.stop()
  for (const layer of LAYERS) {
    expect(layers[layer]![50]!.data).toBe(readLoop(LOOP_PICTURES[layer].name).frames[0])
  }
})

test('layers are announced as browsers announce theirs', () => {
  const source = startLoopedVideo({ clock: new FakeClock() })
  source.stop()
  expect(source.track.layers).toEqual([
    { scaleResolutionDownBy: 4, maxBitrate: 80_000 },
    { scaleResolutionDownBy: 2, maxBitrate: 200_000 },
    { scaleResolutionDownBy: 1, maxBitrate: 500_000 },
  ])
})

test('[FRM4] looped sound is 50 well-formed packets a second, all of the size that the client sends', async () => {
  const clock = new FakeClock()
  const source = startLoopedAudio({ clock })
  const frames: EncodedFrame[] = []
  source.track.subscribe((frame) => frames.push(frame))
  await clock.advance(5_990)
  source.stop()
  expect(frames).toHaveLength(300)
  expect(frames.every(({ data }) => data.length === 102 && parseOpus(data).ok)).toBe(true)
  expect(frames.every(({ timestamp }, at) => timestamp === at * 960)).toBe(true)
})
