/**
 * The browser's adapter of the media port: mediasoup-client for the transports, the frame worker for encryption
 * (FRM1–5). No sender or receiver exists without its transform; without keys the worker passes nothing (FRM2).
 * Everything a meeting sends or hears ends with `close`.
 */
import type { HeardStream, MediaAdapter, MediaEvents, Source } from '@huisclos/participant'
import type { ConsumerId, EventOf, ProducerId } from '@huisclos/protocol'
import type { HeardSender } from './frame-messages.ts'
import type { TransformApi, WorkerPort } from './frame-worker-link.ts'
import { FrameWorkerLink, transformApi } from './frame-worker-link.ts'
import { MediaError } from './media-error.ts'
import type { MediaSession } from './media-session.ts'
import { openSession } from './media-session.ts'
import type { MediaStatistics } from './media-statistics.ts'
import { readStatistics } from './media-statistics.ts'
import { OutgoingMedia } from './outgoing-media.ts'
import { codecOf } from './router-capabilities.ts'
import type { VideoCodec } from './send-profile.ts'

export interface BrowserMediaOptions {
  createFrameWorker(): WorkerPort
  videoCodec?: VideoCodec
  /** Only these addresses of the server, for a test of one path. */
  only?: 'udp' | 'tcp'
}

type Setup = Parameters<MediaAdapter<MediaStreamTrack>['open']>[0]
type Opened = {
  session: MediaSession
  frames: FrameWorkerLink
  outgoing: OutgoingMedia
  request: Setup['request']
}

const NO_EVENTS: MediaEvents = { transport: () => {}, waiting: () => {}, forged: () => {} }

export class BrowserMedia implements MediaAdapter<MediaStreamTrack> {
  on: MediaEvents = NO_EVENTS
  readonly #options: BrowserMediaOptions
  #opened: Opened | null = null
  /** Rises with each close: a session that is ready only after it belongs to nobody. */
  #turn = 0
  /** Outlives the transports: what it has opened in this stay it never opens again (KEY3). */
  #frames: FrameWorkerLink | null = null
  #cameraIsLow = false
  #recorder: ((port: MessagePort) => void) | null = null
  #recorded: { leaves: readonly number[]; own: boolean } = { leaves: [], own: false }
  readonly #senders = new Map<ConsumerId, HeardSender>()

  constructor(options: BrowserMediaOptions) {
    this.#options = options
  }

  /** Rejects with a `MediaError` `unsupported-browser` or `codec-missing`, or what a request rejects with. */
  async open(setup: Setup): Promise<void> {
    this.close({ reopens: true })
    const api = transformApi()
    if (!api) throw new MediaError('unsupported-browser')
    const frames = this.#frames ?? this.#startWorker(api)
    this.#frames = frames
    const turn = this.#turn
    try {
      const { only } = this.#options
      const session = await openSession({
        ...setup,
        ...(only ? { only } : {}),
        api,
        onState: (state) => this.on.transport(state),
      })
      if (turn !== this.#turn) {
        session.close()
        throw new MediaError('not-open')
      }
      const outgoing = new OutgoingMedia(
        session.send,
        frames,
        setup.request,
        this.#options.videoCodec ?? 'vp8',
      )
      outgoing.limitCamera(this.#cameraIsLow)
      this.#opened = { session, frames, outgoing, request: setup.request }
      await setup.request({ t: 'media.receive', transport: session.receiveId, rtp: session.receiveRtp })
    } catch (error) {
      if (turn === this.#turn) this.close({ reopens: true })
      throw error
    }
  }

  installEpoch(change: {
    epoch: number
    baseKey: Uint8Array
    removed: number[]
    retireAfterMs: number
  }): void {
    const { epoch, baseKey, removed, retireAfterMs } = change
    this.#opened?.frames.send({ t: 'install', epoch, baseKey, removed, retireAfterMs })
  }

  strikeEpoch(epoch: number): void {
    this.#opened?.frames.send({ t: 'strike', epoch })
  }

  sendWith({ epoch, leaf }: { epoch: number; leaf: number }): void {
    this.#opened?.frames.send({ t: 'send-with', epoch, leaf })
  }

  stopSending(): void {
    this.#opened?.frames.send({ t: 'stop-sending' })
  }

  async publish(what: {
    source: Source
    track: MediaStreamTrack
    stream: number
    paused: boolean
  }): Promise<{ producer: ProducerId }> {
    return this.#open().outgoing.publish(what)
  }

  async replaceTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
    await this.#open().outgoing.replaceTrack(source, track)
  }

  async setPaused(source: Source, paused: boolean): Promise<void> {
    await this.#open().outgoing.setPaused(source, paused)
  }

  async unpublish(source: Source): Promise<void> {
    await this.#open().outgoing.unpublish(source)
  }

  /** DEV7: the smallest picture of the camera and nothing more, until told otherwise. */
  limitCamera(low: boolean): void {
    this.#cameraIsLow = low
    this.#opened?.outgoing.limitCamera(low)
  }

  async consume(offer: EventOf<'media.consumer'>): Promise<MediaStreamTrack> {
    const { session, frames } = this.#open()
    const codec = codecOf(offer.rtp.codecs[0]?.mimeType ?? '')
    if (!codec) throw new MediaError('codec-missing')
    return session.consume(offer, (receiver) => {
      frames.attach(receiver, { role: 'receive', consumer: offer.consumer, codec, kind: offer.kind })
    })
  }

  announce(consumer: ConsumerId, sender: HeardSender | null): void {
    if (sender) this.#senders.set(consumer, sender)
    else this.#senders.delete(consumer)
    this.#opened?.frames.send({ t: 'announce', consumer, sender })
  }

  /** LREC1: `recorder` is handed the other end of each frame worker's port. Null: nothing is recorded any more. */
  record(recorder: ((port: MessagePort) => void) | null): void {
    this.#recorder = recorder
    this.#recorded = { leaves: [], own: false }
    if (this.#frames) this.#letRecord(this.#frames)
  }

  /** LREC2: of whom. Nobody, until this was called. */
  recordOnly(leaves: readonly number[], own: boolean): void {
    this.#recorded = { leaves, own }
    this.#frames?.send({ t: 'record-only', leaves, own })
  }

  /** The recording needs one to begin this picture with. `member`: empty for one's own. */
  askKeyFrameOf(member: string, source: Source): void {
    if (member === '') this.#frames?.send({ t: 'key-frame', source })
    for (const [consumer, sender] of this.#senders)
      if (sender.member === member && sender.source === source) this.#askKeyFrame(consumer)
  }

  drop(consumer: ConsumerId): void {
    this.#senders.delete(consumer)
    this.#opened?.session.drop(consumer)
    this.#opened?.frames.send({ t: 'drop', consumer })
  }

  async restartIce(): Promise<void> {
    const { session, request } = this.#open()
    await session.restartIce(request)
  }

  async counters(): Promise<{ stream: number; counter: string }[]> {
    return this.#opened?.frames.counters() ?? []
  }

  async heardCounters(): Promise<HeardStream[]> {
    return this.#opened?.frames.heardCounters() ?? []
  }

  /** What the path and the streams do now, for the shield, tests and benches; null while closed. */
  async stats(): Promise<MediaStatistics | null> {
    if (!this.#opened) return null
    const { session, frames, outgoing } = this.#opened
    return readStatistics(await session.getStats(), outgoing.sources(), frames.counts)
  }

  close({ reopens }: { reopens: boolean } = { reopens: false }): void {
    this.#turn++
    this.#opened?.session.close()
    this.#opened = null
    this.#senders.clear()
    if (reopens) this.#frames?.send({ t: 'suspend' })
    else this.#endWorker()
  }

  #endWorker(): void {
    this.#frames?.terminate()
    this.#frames = null
  }

  #open(): Opened {
    if (!this.#opened) throw new MediaError('not-open')
    return this.#opened
  }

  #startWorker(api: TransformApi): FrameWorkerLink {
    const link: FrameWorkerLink = new FrameWorkerLink(this.#options.createFrameWorker(), api, {
      waiting: (consumer, waiting) => this.on.waiting(consumer as ConsumerId, waiting),
      forged: (consumer) => this.on.forged(consumer as ConsumerId),
      needsKeyFrame: (consumer) => this.#askKeyFrame(consumer as ConsumerId),
      ownKeyFrame: (source) => this.#opened?.outgoing.askKeyFrame(source),
      fault: () => this.#fail(link),
    })
    if (this.#recorder) this.#letRecord(link)
    return link
  }

  #letRecord(frames: FrameWorkerLink): void {
    if (!this.#recorder) {
      frames.record(null)
      return
    }
    const { port1, port2 } = new MessageChannel()
    frames.record(port1)
    frames.send({ t: 'record-only', ...this.#recorded })
    this.#recorder(port2)
  }

  /** Chromium's receivers cannot ask by themselves; a refusal is not worth more than the next try. */
  #askKeyFrame(consumer: ConsumerId): void {
    this.#opened?.request({ t: 'media.key-frame', consumer }).catch(() => undefined)
  }

  #fail(frames: FrameWorkerLink): void {
    if (this.#frames !== frames) return
    this.#endWorker()
    this.on.transport('failed')
  }
}
