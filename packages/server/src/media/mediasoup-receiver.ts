/**
 * What one peer receives: a paused consumer of each stream, which the peer starts, stops and sizes. Rule KEY4: a key
 * frame is asked when a consumer starts or its peer asks, paced. Must never start a consumer by itself.
 */
import type { ConsumerId, PeerId, RtpCapabilities } from '@huisclos/protocol'
import { ConsumerId as ConsumerIdSchema, ProducerId } from '@huisclos/protocol'
import type { types } from 'mediasoup'
import { faultFields } from '../observe/log.ts'
import type { GateClock, KeyFrameGate } from './key-frame-gate.ts'
import type { MediaLog } from './media-worker.ts'
import { typed } from './mediasoup-errors.ts'
import { fromReceiveParameters, toReceiveCapabilities } from './mediasoup-shapes.ts'
import { PathNudge } from './path-nudge.ts'
import { checkReceivable, withAllowedExtensions } from './rtp-policy.ts'
import type { SfuPeer, SfuPeerEvent, SfuPeerOptions } from './sfu.ts'
import { SFU_LIMITS, SfuError } from './sfu.ts'

export interface ReceiverRoom {
  readonly router: types.Router
  readonly audioLevel: boolean
  readonly gate: KeyFrameGate
  readonly clock: GateClock
  readonly log: MediaLog
}

interface Receiving {
  transport: types.WebRtcTransport
  caps: types.RtpCapabilities
}

export class MediasoupReceiver {
  readonly #room: ReceiverRoom
  readonly #options: SfuPeerOptions
  readonly #consumers = new Map<ConsumerId, types.Consumer>()
  /** By consumer of a layered picture: tells its flow where that has changed. */
  readonly #flows = new Map<ConsumerId, () => void>()
  /** Consumers held back by this peer's own path. */
  readonly #narrow = new Set<ConsumerId>()
  readonly #nudge: PathNudge
  #receiving: Receiving | null = null
  #making = 0
  #silent = false
  #refused = 0

  constructor(room: ReceiverRoom, options: SfuPeerOptions) {
    this.#room = room
    this.#options = options
    this.#nudge = new PathNudge({ clock: room.clock, hold: (bps) => this.#holdEstimate(bps) })
  }

  get size(): number {
    return this.#consumers.size
  }

  /** How many consumers were not made because this peer is at its limit. */
  get refused(): number {
    return this.#refused
  }

  /**
   * Receives over `transport` from now on; former consumers close.
   * @throws SfuError `media-refused`
   */
  start(transport: types.WebRtcTransport, rtp: RtpCapabilities): void {
    checkReceivable(rtp)
    const caps = toReceiveCapabilities(withAllowedExtensions(rtp, this.#room.audioLevel))
    for (const [id, consumer] of [...this.#consumers]) {
      consumer.close()
      this.#forget(id)
    }
    this.#receiving = { transport, caps }
  }

  /** Makes this peer's consumer of `producer` where it receives and can take it. Never rejects. */
  async consume(from: PeerId, producer: types.Producer): Promise<void> {
    const receiving = this.#receiving
    if (!receiving || this.#silent || receiving.transport.closed) return
    const { transport, caps } = receiving
    if (!this.#room.router.canConsume({ producerId: producer.id, rtpCapabilities: caps })) return
    if (this.#consumers.size + this.#making >= SFU_LIMITS.consumersPerPeer) {
      this.#refused += 1
      return
    }
    this.#making += 1
    try {
      const consumer = await transport.consume({
        producerId: producer.id,
        rtpCapabilities: caps,
        paused: true,
      })
      if (this.#silent || this.#receiving !== receiving) consumer.close()
      else if (!consumer.closed && !producer.closed) this.#adopt(from, consumer)
    } catch (error) {
      // Any of the three may have closed while the worker was asked; then there is nothing to tell.
      if (!producer.closed && !transport.closed && !this.#room.router.closed) {
        this.#room.log.error(faultFields(error), 'a consumer could not be made')
      }
    } finally {
      this.#making -= 1
    }
  }

  /** @throws SfuError */
  async want({ consumer, paused, spatial, temporal }: Parameters<SfuPeer['want']>[0]): Promise<void> {
    const found = this.#find(consumer)
    await typed('us', async () => {
      if (spatial !== undefined && found.type !== 'simple') {
        const layers: types.ConsumerLayers = { spatialLayer: spatial }
        if (temporal !== undefined) layers.temporalLayer = temporal
        await found.setPreferredLayers(layers)
        // Of what is left when everybody's smallest layer fits, large pictures get more layers than small ones.
        if (found.priority !== spatial + 1) await found.setPriority(spatial + 1)
      }
      // mediasoup asks the sender for a key frame when a video consumer resumes.
      await (paused ? found.pause() : found.resume())
    })
    this.#flows.get(consumer)?.()
  }

  /**
   * Asks at most once an interval for this consumer; the worker merges what the consumers of one stream ask.
   * @throws SfuError
   */
  requestKeyFrame(consumer: ConsumerId): void {
    this.#askKeyFrame(consumer, this.#find(consumer))
  }

  /** Key frames of all that is received, or of those producers; paced as if the peer had asked. */
  refresh(of?: ReadonlyMap<ProducerId, unknown>): void {
    for (const [id, consumer] of this.#consumers) {
      if (of === undefined || of.has(ProducerId.parse(consumer.producerId))) this.#askKeyFrame(id, consumer)
    }
  }

  #askKeyFrame(id: ConsumerId, found: types.Consumer): void {
    if (found.kind !== 'video' || found.paused || found.closed) return
    this.#room.gate.ask(id, () => {
      // It may close while the request is under way, and then nobody waits for the frame.
      if (!found.closed) found.requestKeyFrame().catch(() => undefined)
    })
  }

  /** No event any more, nothing receives any more. */
  silence(): void {
    this.#silent = true
    this.#nudge.close()
    this.#receiving = null
    for (const id of this.#consumers.keys()) this.#room.gate.forget(id)
    this.#consumers.clear()
  }

  #adopt(peer: PeerId, consumer: types.Consumer): void {
    const id = ConsumerIdSchema.parse(consumer.id)
    this.#consumers.set(id, consumer)
    consumer.on('producerclose', () => this.#forget(id))
    consumer.on('transportclose', () => this.#forget(id))
    consumer.on('producerpause', () => this.#tell({ t: 'media.consumer-paused', consumer: id, paused: true }))
    consumer.on('producerresume', () =>
      this.#tell({ t: 'media.consumer-paused', consumer: id, paused: false }),
    )
    if (consumer.kind === 'video' && consumer.type !== 'simple') this.#watchFlow(id, consumer)
    this.#tell({
      t: 'media.consumer',
      consumer: id,
      producer: ProducerId.parse(consumer.producerId),
      peer,
      kind: consumer.kind,
      rtp: fromReceiveParameters(consumer.rtpParameters),
      producerPaused: consumer.producerPaused,
    })
  }

  /** SIG17: told when it changes, and only of pictures that ought to come. */
  #watchFlow(consumer: ConsumerId, of: types.Consumer): void {
    let told: Flow = 'flows'
    const look = () => {
      const flow = flowOf(of)
      if (flow === told || !this.#consumers.has(consumer)) return
      told = flow
      this.#setNarrow(consumer, flow === 'narrow')
      this.#tell({ t: 'media.consumer-flow', consumer, flow })
    }
    this.#flows.set(consumer, look)
    for (const change of ['layerschange', 'score', 'producerpause'] as const) of.on(change, look)
  }

  #setNarrow(consumer: ConsumerId, isNarrow: boolean): void {
    if (isNarrow) this.#narrow.add(consumer)
    else this.#narrow.delete(consumer)
    this.#nudge.narrow(this.#narrow.size > 0)
  }

  #holdEstimate(bps: number | null): void {
    const transport = this.#receiving?.transport
    // The transport may close meanwhile, and then there is no estimate to hold.
    if (transport && !transport.closed) transport.setMinOutgoingBitrate(bps ?? 0).catch(() => undefined)
  }

  #forget(id: ConsumerId): void {
    this.#room.gate.forget(id)
    this.#flows.delete(id)
    this.#setNarrow(id, false)
    if (this.#consumers.delete(id)) this.#tell({ t: 'media.consumer-closed', consumer: id })
  }

  #tell(event: SfuPeerEvent): void {
    // A router that closed takes its room along, and that is told once, not consumer by consumer.
    if (!this.#silent && !this.#room.router.closed) this.#options.onEvent(event)
  }

  #find(id: ConsumerId): types.Consumer {
    const consumer = this.#consumers.get(id)
    if (!consumer || consumer.closed) throw new SfuError('unknown-target')
    return consumer
  }
}

type Flow = Extract<SfuPeerEvent, { t: 'media.consumer-flow' }>['flow']

function flowOf({ paused, producerPaused, currentLayers, score }: types.Consumer): Flow {
  if (paused || producerPaused || currentLayers !== undefined) return 'flows'
  return score.producerScores.some((each) => each > 0) ? 'narrow' : 'empty'
}
