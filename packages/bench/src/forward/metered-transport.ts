/** A raw transport that counts media packets and keeps those that arrive to itself: a receiver that opens nothing. */

import type { RawState, RawTransport, RemoteTransport } from '@huisclos/node-media'
import { DatachannelTransport } from '@huisclos/node-media'
import { isRtcp } from '@huisclos/rtp'
import type { PacketMeter } from './packet-meter.ts'

export class MeteredTransport implements RawTransport {
  onPacket: (packet: Uint8Array) => void = () => undefined
  onState: (state: RawState) => void = () => undefined
  readonly #inner: DatachannelTransport
  readonly #meter: PacketMeter

  /** @param bindAddress the local address to send from, loopback by itself */
  constructor(meter: PacketMeter, bindAddress?: string) {
    this.#meter = meter
    this.#inner = new DatachannelTransport(bindAddress)
    this.#inner.onState = (state) => this.onState(state)
    this.#inner.onPacket = (packet) => {
      if (isRtcp(packet)) this.onPacket(packet)
      else this.#meter.noteReceived(packet)
    }
  }

  get dtls(): RawTransport['dtls'] {
    return this.#inner.dtls
  }

  get ice(): RawTransport['ice'] {
    return this.#inner.ice
  }

  connect(remote: RemoteTransport): void {
    this.#inner.connect(remote)
  }

  send(packet: Uint8Array): boolean {
    const taken = this.#inner.send(packet)
    if (taken && !isRtcp(packet)) this.#meter.noteSent(packet)
    return taken
  }

  close(): void {
    this.#inner.close()
  }
}
