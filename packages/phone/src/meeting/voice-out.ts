/** One caller's sound on its way to the meeting: Opus at constant rate (FRM4), as a track that the engine seals. */
import { EncodedTrack } from '@huisclos/node-media'
import { makeCodec } from '../audio/voice-codec.ts'

export class VoiceOut {
  readonly track = new EncodedTrack('opus')
  readonly #codec = makeCodec('meeting')
  #timestamp = 0

  speak(frame: Int16Array): void {
    const data = this.#codec.encode(frame)
    this.track.push({ data: data, timestamp: this.#timestamp })
    this.#timestamp += this.#codec.timestampStep
  }
}
