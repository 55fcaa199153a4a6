/**
 * From a journal to a file that other programs play (LREC4): WebM through mediabunny, each person's sound and picture in
 * a track of its own, nothing encoded anew. Memory holds the index and one frame of each track, however long it is.
 */
import type { AudioSource, StreamTargetChunk, VideoSource } from 'mediabunny'
import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Output,
  StreamTarget,
  WebMOutputFormat,
} from 'mediabunny'
import type { ByteSource } from './byte-source.ts'
import { windowed } from './byte-source.ts'
import type { IndexedTrack, JournalIndex } from './journal-index.ts'
import { joinLayers } from './superframe.ts'

export interface FileWords {
  /** What a track is called, such as "Ada, camera". */
  trackName(facts: IndexedTrack['facts']): string
  title: string
}

export interface WriteJob {
  index: JournalIndex
  journal: ByteSource
  to: WritableStream<StreamTargetChunk>
  words: FileWords
  /** 0 to 1. */
  progress(done: number): void
}

const SAMPLE_RATE = 48_000
const VP9_CODEC = 'vp09.00.31.08'

/** Rejects with what reading or writing rejects with; what was written is then of no use. */
export async function writeRecording({ index, journal, to, words, progress }: WriteJob): Promise<void> {
  const output = new Output({
    format: new WebMOutputFormat(),
    target: new StreamTarget(to, { chunked: true }),
  })
  const source = windowed(journal)
  const writers = index.tracks.map(
    (track) => new TrackWriter(output, track, source, words.trackName(track.facts)),
  )
  output.setMetadataTags({ title: words.title, date: new Date(index.facts.beganAt) })
  await output.start()
  // One frame of each track is ahead of the others: so the muxer never waits for one, holding all that the rest bring.
  for (const writer of writers) await writer.step()
  const total = writers.reduce((sum, { count }) => sum + count, 0)
  for (let done = 0; ; done++) {
    const next = earliest(writers)
    if (!next) break
    await next.step()
    if (done % 500 === 0) progress(Math.min(1, done / Math.max(1, total)))
  }
  await output.finalize()
  progress(1)
}

function earliest(writers: readonly TrackWriter[]): TrackWriter | null {
  let found: TrackWriter | null = null
  for (const writer of writers)
    if (writer.open && (!found || writer.lastTime < found.lastTime)) found = writer
  return found
}

class TrackWriter {
  readonly #track: IndexedTrack
  readonly #journal: ByteSource
  readonly #source: EncodedAudioPacketSource | EncodedVideoPacketSource
  #next = 0
  #lastTime = 0
  open = true

  constructor(output: Output, track: IndexedTrack, journal: ByteSource, name: string) {
    this.#track = track
    this.#journal = journal
    const { codec } = track.facts
    if (codec === 'opus') {
      const source = new EncodedAudioPacketSource('opus')
      output.addAudioTrack(source as AudioSource, { name })
      this.#source = source
    } else {
      const source = new EncodedVideoPacketSource(codec)
      output.addVideoTrack(source as VideoSource, { name })
      this.#source = source
    }
  }

  get count(): number {
    return this.#track.frames.count
  }

  /** Of the last frame that was handed on, in ms. */
  get lastTime(): number {
    return this.#lastTime
  }

  /** Hands the next frame on, or ends the track after its last. */
  async step(): Promise<void> {
    const { frames } = this.#track
    if (this.#next >= frames.count) {
      this.open = false
      this.#source.close()
      return
    }
    const at = this.#next
    const until = this.#pictureEnd(at)
    const layers: Uint8Array[] = []
    for (let i = at; i < until; i++) {
      // A copy: the muxer holds it until the other tracks have caught up, the window moves on.
      layers.push((await this.#journal.read(frames.offsetOf(i), frames.sizeOf(i))).slice())
    }
    this.#next = until
    this.#lastTime = frames.timeOf(at)
    await this.#add(joinLayers(layers), frames.isKey(at), at === 0)
  }

  /** Layers of one picture were taken at one moment. */
  #pictureEnd(at: number): number {
    const { frames, facts } = this.#track
    let until = at + 1
    if (facts.codec !== 'vp9') return until
    while (until < frames.count && frames.samePicture(at, until)) until++
    return until
  }

  async #add(data: Uint8Array, key: boolean, first: boolean): Promise<void> {
    const packet = new EncodedPacket(data, key ? 'key' : 'delta', this.#lastTime / 1000, 0)
    const { size, facts } = this.#track
    if (this.#source instanceof EncodedAudioPacketSource) {
      const stereo = facts.source === 'screen-audio' || ((data[0] ?? 0) & 4) !== 0
      const decoderConfig = { codec: 'opus', sampleRate: SAMPLE_RATE, numberOfChannels: stereo ? 2 : 1 }
      const description = opusHead(decoderConfig.numberOfChannels)
      return this.#source.add(
        packet,
        first ? { decoderConfig: { ...decoderConfig, description } } : undefined,
      )
    }
    const decoderConfig = {
      codec: facts.codec === 'vp9' ? VP9_CODEC : 'vp8',
      codedWidth: size?.width ?? 0,
      codedHeight: size?.height ?? 0,
    }
    return this.#source.add(packet, first ? { decoderConfig } : undefined)
  }
}

/** RFC 7845 §5.1. */
function opusHead(channels: number): Uint8Array {
  const head = new Uint8Array(19)
  const view = new DataView(head.buffer)
  head.set(new TextEncoder().encode('OpusHead'))
  head[8] = 1
  head[9] = channels
  // What the encoder puts before the first sample: 6.5 ms, as browsers' encoders do.
  view.setUint16(10, 312, true)
  view.setUint32(12, SAMPLE_RATE, true)
  return head
}
