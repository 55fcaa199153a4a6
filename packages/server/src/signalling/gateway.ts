/**
 * The WebSocket side of the HTTP port: upgrades, a cap on sockets, heartbeats that find dead peers, and the goodbye
 * when the server stops. Knows nothing of rooms.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { LIMITS, WEBSOCKET_PATH } from '@huisclos/protocol'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { ReportFault } from '../observe/report-fault.ts'
import { household } from '../policy/room-quota.ts'
import type { Bridges } from './bridges.ts'
import type { Entrance } from './entrance.ts'
import type { Probes } from './probes.ts'
import { SocketSession } from './socket-session.ts'

export interface GatewayOptions {
  server: Server
  entrance: Entrance
  probes: Probes
  bridges: Bridges
  clock: Clock
  metrics: Metrics
  onFault: ReportFault
  /** The client's network address; in memory for counting only. */
  addressOf: (request: IncomingMessage) => string
  socketsPerAddress: number
  sockets: number
}

/** Browsers answer protocol pings whatever their timers do in a hidden tab. */
const HEARTBEAT = { everyMs: 10_000, lostAfterMs: 25_000, helloWithinMs: 10_000 } as const
/** Real time, whatever clock the rooms go by: clients that do not close are cut off. */
const STOP_GRACE_MS = 1_000
/** Somewhat above LIMITS.frameBytes, so that a frame a bit too large is answered and not just cut off. */
const HARD_FRAME_BYTES = 2 * LIMITS.frameBytes

export class Gateway {
  readonly #options: GatewayOptions
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: HARD_FRAME_BYTES,
    perMessageDeflate: false,
  })
  readonly #sockets = new Map<WebSocket, SocketSession>()
  readonly #perAddress = new Map<string, number>()
  #callOff: () => void
  #closed = false

  constructor(options: GatewayOptions) {
    this.#options = options
    options.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    this.#callOff = options.clock.schedule(() => this.#beat(), HEARTBEAT.everyMs)
  }

  get sockets(): number {
    return this.#sockets.size
  }

  /** Says goodbye to those without a session too, and cuts off who does not go. */
  close(): void {
    this.#closed = true
    this.#callOff()
    for (const socket of this.#sockets.values()) socket.close('shutting-down')
    setTimeout(() => {
      for (const socket of this.#sockets.keys()) socket.terminate()
    }, STOP_GRACE_MS).unref()
    this.#server.close()
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const path = request.url?.split('?', 1)[0]
    const address = household(this.#options.addressOf(request))
    if (path !== WEBSOCKET_PATH) refuse(socket, '404 Not Found')
    else if (this.#closed || this.#isFull(address)) refuse(socket, '503 Service Unavailable')
    else this.#server.handleUpgrade(request, socket, head, (ws) => this.#accept(ws, address))
  }

  #isFull(address: string): boolean {
    const { sockets, socketsPerAddress } = this.#options
    return this.#sockets.size >= sockets || (this.#perAddress.get(address) ?? 0) >= socketsPerAddress
  }

  #accept(socket: WebSocket, address: string): void {
    const { entrance, probes, bridges, clock, metrics, onFault } = this.#options
    const session = new SocketSession({
      socket,
      entrance,
      beginAside: async (request, aside) =>
        request.t === 'probe' ? probes.begin(address, request, aside) : bridges.listen(request, aside),
      clock,
      metrics,
      onFault,
    })
    this.#sockets.set(socket, session)
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
    const callOff = clock.schedule(() => {
      if (!session.hasSession) session.close('not-ready')
    }, HEARTBEAT.helloWithinMs)
    socket.once('close', () => {
      callOff()
      this.#sockets.delete(socket)
      const left = (this.#perAddress.get(address) ?? 1) - 1
      if (left > 0) this.#perAddress.set(address, left)
      else this.#perAddress.delete(address)
    })
  }

  #beat(): void {
    const now = this.#options.clock.now()
    for (const [socket, session] of this.#sockets) {
      if (now - session.heardAt > HEARTBEAT.lostAfterMs) session.abandon()
      else if (socket.readyState === socket.OPEN) socket.ping()
    }
    this.#callOff = this.#options.clock.schedule(() => this.#beat(), HEARTBEAT.everyMs)
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
