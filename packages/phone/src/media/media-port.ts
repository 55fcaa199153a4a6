/**
 * The UDP port of one call's sound. Sends where the caller's SDP says and takes packets from there, or from where the
 * call's signalling comes; the first that decodes settles the port (callers behind NAT), and nothing moves it again.
 */
import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'

export interface PortRange {
  from: number
  to: number
}

export interface MediaPeer {
  address: string
  port: number
}

const TRIES = 20

function bind(host: string, port: number): Promise<Socket> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind(port, host, () => resolve(socket))
  })
}

export class MediaPort {
  readonly port: number
  readonly #socket: Socket
  /** Whether a packet is this call's. */
  onPacket: (bytes: Uint8Array) => boolean = () => false
  #peer: MediaPeer | null = null
  #alsoFrom = ''
  #settled = false

  private constructor(socket: Socket) {
    this.#socket = socket
    this.port = socket.address().port
    socket.on('message', (bytes, { address, port }) => this.#receive(bytes, { address, port }))
    // An ICMP "unreachable" is no reason to stop: silence ends the call.
    socket.on('error', () => undefined)
  }

  /** @param random gives a number from 0 to 1. @throws Error when no even port of the range is free */
  static async open(host: string, range: PortRange, random: () => number): Promise<MediaPort> {
    const pairs = Math.floor((range.to - range.from + 1) / 2)
    for (let i = 0; i < TRIES; i += 1) {
      const port = range.from + 2 * Math.floor(random() * pairs)
      try {
        return new MediaPort(await bind(host, port))
      } catch {
        // Taken: another one.
      }
    }
    throw new Error('no free media port')
  }

  /** `signalling`: the address that the call itself comes from. */
  aim(peer: MediaPeer, signalling: string): void {
    this.#peer = peer
    this.#alsoFrom = signalling
    this.#settled = false
  }

  send(bytes: Uint8Array): void {
    if (this.#peer) this.#socket.send(bytes, this.#peer.port, this.#peer.address, () => undefined)
  }

  close(): void {
    this.#socket.close()
  }

  #receive(bytes: Uint8Array, from: MediaPeer): void {
    const peer = this.#peer
    if (!peer) return
    const expected = this.#settled
      ? from.address === peer.address && from.port === peer.port
      : from.address === peer.address || from.address === this.#alsoFrom
    if (!expected || !this.onPacket(bytes)) return
    this.#peer = from
    this.#settled = true
  }
}
