/**
 * One recording while it is made: what the tap brings goes to the archive's writer, what the writer cannot take is told
 * to the room (REC4). Ends with a statement that a host may sign for half a minute. Opens nothing: packets and envelopes
 * are ciphertext here.
 */
import type { RecordingWriter, WriterOptions, WriterState } from '@huisclos/archive'
import { signManifest, startRecording } from '@huisclos/archive'
import type { PeerId, ProducerId, RecordingReason } from '@huisclos/protocol'
import type { Clock } from '../clock.ts'
import type { TapStream } from '../media/sfu-tap.ts'
import type { ReportFault } from '../observe/report-fault.ts'
import { MissingPackets } from './missing-packets.ts'
import type { Envelope, NewRecording, OpenTap, Recording } from './recorder.ts'

export interface LiveRecordingOptions extends NewRecording {
  writer: Omit<WriterOptions, 'onState'>
  clock: Clock
  onFault: ReportFault
  /** The manifest is on the disk. */
  onEnded: () => Promise<void>
  /** Nothing more will be written, nor signed. */
  onGone: () => void
}

interface OpenStream {
  readonly index: number
  /** Of pictures: what is missing. */
  readonly missing: MissingPackets | null
}

const SIGNING_MS = 30_000
/** By then every sender has left the epoch before (KEY4: 1.5 s, and the way). */
const SWITCHED_MS = 1_700
/** A tap says within this that packets were lost. */
const DROPPED_WITHIN_US = 2_500_000
/** A disk that takes no end is asked again. */
const RETRY_MS = 5_000

export class LiveRecording implements Recording {
  readonly #options: LiveRecordingOptions
  readonly #writer: RecordingWriter
  readonly #tap: ReturnType<OpenTap>
  readonly #streams = new Map<ProducerId, OpenStream>()
  #ending: Promise<void> | null = null
  #statement: Uint8Array | null = null
  #callOff: () => void = () => undefined
  /** The last epoch that an envelope was about. */
  #sealedEpoch: number | null = null
  #callOffKeyFrames: () => void = () => undefined
  #isClosing = false

  constructor(options: LiveRecordingOptions) {
    this.#options = options
    const writer = { ...options.writer, onState: (state: WriterState) => this.#heed(state) }
    this.#writer = startRecording(writer, Buffer.from(options.recording, 'base64url'))
    this.#tap = options.openTap({
      opened: (stream) => this.#opened(stream),
      rtp: (producer, packet) => this.#rtp(producer, packet),
      rtcp: (producer, packet) => {
        const index = this.#streams.get(producer)?.index
        if (index !== undefined) this.#writer.rtcp(index, packet)
      },
      dropped: (records) => this.#dropped(records),
      closed: (producer) => this.#closed(producer),
    })
  }

  store(peers: readonly PeerId[]): void {
    this.#tap.follow(new Set(peers))
  }

  keep({ body, ...envelope }: Envelope): void {
    this.#writer.envelope({ ...envelope, sealed: body })
    const before = this.#sealedEpoch
    this.#sealedEpoch = Math.max(before ?? 0, envelope.epoch)
    if (before === null || envelope.epoch > before + 1) this.#beginPictures()
  }

  note(state: 'running' | 'paused', why: RecordingReason): void {
    // What the disk did is written down by the writer itself, with what was missed.
    if (why === 'no-envelope') this.#writer.event({ code: 'no-envelope' })
    else if (why === 'asked') this.#writer.event({ code: state === 'paused' ? 'paused' : 'resumed' })
  }

  end(why: RecordingReason): void {
    if (this.#ending !== null) return
    this.#callOffKeyFrames()
    this.#tap.close()
    for (const producer of [...this.#streams.keys()]) this.#closed(producer)
    this.#writer.event({ code: 'stopped', detail: why })
    this.#ending = this.#finish().catch((error: unknown) => {
      this.#options.onFault(error)
      this.#gone()
    })
  }

  sign(signature: Uint8Array): void {
    const statement = this.#statement
    if (statement === null) return
    this.#callOff()
    signManifest(this.#options.writer.store, statement, signature)
      .catch(this.#options.onFault)
      .finally(() => this.#gone())
  }

  /** Ends it now, without waiting for a signature. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.end('meeting-over')
    await this.#ending
    this.#callOff()
    this.#gone()
  }

  async #finish(): Promise<void> {
    const finish = await this.#writer.finish()
    if (finish.at === 'sealed') {
      await this.#options.onEnded()
      this.#statement = finish.statement
      this.#callOff = this.#options.clock.schedule(() => this.#unsigned(), SIGNING_MS)
      this.#options.onNews({ of: 'sealed', statement: Buffer.from(finish.statement).toString('base64url') })
    } else if (this.#isClosing) await this.#writer.abandon()
    else
      this.#callOff = this.#options.clock.schedule(() => {
        this.#ending = this.#finish().catch(this.#options.onFault)
      }, RETRY_MS)
  }

  #unsigned(): void {
    this.#options.onNews({ of: 'unsigned' })
    this.#gone()
  }

  #gone(): void {
    this.#options.onGone()
  }

  #heed(state: WriterState): void {
    if (state.at === 'paused') {
      const why = state.why === 'disk-full' ? 'disk-full' : 'store-unreachable'
      this.#options.onNews({ of: 'stalled', why })
    } else if (state.at === 'running') this.#options.onNews({ of: 'writable' })
  }

  /**
   * Sealing begins, at the start or after a pause. The key frames that the tap was given before are sealed to nobody, and
   * a picture opens from its next one on: asked for now, and again when all senders have switched to this epoch.
   */
  #beginPictures(): void {
    const ask = () => {
      for (const [producer, { missing }] of this.#streams)
        if (missing !== null) this.#tap.requestKeyFrame(producer)
    }
    ask()
    this.#callOffKeyFrames()
    this.#callOffKeyFrames = this.#options.clock.schedule(ask, SWITCHED_MS)
  }

  #opened({ peer, producer, kind, mimeType, clockRate, channels, payloadType, ssrc }: TapStream): void {
    const index = this.#writer.openStream({
      peer,
      producer,
      kind,
      mimeType,
      clockRate,
      channels,
      payloadType,
      ssrc,
      detail: '',
    })
    if (index === null) return
    this.#streams.set(producer, { index, missing: kind === 'video' ? new MissingPackets() : null })
  }

  #rtp(producer: ProducerId, packet: Uint8Array): void {
    const stream = this.#streams.get(producer)
    if (stream === undefined) return
    this.#writer.rtp(stream.index, packet)
    if (stream.missing?.note(packet, this.#options.clock.now())) this.#tap.requestKeyFrame(producer)
  }

  /** This machine was too slow for them: written down, and told to nobody, since the recording goes on. */
  #dropped(records: number): void {
    const toUs = this.#writer.nowUs()
    const fromUs = Math.max(0, toUs - DROPPED_WITHIN_US)
    this.#writer.event({ code: 'gap-overload', fromUs, toUs, records })
  }

  #closed(producer: ProducerId): void {
    const stream = this.#streams.get(producer)
    if (stream === undefined) return
    this.#streams.delete(producer)
    this.#writer.closeStream(stream.index)
  }
}
