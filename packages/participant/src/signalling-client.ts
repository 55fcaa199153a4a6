/**
 * One participant's session with the server (ORD4): enters with `access` alone, numbers requests, puts events in order,
 * notices dead sockets and takes the session up again. What ends a session for good is told, never retried in silence.
 * Knows nothing of groups or media.
 */
import type {
  Entered,
  ErrorCode,
  Request,
  RequestType,
  RoomId,
  ServerEvent,
  ServerFrame,
} from '@huisclos/protocol'
import { decodeServerFrame, encodeRequest, PROTOCOL_VERSIONS, RESULTS } from '@huisclos/protocol'
import type { AskServer, RequestBody } from './media-adapter.ts'
import { PendingRequests } from './pending-requests.ts'
import type { Clock, Ms, NetworkChange, Socket } from './ports.ts'
import { SignallingError } from './signalling-error.ts'

export interface SignallingEvents {
  /** A new session; whatever the one before knew is void. */
  entered(entered: Entered): void
  event(event: ServerEvent): void
  lost(): void
  /** The session goes on; `awayMs`: how long it had no socket. */
  resumed(awayMs: Ms): void
  /** The server forgot the session; `entered` follows when it lets us in again. */
  sessionLost(): void
  /** The server does not know the room, now and at each further try. */
  roomUnknown(): void
  /** The server will not have us. Nothing follows. */
  refused(code: ErrorCode): void
}

export interface SignallingDeps {
  connect(): Socket
  clock: Clock
  watchNetwork?: ((changed: (how: NetworkChange) => void) => () => void) | undefined
  random(sizeBytes: number): Uint8Array
  room: RoomId
  /** LINK2's `access`, base64url. */
  access: string
  on: SignallingEvents
}

const PING_MS = 5_000
const ANSWER_MS = 10_000
/** After a change of network a socket must answer sooner, or it is taken for one of the former network. */
const PROBE_MS = 1_500
/** How long a socket may take to open and answer, by the tries so far: seldom long, for a lost first packet is sent again
 * late and later, and a network that came back would wait for that. */
const CONNECT_MS = [ANSWER_MS, 3_000, 3_000] as const
const ROOM_UNKNOWN_MS = 3_000
const BACKOFF_MS = [0, 300, 700, 1_500, 3_000] as const
const FINAL: readonly ErrorCode[] = ['access-refused', 'version-unsupported', 'room-full', 'bad-message']

export class SignallingClient {
  readonly #deps: SignallingDeps
  readonly #pending = new PendingRequests()
  #socket: Socket | null = null
  #ready = false
  #closed = false
  #token: string | null = null
  #seen = 0
  #nextId = 1
  #failures = 0
  #lostAt: Ms | null = null
  #greeting: { id: number; resumes: boolean } | null = null
  #pinging: number | null = null
  #cancelRetry = () => {}
  #cancelPing = () => {}
  #cancelWatch = () => {}
  #unwatchNetwork = () => {}

  constructor(deps: SignallingDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#unwatchNetwork = this.#deps.watchNetwork?.((how) => this.#networkChanged(how)) ?? (() => {})
    this.#open()
  }

  /** Sends a request when there is a session to send it in; again after each resume until it is answered. */
  readonly ask: AskServer = (body) => {
    if (this.#closed) return Promise.reject(new SignallingError('closed'))
    if (!this.#token) return Promise.reject(new SignallingError('session-lost'))
    const id = this.#nextId++
    const text = this.#encode(id, body)
    const answer = this.#pending.add(id, body.t, text)
    if (this.#ready) this.#socket?.send(text)
    return answer
  }

  /** Hands requests to the socket without waiting for anything; false when there is none (`pagehide`). */
  blurt(bodies: readonly RequestBody<RequestType>[]): boolean {
    if (!this.#ready || !this.#socket) return false
    for (const body of bodies) this.#socket.send(this.#encode(this.#nextId++, body))
    return true
  }

  /** Gives the session up and enters as a new one. Without `leave` its leaf stays, to be come back to (GRP10). */
  restart(how: { leave: boolean }): void {
    if (how.leave) this.blurt([{ t: 'leave' }])
    this.#forget()
    this.#drop()
    this.#retry(0)
  }

  close(): void {
    this.#closed = true
    this.#unwatchNetwork()
    this.#cancelRetry()
    this.#pending.failAll('closed')
    this.#token = null
    this.#drop()
  }

  #encode(id: number, body: { t: RequestType }): string {
    return encodeRequest({ ...body, id } as Request)
  }

  #open(): void {
    const socket = this.#deps.connect()
    this.#socket = socket
    socket.onopen = () => this.#greet(socket)
    socket.onmessage = (text) => {
      if (this.#socket === socket) this.#receive(text)
    }
    socket.onclose = () => {
      if (this.#socket === socket) this.#lose()
    }
    this.#watch(CONNECT_MS[this.#failures % CONNECT_MS.length])
  }

  /** Closes a socket that has not answered in time: a cut cable says nothing. */
  #watch(withinMs: Ms = ANSWER_MS): void {
    this.#cancelWatch()
    this.#cancelWatch = this.#deps.clock.setTimer(withinMs, () => this.#lose())
  }

  /** A new socket at once where the one at hand is of a network that is gone; where it may be, it is asked. */
  #networkChanged(how: NetworkChange): void {
    if (this.#closed) return
    if (how === 'changed' && this.#ready) {
      this.#cancelPing()
      if (this.#pinging === null) void this.#ping()
      this.#watch(PROBE_MS)
      return
    }
    if (how === 'changed' && this.#socket) return
    this.#failures = 0
    if (this.#socket) this.#lose()
    else this.#retry(0)
  }

  #greet(socket: Socket): void {
    if (this.#socket !== socket) return
    const { room, access } = this.#deps
    const versions = [...PROTOCOL_VERSIONS]
    const id = this.#nextId++
    this.#greeting = { id, resumes: this.#token !== null }
    const body: RequestBody<'hello'> | RequestBody<'resume'> = this.#token
      ? { t: 'resume', versions, token: this.#token, seen: this.#seen }
      : { t: 'hello', versions, room, access }
    socket.send(this.#encode(id, body))
  }

  /** Handled in the same turn: events may follow in the same packet. */
  #greeted(reply: Extract<ServerFrame, { t: 'ok' | 'error' }>, resumes: boolean): void {
    this.#greeting = null
    if (reply.t === 'error') {
      this.#turnedAway(reply.code)
      return
    }
    const result = (resumes ? RESULTS.resume : RESULTS.hello).safeParse(reply.result)
    if (!result.success) {
      this.#turnedAway('server-fault')
      return
    }
    this.#ready = true
    this.#failures = 0
    this.#cancelWatch()
    this.#schedulePing()
    if ('token' in result.data) this.#enter(result.data)
    else this.#takeUp()
  }

  #enter(entered: Entered): void {
    this.#token = entered.token
    this.#lostAt = null
    this.#deps.on.entered(entered)
  }

  #takeUp(): void {
    for (const text of this.#pending.texts()) this.#socket?.send(text)
    const awayMs = this.#lostAt === null ? 0 : this.#deps.clock.now() - this.#lostAt
    this.#lostAt = null
    this.#deps.on.resumed(awayMs)
  }

  #turnedAway(code: ErrorCode): void {
    const { on } = this.#deps
    const resumed = this.#token !== null
    if (resumed && code === 'session-unknown') this.#forget()
    this.#drop()
    if (resumed) {
      this.#retry(code === 'session-unknown' ? 0 : undefined)
      return
    }
    if (code === 'room-unknown') {
      on.roomUnknown()
      this.#retry(ROOM_UNKNOWN_MS)
      return
    }
    if (!FINAL.includes(code)) {
      this.#retry()
      return
    }
    this.close()
    on.refused(code)
  }

  #receive(text: string): void {
    const frame = decodeServerFrame(text)
    if (!frame.ok) return
    this.#handle(frame.value)
  }

  #handle(frame: ServerFrame): void {
    if (frame.t === 'ok' || frame.t === 'error') {
      if (frame.re === this.#greeting?.id) {
        this.#greeted(frame, this.#greeting.resumes)
        return
      }
      this.#pending.handle(frame)
      return
    }
    if (frame.t === 'goodbye') return
    if (frame.seq <= this.#seen) return
    // A hole would fork us from the others: take the session up again from what we have.
    if (frame.seq !== this.#seen + 1) {
      this.#lose()
      return
    }
    this.#seen = frame.seq
    this.#deps.on.event(frame)
  }

  #schedulePing(): void {
    this.#cancelPing()
    this.#cancelPing = this.#deps.clock.setTimer(PING_MS, () => void this.#ping())
  }

  async #ping(): Promise<void> {
    const socket = this.#socket
    if (!this.#ready || !socket) return
    this.#watch()
    const id = this.#nextId++
    this.#pinging = id
    const body: RequestBody<'ping'> = { t: 'ping', seen: this.#seen }
    const text = this.#encode(id, body)
    const answer = this.#pending.add(id, 'ping', text)
    socket.send(text)
    await answer.catch(() => {})
    if (this.#socket !== socket || this.#pinging !== id) return
    this.#pinging = null
    this.#cancelWatch()
    this.#schedulePing()
  }

  #lose(): void {
    if (this.#closed) return
    const wasReady = this.#ready
    this.#drop()
    if (wasReady) {
      this.#lostAt = this.#deps.clock.now()
      this.#deps.on.lost()
    }
    this.#retry()
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#ready = false
    this.#cancelPing()
    this.#cancelWatch()
    this.#greeting = null
    // A ping belongs to its socket and is never sent again.
    if (this.#pinging !== null) this.#pending.fail(this.#pinging, 'session-lost')
    this.#pinging = null
    socket?.close()
  }

  #forget(): void {
    const had = this.#token !== null
    this.#token = null
    this.#seen = 0
    this.#lostAt = null
    this.#pending.failAll('session-lost')
    if (had) this.#deps.on.sessionLost()
  }

  #retry(delayMs?: Ms): void {
    if (this.#closed) return
    const step = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? 0
    if (delayMs === undefined) this.#failures++
    const spread = 0.75 + (this.#deps.random(1)[0] ?? 0) / 512
    this.#cancelRetry()
    this.#cancelRetry = this.#deps.clock.setTimer(delayMs ?? step * spread, () => this.#open())
  }
}
