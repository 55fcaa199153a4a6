/**
 * The media port over a FrameHub with the real SFrame code: frames are sealed and opened as a frame worker does it,
 * only without codecs and packets. Fails closed as the port asks (FRM2, FRM5).
 */
import type { FrameRefusal } from '@huisclos/crypto/sframe'
import { FrameSealer, KeyRing, openFrame, SendCounter } from '@huisclos/crypto/sframe'
import type { AskServer, Clock, HeardStream, MediaAdapter, MediaEvents, Source } from '@huisclos/participant'
import { kindOfSource } from '@huisclos/participant'
import type { ConsumerId, EventOf, ProducerId, RtpCapabilities, TransportId } from '@huisclos/protocol'
import type { CarriedFrame, FrameHub } from './frame-hub.ts'
import { producedRtp } from './produced-rtp.ts'

/** A track is what was rendered of it. */
export interface RenderedTrack {
  readonly label: string
  readonly frames: Uint8Array[]
}

interface Outgoing {
  readonly source: Source
  readonly producer: ProducerId
  readonly stream: number
  readonly counter: SendCounter
  sealer: FrameSealer
  paused: boolean
}

interface Incoming {
  readonly offer: EventOf<'media.consumer'>
  readonly track: RenderedTrack
  sender: { leaf: number; stream: number } | null
}

export class SealedMedia implements MediaAdapter<RenderedTrack> {
  on: MediaEvents = { transport: () => {}, waiting: () => {}, forged: () => {} }
  /** Why frames were not rendered, oldest first. */
  readonly refused: (FrameRefusal | 'shut')[] = []
  readonly #who: string
  readonly #hub: FrameHub
  readonly #clock: Clock
  #ring = new KeyRing()
  readonly #baseKeys = new Map<number, Uint8Array>()
  readonly #outgoing = new Map<Source, Outgoing>()
  readonly #incoming = new Map<ConsumerId, Incoming>()
  #sending: { epoch: number; leaf: number } | null = null
  #setup: { request: AskServer; routerRtp: RtpCapabilities; send: TransportId } | null = null
  #leaveHub = () => {}

  constructor(who: string, hub: FrameHub, clock: Clock) {
    this.#who = who
    this.#hub = hub
    this.#clock = clock
  }

  /** The epochs installed so far and what opens them: what a member who keeps everything has. */
  get keptKeys(): ReadonlyMap<number, Uint8Array> {
    return this.#baseKeys
  }

  get sending(): { epoch: number; leaf: number } | null {
    return this.#sending
  }

  async open({ request, routerRtp }: { request: AskServer; routerRtp: RtpCapabilities }): Promise<void> {
    const send = await request({ t: 'media.transport', direction: 'send' })
    const receive = await request({ t: 'media.transport', direction: 'receive' })
    this.#setup = { request, routerRtp, send: send.transport }
    this.#leaveHub = this.#hub.join({ who: this.#who, take: (frame) => this.#take(frame) })
    await request({ t: 'media.receive', transport: receive.transport, rtp: routerRtp })
    this.on.transport('connected')
  }

  installEpoch(change: {
    epoch: number
    baseKey: Uint8Array
    removed: number[]
    retireAfterMs: number
  }): void {
    const now = this.#clock.now()
    if (!this.#ring.liveEpochs(now).includes(change.epoch)) this.#ring.install({ ...change, now })
    this.#baseKeys.set(change.epoch, change.baseKey.slice())
  }

  strikeEpoch(epoch: number): void {
    this.#ring.strike(epoch)
    this.stopSending()
  }

  sendWith(as: { epoch: number; leaf: number }): void {
    this.#sending = as
    for (const outgoing of this.#outgoing.values()) this.#arm(outgoing)
  }

  stopSending(): void {
    this.#sending = null
    for (const { sealer } of this.#outgoing.values()) sealer.stop()
  }

  async publish(what: { source: Source; track: RenderedTrack; stream: number; paused: boolean }) {
    const { request, routerRtp, send } = this.#opened()
    const kind = kindOfSource(what.source)
    const rtp = producedRtp(kind, routerRtp)
    const { source, stream, paused } = what
    const { producer } = await request({ t: 'media.produce', transport: send, kind, rtp, paused })
    const counter = new SendCounter()
    const outgoing = {
      source,
      producer,
      stream,
      counter,
      paused,
      sealer: new FrameSealer({ leaf: 0, stream, counter }),
    }
    this.#outgoing.set(source, outgoing)
    this.#arm(outgoing)
    return { producer }
  }

  async replaceTrack(): Promise<void> {}

  async setPaused(source: Source, paused: boolean): Promise<void> {
    const outgoing = this.#outgoing.get(source)
    if (!outgoing) return
    outgoing.paused = paused
    await this.#opened().request({ t: 'media.pause', producer: outgoing.producer, paused })
  }

  async unpublish(source: Source): Promise<void> {
    const outgoing = this.#outgoing.get(source)
    this.#outgoing.delete(source)
    if (outgoing) await this.#opened().request({ t: 'media.close', producer: outgoing.producer })
  }

  async consume(offer: EventOf<'media.consumer'>): Promise<RenderedTrack> {
    const track: RenderedTrack = { label: offer.kind, frames: [] }
    this.#incoming.set(offer.consumer, { offer, track, sender: null })
    return track
  }

  announce(consumer: ConsumerId, sender: { leaf: number; stream: number } | null): void {
    const incoming = this.#incoming.get(consumer)
    if (incoming) incoming.sender = sender
  }

  drop(consumer: ConsumerId): void {
    this.#incoming.delete(consumer)
  }

  async restartIce(): Promise<void> {}

  async counters(): Promise<{ stream: number; counter: string }[]> {
    return [...this.#outgoing.values()].flatMap(({ stream, counter }) =>
      counter.upcoming > 0n ? [{ stream, counter: `${counter.upcoming - 1n}` }] : [],
    )
  }

  async heardCounters(): Promise<HeardStream[]> {
    return this.#ring.heard().map((heard) => ({ ...heard, counter: `${heard.counter}` }))
  }

  close({ reopens }: { reopens: boolean } = { reopens: false }): void {
    this.#leaveHub()
    this.#ring.suspend()
    if (!reopens) this.#ring = new KeyRing()
    this.#outgoing.clear()
    this.#incoming.clear()
    this.#sending = null
    this.#setup = null
  }

  /** Sends one frame, if anything may be sent; false where nothing left. */
  async speak(source: Source, data: Uint8Array): Promise<boolean> {
    const outgoing = this.#outgoing.get(source)
    if (!outgoing || outgoing.paused || !this.#sending) return false
    const kind = kindOfSource(source)
    const codec = kind === 'audio' ? 'opus' : 'vp8'
    const sealed = await outgoing.sealer.seal({ codec, kind, data })
    if (!sealed.ok) return false
    await this.#hub.carry(this.#who, { producer: outgoing.producer, codec, kind, data: sealed.data })
    return true
  }

  /** What was rendered of all tracks of a kind, as text. */
  heard(kind: 'audio' | 'video' = 'audio'): string[] {
    const tracks = [...this.#incoming.values()].filter(({ offer }) => offer.kind === kind)
    return tracks.flatMap(({ track }) => track.frames.map((frame) => new TextDecoder().decode(frame)))
  }

  producerOf(source: Source): ProducerId {
    const outgoing = this.#outgoing.get(source)
    if (!outgoing) throw new Error(`${this.#who} does not send ${source}`)
    return outgoing.producer
  }

  #opened() {
    if (!this.#setup) throw new Error('media is not open')
    return this.#setup
  }

  /** A sealer of the present sending epoch, going on with the stream's counter (KEY2). */
  #arm(outgoing: Outgoing): void {
    const baseKey = this.#sending && this.#baseKeys.get(this.#sending.epoch)
    if (!this.#sending || !baseKey) return
    const { stream, counter } = outgoing
    outgoing.sealer.stop()
    outgoing.sealer = new FrameSealer({ leaf: this.#sending.leaf, stream, counter })
    void outgoing.sealer.switchTo(this.#sending.epoch, baseKey)
  }

  async #take(frame: CarriedFrame): Promise<void> {
    const found = [...this.#incoming.values()].filter(({ offer }) => offer.producer === frame.producer)
    for (const { offer, track, sender } of found) {
      if (!sender) {
        this.refused.push('shut')
        continue
      }
      const { codec, kind, data } = frame
      const opened = await openFrame(this.#ring, {
        codec,
        kind,
        data,
        expected: sender,
        now: this.#clock.now(),
      })
      if (opened.ok) track.frames.push(opened.data)
      else this.#refuse(offer.consumer, opened.code)
    }
  }

  #refuse(consumer: ConsumerId, code: FrameRefusal): void {
    this.refused.push(code)
    if (code === 'wrong-sender' || code === 'bad-tag') this.on.forged(consumer)
  }
}
