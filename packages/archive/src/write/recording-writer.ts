/**
 * Writes a recording: takes packets as they come, brings them to the disk within a second, and pauses under a name when
 * the disk does not take them. Never throws into the path of media, never drops anything without writing down that it
 * did. Knows no keys; what it is given is ciphertext.
 */
import type { EnvelopeRecord } from '../format/envelope-body.ts'
import { encodeEnvelopeRecord } from '../format/envelope-body.ts'
import type { RecordingEvent } from '../format/event-body.ts'
import { encodeEvent } from '../format/event-body.ts'
import type { Ending, Statement } from '../format/manifest.ts'
import { encodeManifest, encodeStatement, MANIFEST_NAME } from '../format/manifest.ts'
import type { Sha256 } from '../format/merkle.ts'
import { MAX_BODY_BYTES, RecordType } from '../format/record.ts'
import type { StreamDescription } from '../format/stream-body.ts'
import { encodeStreamDescription } from '../format/stream-body.ts'
import type { PauseReason } from './missed.ts'
import { Missed } from './missed.ts'
import type { RecordingStart, RotationLimits } from './recording-builder.ts'
import { RecordingBuilder } from './recording-builder.ts'
import type { RecordingStore } from './recording-store.ts'
import { StoreError } from './recording-store.ts'
import { WriteQueue } from './write-queue.ts'

export interface WriterLimits extends RotationLimits {
  /** How often what has come in is written and synced. */
  flushMs: number
  /** What may wait for a slow disk before media is dropped. */
  bufferBytes: number
  /** With less than this left the recording pauses, so that it can still be ended properly; it resumes at twice that. */
  reserveBytes: number
}

export const defaultLimits: WriterLimits = {
  segmentBytes: 64 * 1024 * 1024,
  segmentUs: 300_000_000,
  flushMs: 250,
  bufferBytes: 16 * 1024 * 1024,
  reserveBytes: 16 * 1024 * 1024,
}

export type WriterState =
  | { at: 'running' }
  | { at: 'paused'; why: PauseReason; sinceUs: number }
  | { at: 'finishing' }
  | { at: 'finished' }

/** `unsealed`: the end could not be written; call `finish` again, or let recovery close the recording later. */
export type Finish = { at: 'sealed'; statement: Uint8Array } | { at: 'unsealed'; why: PauseReason }

export interface WriterOptions {
  store: RecordingStore
  sha256: Sha256
  /** Unix milliseconds with a fraction, never going back: `performance.timeOrigin + performance.now()`. */
  now: () => number
  limits?: Partial<WriterLimits>
  onState?: (state: WriterState) => void
}

export interface WriterStats {
  records: number
  bytes: number
  /** Not on the disk yet. */
  waitingBytes: number
  syncs: number
  segment: number
}

const MAX_STREAMS = 0xffff
/** Times the reserve. */
const PLENTY = 16
const ASK_AGAIN_MS = 1_000

export class RecordingWriter {
  readonly #options: WriterOptions
  readonly #limits: WriterLimits
  readonly #startedAtMs: number
  readonly #builder: RecordingBuilder
  readonly #queue: WriteQueue
  readonly #timer: ReturnType<typeof setInterval>
  #state: WriterState = { at: 'running' }
  #missed: Missed | null = null
  #statement: Statement | null = null
  #flushing: Promise<void> | null = null
  #ending = false
  #lastUs: number
  #streams: number
  #records = 0
  #bytes = 0
  #untakenBytes = 0
  #plentyUntilMs = 0

  /** For a new recording `start.segments` is empty; recover.ts makes the one of a recording that goes on. */
  constructor(options: WriterOptions, start: RecordingStart, streamsUsed = 0) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#startedAtMs = start.startedAtMs
    this.#lastUs = start.openedUs
    this.#streams = streamsUsed
    this.#builder = new RecordingBuilder(options.sha256, this.#limits, start)
    this.#queue = new WriteQueue(options.store)
    this.#timer = setInterval(() => void this.flush(), this.#limits.flushMs)
  }

  get state(): WriterState {
    return this.#state
  }

  get stats(): WriterStats {
    return {
      records: this.#records,
      bytes: this.#bytes,
      waitingBytes: this.#queue.bytes + this.#untakenBytes,
      syncs: this.#queue.syncs,
      segment: this.#builder.segmentNumber,
    }
  }

  /** The index that the stream's packets carry; null when this recording has had as many as it can count. */
  openStream(stream: StreamDescription): number | null {
    if (this.#streams >= MAX_STREAMS) return null
    this.#streams += 1
    this.#add(RecordType.streamOpened, this.#streams, encodeStreamDescription(stream))
    return this.#streams
  }

  closeStream(stream: number): void {
    this.#add(RecordType.streamClosed, stream, new Uint8Array())
  }

  /** Copies the packet. */
  rtp(stream: number, packet: Uint8Array): void {
    this.#add(RecordType.rtp, stream, packet)
  }

  /** Copies the packet. */
  rtcp(stream: number, packet: Uint8Array): void {
    this.#add(RecordType.rtcp, stream, packet)
  }

  envelope(envelope: EnvelopeRecord): void {
    this.#add(RecordType.envelope, 0, encodeEnvelopeRecord(envelope))
  }

  /** Where no span is given, it is this moment. */
  event(event: Pick<RecordingEvent, 'code'> & Partial<RecordingEvent>): void {
    const nowUs = this.nowUs()
    const whole = { fromUs: nowUs, toUs: nowUs, records: null, bytes: null, detail: '', ...event }
    this.#add(RecordType.event, 0, encodeEvent(whole))
  }

  /** Microseconds since the recording's start. */
  nowUs(): number {
    this.#lastUs = Math.max(this.#lastUs, Math.round((this.#options.now() - this.#startedAtMs) * 1000))
    return this.#lastUs
  }

  /** Brings what came in so far to the disk, where that works; the timer does it four times a second. */
  flush(): Promise<void> {
    this.#flushing ??= this.#attempt().finally(() => {
      this.#flushing = null
    })
    return this.#flushing
  }

  /** Ends the recording: footer, manifest without signature. */
  async finish(ended: Ending = 'stopped'): Promise<Finish> {
    clearInterval(this.#timer)
    this.#ending = true
    await this.flush()
    // Once more: an attempt may have been under way when the last packets came.
    await this.flush()
    const paused = this.#pausedBy()
    if (paused) return { at: 'unsealed', why: paused }
    this.#enter({ at: 'finishing' })
    this.#statement ??= this.#builder.finish(ended)
    const statement = encodeStatement(this.#statement)
    await this.flush()
    const full = this.#pausedBy()
    if (full) return { at: 'unsealed', why: full }
    try {
      await this.#queue.close()
      const manifest = encodeManifest({ statement, signature: new Uint8Array() })
      await this.#options.store.replace(MANIFEST_NAME, manifest)
    } catch (error) {
      return { at: 'unsealed', why: this.#pause(error).why }
    }
    this.#enter({ at: 'finished' })
    return { at: 'sealed', statement }
  }

  /** Lets go of the files without an end, as a crash would; what came in before is on the disk. */
  async abandon(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
    await this.#queue.close().catch(() => {})
    this.#enter({ at: 'finished' })
  }

  #add(type: number, stream: number, body: Uint8Array): void {
    if (body.length > MAX_BODY_BYTES) throw new RangeError('a record is too large')
    if (this.#statement || this.#state.at === 'finished') return
    const record = { type, stream, repeated: false, timeUs: this.nowUs(), body }
    if (this.#queue.bytes + this.#untakenBytes > this.#limits.bufferBytes) this.#missed ??= this.#overload()
    if (this.#missed) {
      // Held, perhaps: the caller may go on using its buffer.
      this.#missed.add({ ...record, body: body.slice() })
      return
    }
    this.#records += 1
    this.#bytes += body.length
    this.#untakenBytes += body.length
    this.#builder.add(record)
  }

  async #attempt(): Promise<void> {
    this.#queue.push(this.#builder.take())
    this.#untakenBytes = 0
    try {
      if (!(await this.#hasRoom())) throw new StoreError('disk-full')
      await this.#queue.drain()
      if (!this.#missed) return
      this.#resume(this.#missed)
      this.#queue.push(this.#builder.take())
      await this.#queue.drain()
    } catch (error) {
      this.#pause(error)
    }
  }

  async #hasRoom(): Promise<boolean> {
    // The reserve is for the end of the recording.
    if (this.#ending) return true
    const now = this.#options.now()
    // Asking costs as much as writing; a disk with plenty left does not fill up in a moment.
    if (!this.#missed && this.#plentyUntilMs > now) return true
    const free = await this.#options.store.freeBytes()
    const isPlenty = free === null || free >= this.#limits.reserveBytes * PLENTY
    this.#plentyUntilMs = isPlenty ? now + ASK_AGAIN_MS : 0
    return free === null || free >= this.#limits.reserveBytes * (this.#missed ? 2 : 1)
  }

  #resume(missed: Missed): void {
    this.#missed = null
    if (!this.#statement) {
      for (const record of missed.held) this.#builder.add(record)
      const nowUs = this.nowUs()
      const body = encodeEvent(missed.gapUntil(nowUs))
      this.#builder.add({ type: RecordType.event, stream: 0, repeated: false, timeUs: nowUs, body })
    }
    this.#enter({ at: 'running' })
  }

  #pausedBy(): PauseReason | null {
    return this.#missed?.why ?? null
  }

  #overload(): Missed {
    return this.#miss('overload')
  }

  #pause(error: unknown): Missed {
    const why = error instanceof StoreError ? error.code : 'store-failed'
    this.#missed ??= this.#miss(why)
    return this.#missed
  }

  #miss(why: PauseReason): Missed {
    const missed = new Missed(why, this.nowUs())
    this.#enter({ at: 'paused', why, sinceUs: missed.sinceUs })
    return missed
  }

  #enter(state: WriterState): void {
    if (this.#state.at === state.at && state.at !== 'paused') return
    this.#state = state
    this.#options.onState?.(state)
  }
}

/** Begins a recording in a store that holds none. */
export function startRecording(options: WriterOptions, recording: Uint8Array): RecordingWriter {
  const startedAtMs = Math.floor(options.now())
  return new RecordingWriter(options, { recording, startedAtMs, segments: [], openedUs: 0 })
}
