/**
 * The second reading: packets put in order, frames put together and decrypted [REC5]. Yields frames as they become whole,
 * each stream's in order; what does not open is counted with its reason and never given out.
 */
import type { RecordingReader } from '@huisclos/archive'
import { clearBytesOf, decodeHeader, encodeMetadata, open } from '@huisclos/crypto/sframe'
import type { AssembledFrame } from '@huisclos/rtp'
import { decodeRtp, FrameAssembler, isVp8KeyFrame, ReorderBuffer } from '@huisclos/rtp'
import type { Collected, OnProgress, RecordedStream } from './collect-recording.ts'
import type { GapReason } from './gap-list.ts'
import { GapList } from './gap-list.ts'
import type { Person, StreamKeys } from './stream-keys.ts'

export interface OpenFrame {
  person: Person
  /** As its sender announced it: camera, microphone, screen … */
  source: string
  kind: 'audio' | 'video'
  producer: string
  /** Microseconds since the recording's start; in one stream never going back. */
  timeUs: number
  isKey: boolean
  data: Uint8Array
}

/** How long a packet that is missing is waited for. */
const PATIENCE_MS = 400

export class FrameOpener {
  readonly #keys: StreamKeys
  readonly #streams = new Map<number, StreamOpener>()
  readonly gaps = new GapList()

  constructor(collected: Collected, keys: StreamKeys) {
    this.#keys = keys
    for (const stream of collected.streams.values()) {
      const opener = openerOf(stream, keys, this.gaps)
      if (opener) this.#streams.set(stream.number, opener)
      else if (stream.packets > 0) {
        const why = keys.ownerOf(stream.description.producer) ? 'codec-unsupported' : 'no-key'
        this.gaps.add(stream.number, why, stream.firstUs, stream.lastUs)
      }
    }
  }

  async *frames(reader: RecordingReader, onProgress: OnProgress = () => {}): AsyncGenerator<OpenFrame> {
    for await (const record of reader.records()) {
      if (record.type !== 'rtp') continue
      const packet = this.#streams.has(record.stream) ? decodeRtp(record.packet) : null
      if (!packet) continue
      onProgress(record.timeUs)
      const payload = packet.payload.slice()
      yield* this.#streams.get(record.stream)?.push({ ...packet, payload }, record.timeUs) ?? []
    }
    for (const stream of this.#streams.values()) yield* stream.end()
  }

  /** Whose streams were opened, by stream number. */
  personOf(stream: RecordedStream): Person | undefined {
    return this.#keys.ownerOf(stream.description.producer)?.person
  }
}

function openerOf(stream: RecordedStream, keys: StreamKeys, gaps: GapList): StreamOpener | undefined {
  const codec = stream.description.mimeType.split('/')[1]?.toLowerCase()
  if (!keys.ownerOf(stream.description.producer) || (codec !== 'opus' && codec !== 'vp8')) return undefined
  return new StreamOpener(stream, codec, keys, gaps)
}

class StreamOpener {
  readonly #stream: RecordedStream
  readonly #codec: 'opus' | 'vp8'
  readonly #keys: StreamKeys
  readonly #gaps: GapList
  readonly #order = new ReorderBuffer(PATIENCE_MS)
  readonly #assembler: FrameAssembler
  readonly #timeOf: (timestamp: number) => number
  #lastUs = -1

  constructor(stream: RecordedStream, codec: 'opus' | 'vp8', keys: StreamKeys, gaps: GapList) {
    this.#stream = stream
    this.#codec = codec
    this.#keys = keys
    this.#gaps = gaps
    this.#assembler = new FrameAssembler(codec)
    this.#timeOf = stream.clock.reader()
  }

  async *push(packet: NonNullable<ReturnType<typeof decodeRtp>>, timeUs: number): AsyncGenerator<OpenFrame> {
    yield* this.#take(this.#order.push(packet, timeUs / 1000), timeUs)
  }

  async *end(): AsyncGenerator<OpenFrame> {
    yield* this.#take(this.#order.poll(Number.POSITIVE_INFINITY), this.#stream.lastUs)
  }

  async *#take(ordered: ReturnType<ReorderBuffer['push']>, timeUs: number): AsyncGenerator<OpenFrame> {
    for (const packet of ordered) {
      if (packet === 'gap') {
        this.#assembler.gap()
        this.#gaps.add(
          this.#stream.number,
          'packets-missing',
          this.#lastUs < 0 ? timeUs : this.#lastUs,
          timeUs,
        )
        continue
      }
      const frame = this.#assembler.push(packet)
      const opened = frame && (await this.#open(frame, timeUs))
      if (opened) yield opened
    }
  }

  async #open(frame: AssembledFrame, arrivalUs: number): Promise<OpenFrame | undefined> {
    const at = this.#timeOf(frame.timestamp)
    const opened = await this.#decrypt(frame.data, arrivalUs)
    if (typeof opened === 'string') {
      this.#gaps.add(this.#stream.number, opened, at, at)
      return undefined
    }
    this.#lastUs = Math.max(at, this.#lastUs + 1)
    const { kind, producer } = this.#stream.description
    const isKey = kind === 'audio' || isVp8KeyFrame(opened.data)
    const { person, sealed } = opened.entry
    return { person, source: sealed.source, kind, producer, timeUs: this.#lastUs, isKey, data: opened.data }
  }

  async #decrypt(data: Uint8Array, arrivalUs: number) {
    const clearSize = clearBytesOf(this.#codec, data)
    const header = clearSize === undefined ? undefined : decodeHeader(data.subarray(clearSize))
    if (clearSize === undefined || !header?.ok) return 'malformed' satisfies GapReason
    const { kind, producer } = this.#stream.description
    const clear = data.subarray(0, clearSize)
    const metadata = encodeMetadata(this.#codec, kind, clear)
    let why: GapReason = 'no-key'
    for (const entry of this.#keys.find(producer, header.kid, arrivalUs)) {
      const opened = await open(await entry.key(), metadata, data.subarray(clearSize))
      why = 'bad-tag'
      if (!opened.ok) continue
      if (!entry.window.accept(opened.ctr)) return 'replayed' satisfies GapReason
      const whole = new Uint8Array(clearSize + opened.plaintext.length)
      whole.set(clear)
      whole.set(opened.plaintext, clearSize)
      return { data: whole, entry }
    }
    return why
  }
}
