/** Frames as a recording on this computer gets them, made up: right heads, no picture or sound inside. */
import type { PersonSource } from '@huisclos/participant'
import type { TappedFrame } from '../src/platform/recording/tapped-frame.ts'

export const BEGAN_AT = 1_800_000_000_000

export function vp8Frame(key: boolean, width = 320, height = 180, sizeBytes = 40): Uint8Array {
  const frame = new Uint8Array(sizeBytes)
  frame[0] = key ? 0x10 : 0x11
  if (key) frame.set([0x9d, 0x01, 0x2a, width & 0xff, width >> 8, height & 0xff, height >> 8], 3)
  return frame
}

/** 20 ms, mono. */
export const opusFrame = (sizeBytes = 60): Uint8Array => new Uint8Array(sizeBytes).fill(0x78, 0, 1)

export interface FrameWish {
  person?: string
  leaf?: number | null
  source?: PersonSource
  stream?: number
  layer?: number
  key?: boolean
  /** Ms since the recording began, on the sender's clock. */
  taken: number
  /** Ms on the way. */
  delay?: number
  width?: number
  sizeBytes?: number
}

export function tapped(wish: FrameWish): TappedFrame {
  const { person = 'ada', source = 'camera', stream = 1, layer = 0, taken, delay = 0 } = wish
  const isAudio = source === 'microphone' || source === 'screen-audio'
  const key = wish.key ?? false
  const bytes = isAudio
    ? opusFrame(wish.sizeBytes)
    : vp8Frame(key, wish.width, ((wish.width ?? 320) * 9) / 16, wish.sizeBytes)
  return {
    person,
    leaf: wish.leaf ?? 1,
    source,
    codec: isAudio ? 'opus' : 'vp8',
    stream,
    layer,
    key,
    rtp: Math.round(taken * (isAudio ? 48 : 90) + 4_294_900_000) % 2 ** 32,
    at: BEGAN_AT + taken + delay + (isAudio ? 20 : 0),
    data: bytes.slice().buffer,
  }
}
