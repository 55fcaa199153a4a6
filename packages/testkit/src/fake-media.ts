/**
 * The media port without packets: speaks to the server as a real adapter does and keeps the keys, so that a test can ask
 * who could open whose frames at this moment (KEY4, FRM5). Carries no frames and encrypts nothing.
 */
import type { AskServer, Clock, MediaAdapter, MediaEvents, Source } from '@huisclos/participant'
import { kindOfSource } from '@huisclos/participant'
import type { ConsumerId, EventOf, ProducerId, RtpCapabilities, TransportId } from '@huisclos/protocol'
import { producedRtp } from './hostile/produced-rtp.ts'

export interface FakeTrack {
  readonly label: string
}

interface Sent {
  source: Source
  track: FakeTrack | null
  stream: number
  paused: boolean
  air: OnAir
}
/** What a producer's frames are sealed with now; null: none leave. */
interface OnAir {
  key: { epoch: number; leaf: number; stream: number; baseKey: string } | null
}
interface Key {
  baseKey: string
  endsAt: number
  shut: Set<number>
}

/** What all fakes of one world share: what each producer sends. */
export type FakeAir = Map<ProducerId, OnAir>

const FINGERPRINT = Array.from({ length: 32 }, () => '00').join(':')

export class FakeMedia implements MediaAdapter<FakeTrack> {
  on: MediaEvents = { transport: () => {}, waiting: () => {}, forged: () => {} }
  readonly #air: FakeAir
  readonly #clock: Clock
  readonly #sent = new Map<Source, Sent>()
  readonly #consumers = new Map<
    ConsumerId,
    { producer: ProducerId; sender: { leaf: number; stream: number } | null }
  >()
  readonly #keys = new Map<number, Key>()
  /** Every (epoch, leaf, stream) under a base key that frames were sealed with, in order. */
  readonly sealedAs: { epoch: number; leaf: number; stream: number; at: number }[] = []
  sending: { epoch: number; leaf: number } | null = null
  opens = 0
  iceRestarts = 0
  tcpOnly = false
  #session: { request: AskServer; send: TransportId; routerRtp: RtpCapabilities } | null = null
  #turn = 0

  constructor(air: FakeAir, clock: Clock) {
    this.#air = air
    this.#clock = clock
  }

  async open({ request, routerRtp, tcpOnly }: Parameters<MediaAdapter<FakeTrack>['open']>[0]): Promise<void> {
    const turn = ++this.#turn
    this.opens++
    this.tcpOnly = tcpOnly ?? false
    const only = tcpOnly ? { tcpOnly } : {}
    const send = await request({ t: 'media.transport', direction: 'send', ...only })
    const receive = await request({ t: 'media.transport', direction: 'receive', ...only })
    const dtls = { role: 'client' as const, fingerprints: [{ algorithm: 'sha-256', value: FINGERPRINT }] }
    for (const { transport } of [send, receive]) await request({ t: 'media.connect', transport, dtls })
    await request({ t: 'media.receive', transport: receive.transport, rtp: routerRtp })
    if (turn !== this.#turn) throw new Error('closed meanwhile')
    this.#session = { request, send: send.transport, routerRtp }
    this.on.transport('connected')
  }

  installEpoch({
    epoch,
    baseKey,
    removed,
    retireAfterMs,
  }: Parameters<MediaAdapter<FakeTrack>['installEpoch']>[0]): void {
    if (this.#keys.has(epoch)) return
    const now = this.#clock.now()
    for (const key of this.#keys.values()) {
      key.endsAt = Math.min(key.endsAt, now + retireAfterMs)
      for (const leaf of removed) key.shut.add(leaf)
    }
    this.#keys.set(epoch, { baseKey: hex(baseKey), endsAt: Number.POSITIVE_INFINITY, shut: new Set() })
  }

  strikeEpoch(epoch: number): void {
    for (const each of this.#keys.keys()) if (each >= epoch) this.#keys.delete(each)
    for (const key of this.#keys.values())
      if (key.endsAt > this.#clock.now()) key.endsAt = Number.POSITIVE_INFINITY
    this.stopSending()
  }

  sendWith(as: { epoch: number; leaf: number }): void {
    if (!this.#keys.has(as.epoch)) throw new Error('an epoch that was not installed')
    this.sending = as
    this.#refresh()
  }

  stopSending(): void {
    this.sending = null
    this.#refresh()
  }

  async publish(what: Parameters<MediaAdapter<FakeTrack>['publish']>[0]): Promise<{ producer: ProducerId }> {
    const session = this.#open()
    const { source, track, stream, paused } = what
    if (this.#sent.has(source)) throw new Error('published already')
    const kind = kindOfSource(source)
    const rtp = producedRtp(kind, session.routerRtp)
    const { producer } = await session.request({
      t: 'media.produce',
      transport: session.send,
      kind,
      rtp,
      paused,
    })
    if (this.#session !== session) throw new Error('closed meanwhile')
    const air: OnAir = { key: null }
    this.#air.set(producer, air)
    this.#sent.set(source, { source, track, stream, paused, air })
    this.#producers.set(source, producer)
    this.#refresh()
    return { producer }
  }
  readonly #producers = new Map<Source, ProducerId>()

  async replaceTrack(source: Source, track: FakeTrack | null): Promise<void> {
    const sent = this.#sentOf(source)
    sent.track = track
    this.#refresh()
  }

  async setPaused(source: Source, paused: boolean): Promise<void> {
    const sent = this.#sentOf(source)
    sent.paused = paused
    this.#refresh()
    const producer = this.#producers.get(source)
    if (producer) await this.#open().request({ t: 'media.pause', producer, paused })
  }

  async unpublish(source: Source): Promise<void> {
    const producer = this.#producers.get(source)
    this.#sent.delete(source)
    this.#producers.delete(source)
    if (!producer) return
    this.#air.delete(producer)
    await this.#open().request({ t: 'media.close', producer })
  }

  async consume(offer: EventOf<'media.consumer'>): Promise<FakeTrack> {
    this.#open()
    this.#consumers.set(offer.consumer, { producer: offer.producer, sender: null })
    return { label: `of ${offer.producer}` }
  }

  announce(consumer: ConsumerId, sender: { leaf: number; stream: number } | null): void {
    const found = this.#consumers.get(consumer)
    if (found) found.sender = sender
  }

  drop(consumer: ConsumerId): void {
    this.#consumers.delete(consumer)
  }

  async restartIce(): Promise<void> {
    this.iceRestarts++
    await this.#open().request({ t: 'media.restart-ice', transport: this.#open().send })
  }

  async counters(): Promise<{ stream: number; counter: string }[]> {
    return [...this.#sent.values()].map(({ stream }) => ({ stream, counter: '0' }))
  }

  async heardCounters(): Promise<never[]> {
    return []
  }

  close(): void {
    this.#turn++
    this.#session = null
    for (const { air } of this.#sent.values()) air.key = null
    this.#sent.clear()
    this.#producers.clear()
    this.#consumers.clear()
    this.#keys.clear()
    this.sending = null
  }

  /** The leaves whose frames this participant could open now. */
  hears(): number[] {
    const heard = [...this.#consumers.values()].flatMap(({ producer, sender }) => {
      const key = this.#air.get(producer)?.key
      if (!key || !sender || key.leaf !== sender.leaf || key.stream !== sender.stream) return []
      const held = this.#keys.get(key.epoch)
      const opens =
        held?.baseKey === key.baseKey && held.endsAt > this.#clock.now() && !held.shut.has(key.leaf)
      return opens ? [key.leaf] : []
    })
    return [...new Set(heard)].sort((a, b) => a - b)
  }

  #refresh(): void {
    for (const sent of this.#sent.values()) {
      const as = this.sending
      const held = as && this.#keys.get(as.epoch)
      const silent = !as || !held || sent.paused || sent.track === null
      sent.air.key = silent ? null : { ...as, stream: sent.stream, baseKey: held.baseKey }
      if (sent.air.key) this.sealedAs.push({ ...sent.air.key, at: this.#clock.now() })
    }
  }

  #sentOf(source: Source): Sent {
    const sent = this.#sent.get(source)
    if (!sent) throw new Error('not published')
    return sent
  }

  #open() {
    if (!this.#session) throw new Error('not open')
    return this.#session
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
