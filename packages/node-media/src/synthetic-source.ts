/**
 * Sources of frames that no encoder made: right in every bit that the SFU looks at (VP8's key frame bit, Opus' framing),
 * with a number and a time in the body, so that a receiver can tell which frame it has and how long it took.
 */
import { randomFillSync } from 'node:crypto'
import type { Clock } from '@huisclos/participant'
import { isVp8KeyFrame } from '@huisclos/rtp'
import { EncodedTrack } from './encoded-track.ts'
import type { RunningSource } from './running-source.ts'
import { runSource } from './running-source.ts'

/** What a synthetic frame says of itself. `sentAt` is the source clock's time in ms. */
export interface Stamp {
  sequence: number
  sentAt: number
  key: boolean
}

const VP8_HEADER_BYTES = 10
const OPUS_HEADER_BYTES = 1
const STAMP_BYTES = 16
/** One 20 ms CELT frame a packet, mono. */
const OPUS_TOC = 0xf8
const OPUS_FRAME_MS = 20
/** RFC 6386 §9.1: frame tag (key, shown, no first partition to speak of), start code, 640 × 360. */
const KEY_HEADER = [0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01]
const DELTA_FIRST_BYTE = 0x11

function stamped(bytes: number, headerBytes: number, sequence: number, sentAt: number): Uint8Array {
  const frame = randomFillSync(new Uint8Array(Math.max(bytes, headerBytes + STAMP_BYTES)))
  const view = new DataView(frame.buffer)
  view.setFloat64(headerBytes, sequence)
  view.setFloat64(headerBytes + 8, sentAt)
  return frame
}

/** A frame of `bytes` bytes, or as many as the header and stamp need. */
export function syntheticVp8(bytes: number, { sequence, sentAt, key }: Stamp): Uint8Array {
  const frame = stamped(bytes, VP8_HEADER_BYTES, sequence, sentAt)
  if (key) frame.set(KEY_HEADER)
  else frame[0] = DELTA_FIRST_BYTE
  return frame
}

export function syntheticOpus(bytes: number, { sequence, sentAt }: Omit<Stamp, 'key'>): Uint8Array {
  const packet = stamped(bytes, OPUS_HEADER_BYTES, sequence, sentAt)
  packet[0] = OPUS_TOC
  return packet
}

/** Reads a synthetic frame's stamp; null when the frame is too short to have one. */
export function readStamp(codec: EncodedTrack['codec'], frame: Uint8Array): Stamp | null {
  const headerBytes = codec === 'vp8' ? VP8_HEADER_BYTES : OPUS_HEADER_BYTES
  if (frame.length < headerBytes + STAMP_BYTES) return null
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const key = codec === 'opus' || isVp8KeyFrame(frame)
  return { sequence: view.getFloat64(headerBytes), sentAt: view.getFloat64(headerBytes + 8), key }
}

/** A picture of `fps` frames a second; key frames are four times as large and come when asked for. */
export function startSyntheticVideo(options: {
  clock: Clock
  fps: number
  frameBytes: number
}): RunningSource {
  const { clock, fps, frameBytes } = options
  const track = new EncodedTrack('vp8')
  let key = true
  track.onKeyFrameWanted = () => {
    key = true
  }
  return runSource(track, clock, 1000 / fps, (sequence) => {
    const data = syntheticVp8(key ? frameBytes * 4 : frameBytes, { sequence, sentAt: clock.now(), key })
    key = false
    track.push({ data, timestamp: Math.round((sequence * 90_000) / fps) })
  })
}

/** A sound: 50 packets a second, all of one size (FRM4). */
export function startSyntheticAudio(options: { clock: Clock; packetBytes: number }): RunningSource {
  const { clock, packetBytes } = options
  const track = new EncodedTrack('opus')
  return runSource(track, clock, OPUS_FRAME_MS, (sequence) => {
    const data = syntheticOpus(packetBytes, { sequence, sentAt: clock.now() })
    track.push({ data, timestamp: sequence * OPUS_FRAME_MS * 48 })
  })
}
