/**
 * The UDP port of one call's sound. Sends where the caller's SDP says and takes packets from there, or from where the
 * call's signalling comes; the first that decodes settles the port (callers behind NAT), and nothing moves it again.
 * Reports (RTCP) have the next port, on both sides unless the SDP says otherwise.
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

/** Null: one of them is taken. */
async function bindPair(host: string, port: number): Promise<[Socket, Socket] | null> {
  const sound = await bind(host, port).catch(() => null)
  if (!sound) return null
  const reports = await bind(host, port + 1).catch(() => null)
  if (reports) return [sound, reports]
  sound.close()
  return null
}

export class MediaPort {
  readonly port: number
  readonly #socket: Socket
  readonly #reports: Socket
  /** Whether a packet is this call's. */
  onPacket: (bytes: Uint8Array) => boolean = () => false
  onReport: (bytes: Uint8Array) => void = () => undefined
  #reportPort: number | null = null
  #peer: MediaPeer | null = null
  #alsoFrom = ''
  #settled = false

  private constructor(socket: Socket, reports: Socket) {
    this.#socket = socket
    this.#reports = reports
    this.port = socket.address().port
    socket.on('message', (bytes, { address, port }) => this.#receive(bytes, { address, port }))
    // An ICMP "unreachable" is no reason to stop: silence ends the call.
    socket.on('error', () => undefined)
    reports.on('error', () => undefined)
    reports.on('message', (bytes, { address }) => {
      if (address === this.#peer?.address) this.onReport(bytes)
    })
  }

  /** @param random gives a number from 0 to 1. @throws Error when no even port of the range is free */
  static async open(host: string, range: PortRange, random: () => number): Promise<MediaPort> {
    const pairs = Math.floor((range.to - range.from + 1) / 2)
    for (let i = 0; i < TRIES; i += 1) {
      const port = range.from + 2 * Math.floor(random() * pairs)
      const pair = await bindPair(host, port)
      if (pair) return new MediaPort(...pair)
    }
    throw new Error('no free media port')
  }

  /** `signalling`: the address that the call itself comes from. `reportPort`: null: the one after its sound's. */
  aim(peer: MediaPeer, signalling: string, reportPort: number | null): void {
    this.#peer = peer
    this.#reportPort = reportPort
    this.#alsoFrom = signalling
    this.#settled = false
  }

  send(bytes: Uint8Array): void {
    if (this.#peer) this.#socket.send(bytes, this.#peer.port, this.#peer.address, () => undefined)
  }

  report(bytes: Uint8Array): void {
    const peer = this.#peer
    const port = this.#reportPort ?? (peer?.port ?? 0) + 1
    if (peer && port <= 65_535) this.#reports.send(bytes, port, peer.address, () => undefined)
  }

  close(): void {
    this.#socket.close()
    this.#reports.close()
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
