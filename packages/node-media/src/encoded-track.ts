/**
 * A track: a pipe of encoded frames, from a source to the sender or from a receiver to whoever watches. Holds
 * no frames back.
 */
import type { FrameCodec } from '@huisclos/rtp'

export interface EncodedFrame {
  /** One encoded frame in clear; its owner does not touch it any more. */
  data: Uint8Array
  /** In the codec's clock, any origin. */
  timestamp: number
  /** Which of the track's layers this is a frame of; the first when absent. */
  layer?: number
}

/** What the server is told of one layer, as of an encoding of WebRTC. */
export interface TrackLayer {
  scaleResolutionDownBy?: number
  /** In bit/s. */
  maxBitrate?: number
}

export class EncodedTrack {
  readonly codec: FrameCodec
  /** Simulcast layers, smallest first; one where there is no simulcast. */
  readonly layers: readonly TrackLayer[]
  readonly #listeners = new Set<(frame: EncodedFrame) => void>()
  /** Set by the source: the next frame is to be a key frame, of that layer or (null) of all. */
  onKeyFrameWanted: (layer: number | null) => void = () => undefined

  constructor(codec: FrameCodec, layers: readonly TrackLayer[] = [{}]) {
    this.codec = codec
    this.layers = layers
  }

  get kind(): 'audio' | 'video' {
    return this.codec === 'opus' ? 'audio' : 'video'
  }

  push(frame: EncodedFrame): void {
    for (const listener of this.#listeners) listener(frame)
  }

  /** Calls `listener` for each frame from now on; the result ends that. */
  subscribe(listener: (frame: EncodedFrame) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  wantKeyFrame(layer: number | null = null): void {
    this.onKeyFrameWanted(layer)
  }
}
