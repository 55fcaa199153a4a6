/**
 * MediaAdapter of participants without a browser: encrypted frames over a raw DTLS-SRTP pipe (KEY1–KEY4, FRM1, FRM2,
 * FRM5). One stream a source, in as many simulcast layers as its first track has; no congestion feedback, UDP alone, no
 * ICE restart: the engine opens anew instead. Nothing is decoded.
 */
import { randomInt } from 'node:crypto'
import { KeyRing, MEETING_SUITE } from '@huisclos/crypto/sframe'
import type { AskServer, Clock, HeardStream, MediaAdapter, MediaEvents, Source } from '@huisclos/participant'
import { kindOfSource } from '@huisclos/participant'
import type { ConsumerId, EventOf, ProducerId, RtpCapabilities } from '@huisclos/protocol'
import { decodeFeedback, decodeRtp } from '@huisclos/rtp'
import { DatachannelTransport } from './datachannel-transport.ts'
import type { EncodedTrack } from './encoded-track.ts'
import { IncomingStream } from './incoming-stream.ts'
import { importNodeGcm } from './node-gcm.ts'
import type { SentCounts } from './outgoing-stream.ts'
import { OutgoingStream } from './outgoing-stream.ts'
import type { MakeTransport } from './raw-transport.ts'
import { SendKeys } from './send-keys.ts'
import { codecFor, receiveCapabilities, sendParameters } from './sending-codec.ts'
import type { QualityReport } from './stream-quality.ts'
import { TransportPair } from './transport-pair.ts'

export type NodeMediaErrorCode = 'not-open' | 'tcp-unsupported' | 'ice-restart-unsupported' | 'unknown-source'

export class NodeMediaError extends Error {
  readonly code: NodeMediaErrorCode
  constructor(code: NodeMediaErrorCode) {
    super(code)
    this.name = 'NodeMediaError'
    this.code = code
  }
}

interface Published {
  producer: ProducerId
  outgoing: OutgoingStream
}

interface Open {
  request: AskServer
  routerRtp: RtpCapabilities
  transports: TransportPair
}

type Setup = Parameters<MediaAdapter<EncodedTrack>['open']>[0]

const POLL_MS = 50
const MAX_SSRC = 0xffff_fffe
const newRing = () => new KeyRing(MEETING_SUITE, importNodeGcm)

export class NodeMediaAdapter implements MediaAdapter<EncodedTrack> {
  on: MediaEvents = { transport: () => undefined, waiting: () => undefined, forged: () => undefined }
  readonly #clock: Clock
  readonly #make: MakeTransport
  readonly #published = new Map<Source, Published>()
  readonly #incoming = new Map<ConsumerId, IncomingStream>()
  readonly #bySsrc = new Map<number, IncomingStream>()
  readonly #keys = new SendKeys()
  #ring = newRing()
  #open: Open | null = null
  #nextMid = 0
  #cancelPoll = () => {}
  /** Rises with each `open` and `close`. */
  #turn = 0

  constructor(options: { clock: Clock; makeTransport?: MakeTransport }) {
    this.#clock = options.clock
    this.#make = options.makeTransport ?? (() => new DatachannelTransport())
  }

  async open({ request, routerRtp, tcpOnly }: Setup): Promise<void> {
    if (tcpOnly) throw new NodeMediaError('tcp-unsupported')
    this.close({ reopens: true })
    const turn = this.#turn
    const transports = new TransportPair(this.#make, {
      state: (state) => {
        if (turn === this.#turn) this.on.transport(state)
      },
      media: (packet) => this.#handleMedia(packet),
      feedback: (packet) => this.#handleFeedback(packet),
    })
    this.#open = { request, routerRtp, transports }
    const ids = await transports.open(request)
    if (turn !== this.#turn) {
      transports.close()
      throw new NodeMediaError('not-open')
    }
    this.#poll()
    await request({ t: 'media.receive', transport: ids.receive, rtp: receiveCapabilities(routerRtp) })
  }

  installEpoch(change: {
    epoch: number
    baseKey: Uint8Array
    removed: number[]
    retireAfterMs: number
  }): void {
    const now = this.#clock.now()
    // After a strike the epoch before is named again, and may still stand.
    if (!this.#open || this.#ring.liveEpochs(now).includes(change.epoch)) return
    this.#ring.install({ ...change, now })
    this.#keys.install(change.epoch, change.baseKey)
  }

  strikeEpoch(epoch: number): void {
    this.#ring.strike(epoch)
    this.#keys.strike(epoch, this.#outgoing())
  }

  sendWith(as: { epoch: number; leaf: number }): void {
    // A switch that fails leaves its streams without a key, and nothing is sent.
    this.#keys.sendWith(as, this.#outgoing()).catch(() => undefined)
  }

  stopSending(): void {
    this.#keys.stop(this.#outgoing())
  }

  async publish(what: { source: Source; track: EncodedTrack; stream: number; paused: boolean }) {
    const { request, routerRtp, transports } = this.#requireOpen()
    const turn = this.#turn
    const transport = transports.ids?.send
    if (!transport) throw new NodeMediaError('not-open')
    const kind = kindOfSource(what.source)
    const sending = codecFor(routerRtp, kind)
    const layers = what.track.layers.map((layer) => ({
      ...layer,
      media: randomInt(1, MAX_SSRC),
      rtx: randomInt(1, MAX_SSRC),
    }))
    const rtp = sendParameters(sending, `${this.#nextMid++}`, layers)
    const { producer } = await request({ t: 'media.produce', transport, kind, rtp, paused: what.paused })
    if (turn !== this.#turn) throw new NodeMediaError('not-open')
    const send = (packet: Uint8Array) => transports.sendMedia(packet)
    const outgoing = new OutgoingStream({ stream: what.stream, sending, layers, clock: this.#clock, send })
    this.#published.get(what.source)?.outgoing.close()
    this.#published.set(what.source, { producer, outgoing })
    outgoing.setPaused(what.paused)
    outgoing.setTrack(what.track)
    await this.#keys.equip(outgoing)
    return { producer }
  }

  async replaceTrack(source: Source, track: EncodedTrack | null): Promise<void> {
    this.#find(source).outgoing.setTrack(track)
  }

  async setPaused(source: Source, paused: boolean): Promise<void> {
    const { producer, outgoing } = this.#find(source)
    outgoing.setPaused(paused)
    await this.#requireOpen().request({ t: 'media.pause', producer, paused })
  }

  async unpublish(source: Source): Promise<void> {
    const { producer, outgoing } = this.#find(source)
    outgoing.close()
    this.#published.delete(source)
    await this.#requireOpen().request({ t: 'media.close', producer })
  }

  async consume(offer: EventOf<'media.consumer'>): Promise<EncodedTrack> {
    const { transports } = this.#requireOpen()
    this.drop(offer.consumer)
    const incoming = new IncomingStream({
      offer,
      ring: this.#ring,
      clock: this.#clock,
      send: (packet) => transports.sendFeedback(packet),
      on: {
        waiting: (waiting) => this.on.waiting(offer.consumer, waiting),
        forged: () => this.on.forged(offer.consumer),
      },
    })
    this.#incoming.set(offer.consumer, incoming)
    this.#bySsrc.set(incoming.ssrc, incoming)
    if (incoming.rtxSsrc !== null) this.#bySsrc.set(incoming.rtxSsrc, incoming)
    return incoming.track
  }

  announce(consumer: ConsumerId, sender: { leaf: number; stream: number } | null): void {
    this.#incoming.get(consumer)?.announce(sender)
  }

  drop(consumer: ConsumerId): void {
    const incoming = this.#incoming.get(consumer)
    if (!incoming) return
    incoming.close()
    this.#incoming.delete(consumer)
    this.#bySsrc.delete(incoming.ssrc)
    if (incoming.rtxSsrc !== null) this.#bySsrc.delete(incoming.rtxSsrc)
  }

  restartIce(): Promise<void> {
    return Promise.reject(new NodeMediaError('ice-restart-unsupported'))
  }

  async counters(): Promise<{ stream: number; counter: string }[]> {
    return [...this.#outgoing()].flatMap(({ stream, counter }) =>
      counter.upcoming > 0n ? [{ stream, counter: `${counter.upcoming - 1n}` }] : [],
    )
  }

  async heardCounters(): Promise<HeardStream[]> {
    return this.#ring.heard().map((heard) => ({ ...heard, counter: `${heard.counter}` }))
  }

  /** What was sent, by source; for benchmarks and tests. */
  sent(source: Source): SentCounts | null {
    return this.#published.get(source)?.outgoing.sent ?? null
  }

  /** What a consumer has received; for benchmarks and tests. */
  received(consumer: ConsumerId): Pick<IncomingStream, 'received' | 'refused'> | null {
    return this.#incoming.get(consumer) ?? null
  }

  /** What this participant can say of each stream that it receives now. */
  qualities(): ({ kind: 'audio' | 'video' } & QualityReport)[] {
    return [...this.#incoming.values()].map(({ track, quality }) => ({ kind: track.kind, ...quality }))
  }

  close({ reopens }: { reopens: boolean } = { reopens: false }): void {
    this.#turn += 1
    this.#cancelPoll()
    for (const stream of this.#outgoing()) stream.close()
    this.#published.clear()
    for (const consumer of [...this.#incoming.keys()]) this.drop(consumer)
    this.#ring.suspend()
    if (!reopens) this.#ring = newRing()
    this.#keys.clear()
    this.#open?.transports.close()
    this.#open = null
  }

  #handleMedia(bytes: Uint8Array): void {
    const packet = decodeRtp(bytes)
    if (packet) this.#bySsrc.get(packet.ssrc)?.handle(packet)
  }

  #handleFeedback(bytes: Uint8Array): void {
    for (const feedback of decodeFeedback(bytes))
      for (const stream of this.#outgoing()) stream.handle(feedback)
  }

  #poll(): void {
    const now = this.#clock.now()
    this.#ring.expire(now)
    for (const incoming of this.#incoming.values()) incoming.poll(now)
    this.#cancelPoll = this.#clock.setTimer(POLL_MS, () => this.#poll())
  }

  #outgoing(): OutgoingStream[] {
    return [...this.#published.values()].map(({ outgoing }) => outgoing)
  }

  #requireOpen(): Open {
    if (!this.#open) throw new NodeMediaError('not-open')
    return this.#open
  }

  #find(source: Source): Published {
    const found = this.#published.get(source)
    if (!found) throw new NodeMediaError('unknown-source')
    return found
  }
}
