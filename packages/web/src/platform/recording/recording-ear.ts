/**
 * The frame worker's side of a recording (LREC1, LREC2): what a frame's transform lets be heard, with the frame's own
 * clock. Costs nothing while nothing is recorded.
 */
import type { Codec } from '@huisclos/crypto/sframe'
import type { Source } from '@huisclos/participant'
import { isCallerSource } from '@huisclos/participant/media-adapter'
import type { HeardSender } from '../frame-messages.ts'
import { FrameTap } from './frame-tap.ts'
import type { BatchWritten, TappedFrame } from './tapped-frame.ts'

/** The part of `RTCEncodedVideoFrame` and `RTCEncodedAudioFrame` that is used. */
interface Encoded {
  readonly timestamp?: number
  getMetadata(): { rtpTimestamp?: number; synchronizationSource?: number }
}

export interface Heard {
  own(role: { source: Source; stream: number }, clear: Uint8Array): void
  of(sender: HeardSender, clear: Uint8Array): void
}

export class RecordingEar {
  readonly #now: () => number
  #tap: FrameTap | null = null
  #port: MessagePort | null = null

  /** `now`: Unix milliseconds with fractions, the same in all workers of the page. */
  constructor(now: () => number) {
    this.#now = now
  }

  listen(port: MessagePort | null): void {
    this.#tap?.flush()
    this.#port?.close()
    this.#port = port
    if (!port) {
      this.#tap = null
      return
    }
    const tap = new FrameTap(port)
    this.#tap = tap
    port.onmessage = ({ data }: MessageEvent<BatchWritten>) => tap.written(data.writtenBytes)
  }

  only(leaves: readonly number[], own: boolean): void {
    this.#tap?.only(leaves, own)
  }

  /** To be called as the frame comes; null while nothing is recorded. */
  hear(frame: Encoded, codec: Codec, key: boolean): Heard | null {
    if (!this.#tap) return null
    const { rtpTimestamp, synchronizationSource } = frame.getMetadata()
    const about = { codec, key, rtp: (rtpTimestamp ?? frame.timestamp ?? 0) >>> 0, at: this.#now() }
    const take = (
      whose: Pick<TappedFrame, 'person' | 'leaf' | 'source' | 'stream' | 'layer'>,
      data: Uint8Array,
    ) => this.#tap?.take({ ...about, ...whose }, data)
    return {
      own: ({ source, stream }, clear) => {
        if (isCallerSource(source)) return
        take({ person: '', leaf: null, source, stream, layer: synchronizationSource ?? 0 }, clear)
      },
      of: ({ member, leaf, source, stream }, clear) => {
        if (member !== undefined && source !== undefined && !isCallerSource(source))
          take({ person: member, leaf, source, stream, layer: 0 }, clear)
      },
    }
  }
}
