/**
 * One person's file [REC5]: encoded frames written as they are into WebM or MP4, sound and picture as tracks of one file,
 * a shared screen as a file of its own. Time zero is the recording's start in every file, so that they lie side by side.
 */

import { vp8PictureSize } from '@huisclos/rtp'
import type { StreamTargetChunk } from 'mediabunny'
import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  WebMOutputFormat,
} from 'mediabunny'
import type { OpenFrame } from './open-frames.ts'

export type MediaFormat = 'webm' | 'mp4'
const AUDIO_FRAME_S = 0.02
const VIDEO_FRAME_S = 1 / 30

export interface PersonFileOptions {
  format: MediaFormat
  /** Which tracks will come; a track that is promised and gets no frame is empty. */
  tracks: { audio: boolean; video: boolean }
  writable: WritableStream<StreamTargetChunk>
  channels: number
  title: string
}

/** What of a track was written, microseconds since the recording's start. */
export interface WrittenTrack {
  kind: 'audio' | 'video'
  frames: number
  firstUs: number
  lastUs: number
}

export class PersonFile {
  readonly #output: Output
  readonly #audio: EncodedAudioPacketSource | undefined
  readonly #video: EncodedVideoPacketSource | undefined
  readonly #channels: number
  readonly #written = new Map<'audio' | 'video', WrittenTrack>()

  constructor({ format, tracks, writable, channels, title }: PersonFileOptions) {
    const kind = format === 'webm' ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: 'fragmented' })
    this.#output = new Output({ format: kind, target: new StreamTarget(writable, { chunked: true }) })
    this.#channels = channels
    if (tracks.video) {
      this.#video = new EncodedVideoPacketSource('vp8')
      this.#output.addVideoTrack(this.#video)
    }
    if (tracks.audio) {
      this.#audio = new EncodedAudioPacketSource('opus')
      this.#output.addAudioTrack(this.#audio)
    }
    this.#output.setMetadataTags({ title })
  }

  start(): Promise<void> {
    return this.#output.start()
  }

  /** A picture before the first key frame cannot be shown and is left out. */
  async add(frame: OpenFrame): Promise<void> {
    const written = this.#written.get(frame.kind)
    if (written ? frame.timeUs <= written.lastUs : !frame.isKey) return
    if (frame.kind === 'audio') await this.#addAudio(frame, !written)
    else await this.#addVideo(frame, !written)
    const { firstUs = frame.timeUs, frames = 0 } = written ?? {}
    const next = { kind: frame.kind, frames: frames + 1, firstUs, lastUs: frame.timeUs }
    this.#written.set(frame.kind, next)
  }

  /** Resolves when the file is whole. */
  async finish(): Promise<WrittenTrack[]> {
    await this.#output.finalize()
    return [...this.#written.values()]
  }

  async #addAudio({ data, timeUs }: OpenFrame, first: boolean): Promise<void> {
    const packet = new EncodedPacket(data, 'key', timeUs / 1e6, AUDIO_FRAME_S)
    const decoderConfig = { codec: 'opus', numberOfChannels: this.#channels, sampleRate: 48_000 }
    await this.#audio?.add(packet, first ? { decoderConfig } : undefined)
  }

  async #addVideo({ data, timeUs, isKey }: OpenFrame, first: boolean): Promise<void> {
    const packet = new EncodedPacket(data, isKey ? 'key' : 'delta', timeUs / 1e6, VIDEO_FRAME_S)
    const size = first ? vp8PictureSize(data) : null
    const decoderConfig = { codec: 'vp8', codedWidth: size?.width ?? 640, codedHeight: size?.height ?? 360 }
    await this.#video?.add(packet, first ? { decoderConfig } : undefined)
  }
}
