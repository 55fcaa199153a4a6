/**
 * The sockets of SIP: UDP, TCP and TLS. Whole messages with where they came from go in, bytes go out the same way.
 * Connections are only ever accepted (TEL7); their number, what they hold back and how long they idle are capped.
 */
import type { Socket as UdpSocket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import type { Server, Socket } from 'node:net'
import { createServer, isIPv6 } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { SipPeer, SipTransport } from '../sip/peer.ts'
import { StreamFramer } from '../sip/stream-framer.ts'

export interface Endpoint {
  host: string
  port: number
}

export interface SipSocketOptions {
  udp: Endpoint | null
  tcp: Endpoint | null
  /** PEM texts. */
  tls: (Endpoint & { cert: string; key: string }) | null
  onMessage(peer: SipPeer, bytes: Uint8Array): void
}

const MAX_CONNECTIONS = 256
const MAX_UNSENT_BYTES = 256 * 1024
const IDLE_MS = 15 * 60_000
const HANDSHAKE_MS = 10_000

export class SipSockets {
  readonly #options: SipSocketOptions
  readonly #connections = new Map<number, Socket>()
  readonly #servers: Server[] = []
  #udp: UdpSocket | null = null
  #nextConnection = 1
  readonly ports: Partial<Record<SipTransport, number>> = {}

  private constructor(options: SipSocketOptions) {
    this.#options = options
  }

  /** @throws Error when a port is taken */
  static async open(options: SipSocketOptions): Promise<SipSockets> {
    const sockets = new SipSockets(options)
    try {
      if (options.udp) await sockets.#openUdp(options.udp)
      if (options.tcp) await sockets.#openStream('tcp', options.tcp, createServer())
      if (options.tls) {
        const { cert, key } = options.tls
        const server = createTlsServer({ cert, key, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS })
        await sockets.#openStream('tls', options.tls, server)
      }
    } catch (error) {
      sockets.close()
      throw error
    }
    return sockets
  }

  send(to: SipPeer, bytes: Uint8Array): void {
    if (to.transport === 'udp') {
      this.#udp?.send(bytes, to.port, to.address, () => undefined)
      return
    }
    const socket = this.#connections.get(to.connection ?? -1)
    if (!socket) return
    if (socket.writableLength > MAX_UNSENT_BYTES) socket.destroy()
    else socket.write(bytes)
  }

  close(): void {
    this.#udp?.close()
    for (const server of this.#servers) server.close()
    for (const socket of this.#connections.values()) socket.destroy()
  }

  #openUdp({ host, port }: Endpoint): Promise<void> {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    this.#udp = socket
    socket.on('message', (bytes, { address, port: from }) =>
      this.#options.onMessage({ transport: 'udp', address, port: from, connection: null }, bytes),
    )
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(port, host, () => {
        socket.off('error', reject)
        socket.on('error', () => undefined)
        this.ports.udp = socket.address().port
        resolve()
      })
    })
  }

  #openStream(transport: 'tcp' | 'tls', { host, port }: Endpoint, server: Server): Promise<void> {
    this.#servers.push(server)
    server.maxConnections = MAX_CONNECTIONS
    server.on(transport === 'tls' ? 'secureConnection' : 'connection', (socket: Socket) =>
      this.#accept(transport, socket),
    )
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        const address = server.address()
        if (typeof address === 'object' && address) this.ports[transport] = address.port
        resolve()
      })
    })
  }

  #accept(transport: SipTransport, socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket
    if (address === undefined || port === undefined) {
      socket.destroy()
      return
    }
    const connection = this.#nextConnection
    this.#nextConnection += 1
    this.#connections.set(connection, socket)
    const peer: SipPeer = { transport, address, port, connection }
    const framer = new StreamFramer()
    socket.setTimeout(IDLE_MS, () => socket.destroy())
    socket.on('error', () => undefined)
    socket.on('close', () => this.#connections.delete(connection))
    socket.on('data', (chunk: Buffer) => {
      const framed = framer.push(chunk)
      if (!framed) {
        socket.destroy()
        return
      }
      for (const one of framed) {
        if (one.t === 'ping') socket.write('\r\n')
        else this.#options.onMessage(peer, one.bytes)
      }
    })
  }
}
