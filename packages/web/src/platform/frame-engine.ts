/**
 * The frame worker's mind (FRM2, FRM5, KEY2–KEY4): which key seals and opens, who may be heard on which consumer, and
 * what the page is told. Knows no worker, no stream and no timer; `frame.worker.ts` brings frames and the time.
 * A frame that is not sealed or opened is never passed on.
 */
import type { Codec, MediaKind } from '@huisclos/crypto/sframe'
import { KeyRing } from '@huisclos/crypto/sframe'
import type { HeardStream } from '@huisclos/participant'
import { FrameCounter } from './frame-counts.ts'
import type { EpochKeys, FromFrameWorker, HeardSender, OpenRefusal } from './frame-messages.ts'
import { IncomingStream } from './incoming-stream.ts'
import { OutgoingStreams } from './outgoing-streams.ts'

/** An encoded frame before or after us; `null` from us means: drop it. */
export type FrameBytes = Uint8Array<ArrayBuffer>

export interface FrameEnginePorts {
  now(): number
  tell(message: FromFrameWorker): void
}

export class FrameEngine {
  readonly #ports: FrameEnginePorts
  readonly #ring = new KeyRing()
  readonly #counts = new FrameCounter()
  readonly #outgoing: OutgoingStreams
  readonly #incoming = new Map<string, IncomingStream>()

  constructor(ports: FrameEnginePorts) {
    this.#ports = ports
    this.#outgoing = new OutgoingStreams(this.#counts, () => ports.now())
  }

  /** Receivers use these keys at once; one that still stands stays as it is. Throws `epoch-stale`. */
  installEpoch(keys: EpochKeys): void {
    const now = this.#ports.now()
    if (!this.#ring.liveEpochs(now).includes(keys.epoch)) this.#ring.install({ ...keys, now })
    this.#outgoing.install(keys.epoch, keys.baseKey)
    keys.baseKey.fill(0)
  }

  /** ORD3: this epoch and later ones never were. Nothing is sent until the next `sendWith`. */
  strikeEpoch(epoch: number): void {
    this.#ring.strike(epoch)
    this.#outgoing.strike(epoch)
  }

  /** Senders use this installed epoch from the moment the result resolves. */
  sendWith(epoch: number, leaf: number): Promise<void> {
    return this.#outgoing.sendWith(epoch, leaf)
  }

  stopSending(): void {
    this.#outgoing.stop()
  }

  /** `sizeBytes`: the constant size of its packets where it is Opus (FRM4). */
  addStream(stream: number, sizeBytes: number): Promise<void> {
    return this.#outgoing.add(stream, sizeBytes)
  }

  pause(stream: number, paused: boolean): void {
    this.#outgoing.pause(stream, paused)
  }

  endStream(stream: number): void {
    this.#outgoing.end(stream)
  }

  announce(consumer: string, sender: HeardSender | null): void {
    this.#stream(consumer).announce(sender)
  }

  /** Whose frames open on this consumer. */
  senderOf(consumer: string): HeardSender | null {
    return this.#incoming.get(consumer)?.sender ?? null
  }

  drop(consumer: string): void {
    this.#incoming.delete(consumer)
  }

  counters(): { stream: number; counter: string }[] {
    return this.#outgoing.counters()
  }

  /** ROS2: the highest counter that opened of each stream. */
  heardCounters(): HeardStream[] {
    return this.#ring.heard().map(({ counter, ...sender }) => ({ ...sender, counter: String(counter) }))
  }

  /** The sealed frame, or null: then nothing may be sent. */
  seal(stream: number, codec: Codec, kind: MediaKind, data: Uint8Array): Promise<FrameBytes | null> {
    return this.#outgoing.seal(stream, { codec, kind, data })
  }

  /** The frame in clear, or null: then nothing may be rendered. `isKey` only matters for video. */
  async open(consumer: string, codec: Codec, data: Uint8Array, isKey: boolean): Promise<FrameBytes | null> {
    const stream = this.#stream(consumer)
    const now = this.#ports.now()
    const opened = await stream.open(this.#ring, { codec, data, now })
    if (!opened.ok) {
      this.#counts.notOpened(opened.code)
      if (isForged(opened.code)) this.#tellAll(stream.onForged(now))
      return null
    }
    this.#counts.opened(this.#ports.now() - now)
    this.#tellAll(stream.onOpened(now, codec !== 'opus', isKey))
    return opened.data
  }

  /** Once a second: expires keys, tells who waits for keys, and what was counted. */
  tick(): void {
    const now = this.#ports.now()
    this.#ring.expire(now)
    this.#outgoing.keepOnly(this.#ring.liveEpochs(now))
    for (const stream of this.#incoming.values()) this.#tellAll(stream.onTick(now))
    const counts = this.#counts.takeIfChanged()
    if (counts) this.#ports.tell({ t: 'report', counts })
  }

  /** Forgets streams and keys, to be given both anew in the same stay (KEY3): nothing is sent or rendered before. */
  suspend(): void {
    this.#ring.suspend()
    this.#outgoing.clear()
    this.#incoming.clear()
  }

  /** Forgets every key and every stream: nothing is sent or rendered after. */
  clear(): void {
    this.#ring.clear()
    this.#outgoing.clear()
    this.#incoming.clear()
  }

  #stream(consumer: string): IncomingStream {
    let stream = this.#incoming.get(consumer)
    if (!stream) {
      stream = new IncomingStream(consumer)
      this.#incoming.set(consumer, stream)
    }
    return stream
  }

  #tellAll(messages: FromFrameWorker[]): void {
    for (const message of messages) this.#ports.tell(message)
  }
}

/** Both mean that somebody made a frame that the announced sender did not (FRM5). */
function isForged(code: OpenRefusal): boolean {
  return code === 'wrong-sender' || code === 'bad-tag'
}
