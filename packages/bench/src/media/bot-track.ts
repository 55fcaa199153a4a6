/**
 * A track of a bot: a pipe of encoded frames, from a source to the sender or from a receiver to whoever watches. Holds
 * no frames back.
 */
import type { BotCodec } from './frame-assembler.ts'

export interface BotFrame {
  /** One encoded frame in clear; its owner does not touch it any more. */
  data: Uint8Array
  /** In the codec's clock, any origin. */
  timestamp: number
}

export class BotTrack {
  readonly codec: BotCodec
  readonly #listeners = new Set<(frame: BotFrame) => void>()
  /** Set by the source: the next frame is to be a key frame. */
  onKeyFrameWanted: () => void = () => undefined

  constructor(codec: BotCodec) {
    this.codec = codec
  }

  get kind(): 'audio' | 'video' {
    return this.codec === 'opus' ? 'audio' : 'video'
  }

  push(frame: BotFrame): void {
    for (const listener of this.#listeners) listener(frame)
  }

  /** Calls `listener` for each frame from now on; the result ends that. */
  subscribe(listener: (frame: BotFrame) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  wantKeyFrame(): void {
    this.onKeyFrameWanted()
  }
}
