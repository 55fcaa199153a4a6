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
import { opusDurationUs, SILENT_OPUS, SILENT_OPUS_US } from './opus-packet.ts'
import { SteadySound } from './steady-sound.ts'

export type MediaFormat = 'webm' | 'mp4'
const VIDEO_FRAME_S = 1 / 30

export interface PersonFileOptions {
  format: MediaFormat
  /** Which tracks will come; a track that is promised and gets no frame is empty. */
  tracks: { audio: boolean; video: boolean }
  writable: WritableStream<StreamTargetChunk>
  channels: number
  title: string
  /**
   * Sound without holes from the start to the end, which every file then has; and the last key picture once more at the end,
   * since a player (Firefox) takes the end of the pictures for the end of the file.
   */
  steady: boolean
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
  readonly #steady: SteadySound | undefined
  #hasSound = false
  #lastKey: OpenFrame | undefined
  readonly #written = new Map<'audio' | 'video', WrittenTrack>()

  constructor({ format, tracks, writable, channels, title, steady }: PersonFileOptions) {
    const kind = format === 'webm' ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: 'fragmented' })
    this.#output = new Output({ format: kind, target: new StreamTarget(writable, { chunked: true }) })
    this.#channels = channels
    if (steady) this.#steady = new SteadySound()
    if (tracks.video) {
      this.#video = new EncodedVideoPacketSource('vp8')
      this.#output.addVideoTrack(this.#video)
    }
    if (tracks.audio || steady) {
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
    if (frame.kind === 'audio') await this.#addAudio(frame)
    else await this.#addVideo(frame, !written)
    const { firstUs = frame.timeUs, frames = 0 } = written ?? {}
    const next = { kind: frame.kind, frames: frames + 1, firstUs, lastUs: frame.timeUs }
    this.#written.set(frame.kind, next)
  }

  /** Resolves when the file is whole. `endUs`: of the recording. */
  async finish(endUs: number): Promise<WrittenTrack[]> {
    const rest = this.#steady?.end(endUs)
    if (rest) await this.#addSilence(rest.silent, rest.fromUs)
    await this.#holdPicture(endUs)
    await this.#output.finalize()
    return [...this.#written.values()]
  }

  async #holdPicture(endUs: number): Promise<void> {
    const lastUs = this.#written.get('video')?.lastUs ?? endUs
    const timeUs = endUs - Math.round(VIDEO_FRAME_S * 1e6)
    if (this.#lastKey && timeUs > lastUs) await this.#addVideo({ ...this.#lastKey, timeUs }, false)
  }

  async #addAudio({ data, timeUs }: OpenFrame): Promise<void> {
    const durationUs = opusDurationUs(data)
    if (!this.#steady) return this.#addPacket(data, timeUs, durationUs)
    const place = this.#steady.place(timeUs, durationUs)
    if (!place) return
    await this.#addSilence(place.silent, place.fromUs)
    await this.#addPacket(data, place.fromUs + place.silent * SILENT_OPUS_US, durationUs)
  }

  async #addSilence(packets: number, fromUs: number): Promise<void> {
    for (let i = 0; i < packets; i++)
      await this.#addPacket(SILENT_OPUS, fromUs + i * SILENT_OPUS_US, SILENT_OPUS_US)
  }

  async #addPacket(data: Uint8Array, timeUs: number, durationUs: number): Promise<void> {
    const packet = new EncodedPacket(data, 'key', timeUs / 1e6, durationUs / 1e6)
    const decoderConfig = { codec: 'opus', numberOfChannels: this.#channels, sampleRate: 48_000 }
    await this.#audio?.add(packet, this.#hasSound ? undefined : { decoderConfig })
    this.#hasSound = true
  }

  async #addVideo(frame: OpenFrame, first: boolean): Promise<void> {
    const { data, timeUs, isKey } = frame
    if (this.#steady && isKey) this.#lastKey = frame
    const packet = new EncodedPacket(data, isKey ? 'key' : 'delta', timeUs / 1e6, VIDEO_FRAME_S)
    const size = first ? vp8PictureSize(data) : null
    const decoderConfig = { codec: 'vp8', codedWidth: size?.width ?? 640, codedHeight: size?.height ?? 360 }
    await this.#video?.add(packet, first ? { decoderConfig } : undefined)
  }
}
