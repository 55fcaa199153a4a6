/**
 * One connection test on one socket (SIG16): a room of its own on the media engine with two peers, one that sends and
 * one that gets it back. No meeting, no session, nothing to resume. Must never reach another room's media.
 */
import type { PeerId, Request, TransportId } from '@huisclos/protocol'
import { PROBE } from '@huisclos/protocol'
import type { SfuPeer, SfuPeerEvent, SfuRoom } from '../media/sfu.ts'
import { SfuError } from '../media/sfu.ts'
import type { Aside } from './aside.ts'

export interface ProbeOptions {
  room: SfuRoom
  peers: { send: PeerId; receive: PeerId }
  /** An event's JSON, numbered from 1. */
  tell: (text: string) => void
  onEnd: () => void
}

export class Probe implements Aside {
  readonly #options: ProbeOptions
  readonly #send: SfuPeer
  readonly #receive: SfuPeer
  readonly #owners = new Map<TransportId, SfuPeer>()
  #transports = 0
  #producers = 0
  #told = 0
  #ended = false

  constructor(options: ProbeOptions) {
    this.#options = options
    const { room, peers } = options
    this.#send = room.addPeer({ peer: peers.send, onEvent: () => undefined })
    this.#receive = room.addPeer({ peer: peers.receive, onEvent: (event) => this.#tell(event) })
  }

  /**
   * Carries a request out and gives its answer's fields, null for requests that a probe has no use for.
   * @throws SfuError
   */
  async answer(request: Request): Promise<object | null> {
    switch (request.t) {
      case 'ping':
        return {}
      case 'media.transport':
        return this.#transport(request)
      case 'media.connect':
        return done(this.#ownerOf(request.transport).connect(request))
      case 'media.produce': {
        const { transport, kind, rtp, paused } = request
        return this.#produce(() => this.#send.produce({ transport, kind, rtp, paused }))
      }
      case 'media.close':
        return done(this.#close(request.producer))
      case 'media.receive':
        return done(this.#receive.receive({ transport: request.transport, rtp: request.rtp }))
      case 'media.want':
        return done(this.#receive.want({ consumer: request.consumer, paused: request.paused }))
      case 'media.key-frame':
        return done(this.#receive.requestKeyFrame({ consumer: request.consumer }))
      default:
        return null
    }
  }

  /** Its media stops at once. Idempotent. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#options.room.close()
    this.#options.onEnd()
  }

  async #transport({ direction, tcpOnly }: Extract<Request, { t: 'media.transport' }>): Promise<object> {
    this.#transports += 1
    if (this.#transports > PROBE.transports) throw new SfuError('media-refused')
    const peer = direction === 'send' ? this.#send : this.#receive
    // A transport that is replaced takes what it carried along.
    if (direction === 'send') this.#producers = 0
    const made = await peer.createTransport({ direction, tcpOnly: tcpOnly ?? false })
    this.#owners.set(made.transport, peer)
    return made
  }

  async #produce(produce: () => Promise<object>): Promise<object> {
    if (this.#producers >= PROBE.producers) throw new SfuError('media-refused')
    this.#producers += 1
    try {
      return await produce()
    } catch (error) {
      this.#producers -= 1
      throw error
    }
  }

  async #close(producer: Extract<Request, { t: 'media.close' }>['producer']): Promise<void> {
    await this.#send.closeProducer({ producer })
    this.#producers -= 1
  }

  #ownerOf(transport: TransportId): SfuPeer {
    const owner = this.#owners.get(transport)
    if (owner === undefined) throw new SfuError('unknown-target')
    return owner
  }

  #tell(event: SfuPeerEvent): void {
    this.#told += 1
    this.#options.tell(JSON.stringify({ ...event, seq: this.#told }))
  }
}

async function done(work: Promise<void>): Promise<object> {
  await work
  return {}
}
