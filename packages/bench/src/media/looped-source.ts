/**
 * Sources of really encoded frames: the loops of packages/bench/media, round and round, the picture in all its simulcast
 * layers. A key frame that is asked for comes with the next frame: that layer goes on from its next key frame in the loop.
 */

import type { RunningSource } from '@huisclos/node-media'
import { EncodedTrack, runSource } from '@huisclos/node-media'
import type { Clock } from '@huisclos/participant'
import { isVp8KeyFrame } from '@huisclos/rtp'
import type { LoopFile } from './loop-file.ts'
import { CLOCK_RATES } from './loop-file.ts'
import { LOOP_PICTURES, LOOP_SOUND, readLoop } from './loop-files.ts'

/** Where one layer is in its loop. */
class LoopCursor {
  readonly #frames: readonly Uint8Array[]
  #at = 0
  #wantsKey = false

  constructor({ frames }: LoopFile) {
    this.#frames = frames
  }

  wantKey(): void {
    this.#wantsKey = true
  }

  next(): Uint8Array {
    if (this.#wantsKey) this.#at = this.#keyFrom(this.#at)
    this.#wantsKey = false
    const frame = this.#frames[this.#at]
    if (!frame) throw new Error('an empty loop')
    this.#at = (this.#at + 1) % this.#frames.length
    return frame
  }

  /** The loop's start is one: decodeLoopFile sees to it. */
  #keyFrom(at: number): number {
    const found = this.#frames.findIndex((frame, index) => index >= at && isVp8KeyFrame(frame))
    return Math.max(0, found)
  }
}

const msOf = ({ codec, ticksPerFrame }: LoopFile): number => (ticksPerFrame * 1_000) / CLOCK_RATES[codec]

/**
 * A camera of three layers (160 × 90, 320 × 180, 640 × 360), about 0.8 Mbit/s together.
 * @throws LoopFileError
 */
export function startLoopedVideo({ clock }: { clock: Clock }): RunningSource {
  const files = LOOP_PICTURES.map(({ name }) => readLoop(name))
  const widest = Math.max(...files.map(({ width }) => width))
  const layers = LOOP_PICTURES.map(({ width, bitrate }) => ({
    scaleResolutionDownBy: widest / width,
    maxBitrate: bitrate,
  }))
  const [timing] = files
  if (!timing || files.some((file) => file.ticksPerFrame !== timing.ticksPerFrame))
    throw new Error('layers of different frame rates')
  const track = new EncodedTrack('vp8', layers)
  const cursors = files.map((file) => new LoopCursor(file))
  track.onKeyFrameWanted = (layer) => {
    for (const cursor of layer === null ? cursors : cursors.slice(layer, layer + 1)) cursor.wantKey()
  }
  return runSource(track, clock, msOf(timing), (sequence) => {
    const timestamp = sequence * timing.ticksPerFrame
    cursors.forEach((cursor, layer) => {
      track.push({ data: cursor.next(), timestamp, layer })
    })
  })
}

/** A microphone: packets of 20 ms, all of one size (FRM4). @throws LoopFileError */
export function startLoopedAudio({ clock }: { clock: Clock }): RunningSource {
  const file = readLoop(LOOP_SOUND.name)
  const track = new EncodedTrack('opus')
  const cursor = new LoopCursor(file)
  return runSource(track, clock, msOf(file), (sequence) => {
    track.push({ data: cursor.next(), timestamp: sequence * file.ticksPerFrame })
  })
}
