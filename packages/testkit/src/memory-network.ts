/**
 * The real server without a network: its sessions, rooms and state machine, reached through sockets in memory whose
 * delay is drawn from a seed, in order, under the test's clock. A connection can be cut aloud (both ends learn of it)
 * or in silence (bytes vanish), and the server can be restarted, which forgets everything.
 */

import { generateKeyPairSync } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { MeetingLink } from '@huisclos/crypto/link'
import { deriveLinkSecrets } from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import { RoomId } from '@huisclos/protocol'
import {
  Bridges,
  createMemoryStore,
  createMetrics,
  Entrance,
  FakeSfu,
  Probes,
  Rooms,
  SocketSession,
  sha256,
} from '@huisclos/server/testing'
import type { WebSocket } from 'ws'
import type { FakeClock } from './fake-clock.ts'

export interface NetworkOptions {
  clock: FakeClock
  /** In [0, 1). */
  random: () => number
  /** One way, drawn from between these. */
  delayMs: readonly [number, number]
}

/** What one participant's sockets are to a test. */
export interface Line {
  connect(): Socket
  /** Both ends learn of it at once; new connections work unless `down`. */
  cut(): void
  /** Bytes vanish from now on, and nobody is told. */
  mute(): void
  /** While down, connections fail. */
  down: boolean
  /** Every text the server sent, for tests that look at the wire. */
  readonly received: string[]
  readonly sent: string[]
}

class Server {
  readonly sfu = new FakeSfu()
  readonly store = createMemoryStore()
  readonly metrics = createMetrics()
  readonly rooms: Rooms
  readonly probes: Probes
  readonly bridges: Bridges
  readonly entrance: Entrance
  readonly clock: FakeClock

  constructor(clock: FakeClock, onFault: (error: unknown) => void) {
    this.clock = clock
    const { sfu, store, metrics } = this
    this.probes = new Probes({ sfu, clock, most: 8, mediaPorts: [] })
    this.bridges = new Bridges(clock)
    const { bridges } = this
    this.rooms = new Rooms({ clock, sfu, metrics, onFault, recorder: null, bridges })
    this.entrance = new Entrance({ clock, store, rooms: this.rooms, peersPerRoom: 1_000, onFault })
  }

  close(): void {
    this.entrance.close()
    this.rooms.closeAll('shutting-down')
  }
}

export class MemoryNetwork {
  readonly #options: NetworkOptions
  #server: Server
  /** Defects of the server; a test that ends with one has failed. */
  readonly faults: unknown[] = []

  constructor(options: NetworkOptions) {
    this.#options = options
    this.#server = this.#newServer()
  }

  get sfu(): FakeSfu {
    return this.#server.sfu
  }

  async putRoom(
    link: MeetingLink,
    descriptor: { sealed: Uint8Array; version: number } | null = null,
  ): Promise<void> {
    const { privateKey } = generateKeyPairSync('ed25519')
    await this.#server.store.put({
      room: RoomId.parse(link.room),
      accessHash: sha256(deriveLinkSecrets(link.secret, link.room).access),
      ownerHash: sha256(new Uint8Array(32)),
      descriptor: descriptor ? Buffer.from(descriptor.sealed).toString('base64url') : null,
      descriptorVersion: descriptor?.version ?? 0,
      expiresAt: this.#options.clock.wallTime() + 86_400_000,
      serverKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    })
  }

  /** Everything is forgotten; connections end. Rooms have to be put again. */
  restart(): void {
    this.#server.close()
    this.#server = this.#newServer()
  }

  line(): Line {
    const { clock, random, delayMs } = this.#options
    let current: Wire | null = null
    const network = this
    const line: Line = {
      down: false,
      received: [],
      sent: [],
      connect() {
        current = new Wire({ clock, delay: () => delayMs[0] + random() * (delayMs[1] - delayMs[0]), line })
        if (line.down) current.fail()
        else current.open((ws) => network.#accept(ws))
        return current.client
      },
      cut: () => current?.cut(),
      mute: () => current?.mute(),
    }
    return line
  }

  #newServer(): Server {
    return new Server(this.#options.clock, (error) => this.faults.push(error))
  }

  #accept(ws: ServerEnd): void {
    const { entrance, probes, bridges, clock, metrics } = this.#server
    const socket = ws as unknown as WebSocket
    const session = new SocketSession({
      socket,
      entrance,
      beginAside: async (request, aside) =>
        request.t === 'probe' ? probes.begin('household', request, aside) : bridges.listen(request, aside),
      clock,
      metrics,
      onFault: (e) => this.faults.push(e),
    })
    const heartbeat = (): void => {
      if (ws.closed) return
      // As the gateway does: a client that has said nothing for 25 s is gone.
      if (clock.now() - session.heardAt > 25_000) session.abandon()
      else clock.schedule(heartbeat, 10_000)
    }
    clock.schedule(heartbeat, 10_000)
  }
}

/** As much of a `ws` socket as the server's side uses. */
class ServerEnd extends EventEmitter {
  readonly #wire: Wire
  closed = false
  readonly bufferedAmount = 0

  constructor(wire: Wire) {
    super()
    this.#wire = wire
  }

  send(text: string, done?: () => void): void {
    if (!this.closed) this.#wire.toClient(text)
    if (done) queueMicrotask(done)
  }
  close(): void {
    this.#wire.closeFrom('server')
  }
  terminate(): void {
    this.#wire.closeFrom('server')
  }
  ended(): void {
    if (this.closed) return
    this.closed = true
    this.emit('close')
  }
}

interface WireOptions {
  clock: FakeClock
  delay: () => number
  line: Line
}

/** One connection: two directions, each in order. */
class Wire {
  readonly client: Socket
  readonly #server = new ServerEnd(this)
  readonly #options: WireOptions
  readonly #arrivals = { client: 0, server: 0 }
  #clientClosed = false
  #muted = false
  #cut = false

  constructor(options: WireOptions) {
    this.#options = options
    this.client = {
      send: (text) => this.#toServer(text),
      close: () => this.closeFrom('client'),
      bufferedAmount: 0,
      onopen: null,
      onmessage: null,
      onclose: null,
    }
  }

  open(accept: (ws: ServerEnd) => void): void {
    this.#carry('server', () => {
      accept(this.#server)
      this.#carry('client', () => {
        if (!this.#clientClosed) this.client.onopen?.()
      })
    })
  }

  fail(): void {
    this.#carry('client', () => this.#closeClient())
  }

  toClient(text: string): void {
    this.#carry('client', () => {
      if (this.#clientClosed) return
      this.#options.line.received.push(text)
      this.client.onmessage?.(text)
    })
  }

  closeFrom(end: 'client' | 'server'): void {
    if (end === 'server') this.#server.ended()
    else this.#clientClosed = true
    this.#carry(end === 'server' ? 'client' : 'server', () => {
      if (end === 'server') this.#closeClient()
      else this.#server.ended()
    })
  }

  cut(): void {
    this.#cut = true
    this.#closeClient()
    this.#server.ended()
  }

  mute(): void {
    this.#muted = true
  }

  #toServer(text: string): void {
    if (this.#clientClosed) return
    this.#options.line.sent.push(text)
    this.#carry('server', () => {
      if (!this.#server.closed) this.#server.emit('message', Buffer.from(text), false)
    })
  }

  #closeClient(): void {
    if (this.#clientClosed) return
    this.#clientClosed = true
    this.client.onclose?.()
  }

  /** After a delay, never before what was sent earlier. */
  #carry(to: 'client' | 'server', run: () => void): void {
    if (this.#muted) return
    const { clock, delay } = this.#options
    const at = Math.max(clock.now() + delay(), this.#arrivals[to])
    this.#arrivals[to] = at
    clock.setTimer(at - clock.now(), () => {
      if (!this.#cut && !this.#muted) run()
    })
  }
}
