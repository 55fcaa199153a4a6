/**
 * A participant's two transports: asks the server for them, connects them, sorts what arrives by SSRC, and tells the worse of
 * their states.
 */
import type { AskServer, TransportState } from '@huisclos/participant'
import type { TransportId } from '@huisclos/protocol'
import { isRtcp } from '@huisclos/rtp'
import type { MakeTransport, RawState, RawTransport } from './raw-transport.ts'

export interface TransportListener {
  state(state: TransportState): void
  /** An RTP packet on the receive transport. */
  media(packet: Uint8Array): void
  /** A compound RTCP packet on the send transport. */
  feedback(packet: Uint8Array): void
}

const WORST_FIRST: readonly RawState[] = ['failed', 'closed', 'disconnected', 'connecting', 'connected']

export class TransportPair {
  readonly #listener: TransportListener
  readonly #send: RawTransport
  readonly #receive: RawTransport
  readonly #states = new Map<RawTransport, RawState>()
  #ids: { send: TransportId; receive: TransportId } | null = null

  constructor(make: MakeTransport, listener: TransportListener) {
    this.#listener = listener
    this.#send = make()
    this.#receive = make()
    for (const transport of [this.#send, this.#receive]) {
      this.#states.set(transport, 'connecting')
      transport.onState = (state) => this.#handleState(transport, state)
    }
    this.#send.onPacket = (packet) => {
      if (isRtcp(packet)) listener.feedback(packet)
    }
    this.#receive.onPacket = (packet) => {
      if (!isRtcp(packet)) listener.media(packet)
    }
  }

  /** The server's ids; null before `open`. */
  get ids(): { send: TransportId; receive: TransportId } | null {
    return this.#ids
  }

  async open(request: AskServer): Promise<{ send: TransportId; receive: TransportId }> {
    const [send, receive] = await Promise.all([
      this.#connect(request, this.#send, 'send'),
      this.#connect(request, this.#receive, 'receive'),
    ])
    this.#ids = { send, receive }
    return this.#ids
  }

  sendMedia(packet: Uint8Array): boolean {
    return this.#send.send(packet)
  }

  sendFeedback(packet: Uint8Array): boolean {
    return this.#receive.send(packet)
  }

  close(): void {
    this.#send.close()
    this.#receive.close()
  }

  async #connect(request: AskServer, raw: RawTransport, direction: 'send' | 'receive'): Promise<TransportId> {
    const { transport, ...remote } = await request({ t: 'media.transport', direction })
    await request({ t: 'media.connect', transport, dtls: raw.dtls })
    raw.connect(remote)
    return transport
  }

  #handleState(transport: RawTransport, state: RawState): void {
    this.#states.set(transport, state)
    const states = [...this.#states.values()]
    const worst = WORST_FIRST.find((one) => states.includes(one)) ?? 'connecting'
    this.#listener.state(worst === 'closed' ? 'failed' : worst)
  }
}
