/**
 * One WebSocket (SIG1–SIG7): decodes frames, applies limits, answers, and carries a session once `hello` or `resume`
 * said which, or something else once `probe` or `bridge.listen` did. A client that does not read is dropped; malformed input is answered with a code and disturbs nobody.
 */

import type { ErrorCode, Request, RequestOf, ServerFrame } from '@huisclos/protocol'
import { decodeRequest } from '@huisclos/protocol'
import type { RawData, WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { RoomAnswer } from '../room/room-action.ts'
import type { Aside, AsideRequest, BeginAside, BegunAside } from './aside.ts'
import type { SessionRequest } from './dispatch.ts'
import { dispatch, isOfRecording, REPEATABLE } from './dispatch.ts'
import type { Admitted, Entrance } from './entrance.ts'
import { SessionLimits } from './rate-limit.ts'
import type { Carrier, Session } from './session.ts'

/** Events wait in the outbox while so much is on its way; beyond the second, answers too have nowhere to go. */
const SOCKET_BUFFER = { pumpBelowBytes: 1024 * 1024, dropAboveBytes: 4 * 1024 * 1024 } as const
const CLOSE_GRACE_MS = 1_000
/** Refusals after which the client has nothing more to say on this socket. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'version-unsupported',
  'room-unknown',
  'access-refused',
  'room-full',
  'probe-busy',
  'shutting-down',
])

export interface SocketOptions {
  socket: WebSocket
  entrance: Entrance
  /** Begins a connection test for this socket's household, or a telephone bridge's line. */
  beginAside: BeginAside
  clock: Clock
  metrics: Metrics
  onFault: (error: unknown) => void
}

export class SocketSession implements Carrier {
  readonly #options: SocketOptions
  #limits: SessionLimits
  #session: Session | null = null
  #aside: Aside | null = null
  #entering = false
  #closed = false
  #heardAt: number

  constructor(options: SocketOptions) {
    this.#options = options
    this.#heardAt = options.clock.now()
    this.#limits = new SessionLimits(this.#heardAt)
    const { socket } = options
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    socket.on('pong', () => this.#hear())
    socket.on('close', () => this.#gone())
    // Frames beyond the hard cap, bad UTF-8, resets: ws closes the socket itself.
    socket.on('error', () => socket.terminate())
  }

  /** When the client was last heard of, by the clock's `now`. */
  get heardAt(): number {
    return this.#heardAt
  }

  get hasSession(): boolean {
    return this.#session !== null || this.#aside !== null
  }

  pump(): void {
    const { socket } = this.#options
    const session = this.#session
    if (session === null) return
    while (!this.#closed && socket.bufferedAmount < SOCKET_BUFFER.pumpBelowBytes) {
      const text = session.outbox.next()
      if (text === null) return
      socket.send(text, () => this.#resumePump())
    }
  }

  send(text: string): void {
    const { socket, metrics } = this.#options
    if (this.#closed) return
    socket.send(text, () => this.#resumePump())
    if (socket.bufferedAmount <= SOCKET_BUFFER.dropAboveBytes) return
    metrics.slowReaders.inc()
    this.close('slow-reader')
  }

  close(code: ErrorCode | null): void {
    if (this.#closed) return
    const { socket, clock } = this.#options
    this.#closed = true
    if (code !== null) socket.send(frame({ t: 'goodbye', code }))
    socket.close(1000)
    clock.schedule(() => socket.terminate(), CLOSE_GRACE_MS)
    this.#detach()
  }

  /** The socket counts as gone at once, without waiting for the client. */
  abandon(): void {
    this.#options.socket.terminate()
    this.#gone()
  }

  #resumePump(): void {
    if (this.#options.socket.bufferedAmount < SOCKET_BUFFER.pumpBelowBytes) this.pump()
  }

  #hear(): void {
    this.#heardAt = this.#options.clock.now()
  }

  #gone(): void {
    this.#closed = true
    this.#detach()
  }

  #detach(): void {
    const session = this.#session
    this.#session = null
    session?.detach(this)
    this.#aside?.end()
    this.#aside = null
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#closed) return
    this.#hear()
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)
    const admitted = this.#limits.admit(this.#heardAt, bytes.length)
    const decoded = isBinary ? null : decodeRequest(bytes.toString('utf8'))
    if (decoded === null || !decoded.ok) this.#violate(decoded?.re ?? null, decoded?.code ?? 'bad-message')
    else if (!admitted) this.#violate(decoded.value.id, 'too-many')
    else this.#guard(() => this.#carryOut(decoded.value))
  }

  /** Our own defects must not take other connections with them. */
  #guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#options.onFault(error)
      this.close('server-fault')
    }
  }

  #violate(re: number | null, code: ErrorCode): void {
    this.#options.metrics.refusals.inc({ code })
    this.send(frame({ t: 'error', re: re ?? 0, code }))
    if (!this.#limits.forgive(this.#heardAt)) this.close('too-many')
  }

  #carryOut(request: Request): void {
    this.#options.metrics.requests.inc({ type: request.t })
    if (request.t === 'hello')
      this.#begin(request.id, () => this.#options.entrance.enter(request, this.#limits))
    else if (request.t === 'resume') this.#resume(request)
    else if (request.t === 'probe' || request.t === 'bridge.listen') this.#beginAside(request)
    else if (this.#aside !== null) this.#askAside(this.#aside, request)
    else if (request.t === 'bridge.answer') this.#violate(request.id, 'not-ready')
    else if (this.#session === null) this.#violate(request.id, 'not-ready')
    else if (isOfRecording(request) && !this.#session.room.records) this.#violate(request.id, 'bad-message')
    else this.#ask(this.#session, request)
  }

  /** In one go: an event told between rewinding and attaching would be lost on the former socket. */
  #resume(request: RequestOf<'resume'>): void {
    if (this.#begun) this.#violate(request.id, 'bad-message')
    else this.#admitted(request.id, this.#options.entrance.resume(request))
  }

  get #begun(): boolean {
    return this.hasSession || this.#entering
  }

  /** SIG16, TEL9. */
  #beginAside(request: AsideRequest): void {
    if (this.#begun) {
      this.#violate(request.id, 'bad-message')
      return
    }
    this.#entering = true
    const socket = { tell: (text: string) => this.send(text), over: (code: ErrorCode) => this.close(code) }
    this.#options
      .beginAside(request, socket)
      .catch((error: unknown) => ({ ok: false as const, code: this.#options.entrance.codeOf(error) }))
      .then((begun) => this.#guard(() => this.#besides(request.id, begun)))
      .catch(this.#options.onFault)
  }

  #besides(id: number, begun: BegunAside): void {
    this.#entering = false
    if (!begun.ok) {
      this.#violate(id, begun.code)
      if (FINAL.has(begun.code)) this.close(begun.code)
    } else if (this.#closed) begun.aside.end()
    else {
      this.#aside = begun.aside
      this.send(frame({ t: 'ok', re: id, result: begun.result }))
    }
  }

  #askAside(aside: Aside, request: Request): void {
    if (request.t === 'leave') {
      this.close(null)
      return
    }
    aside
      .answer(request)
      .then(
        (result): RoomAnswer =>
          result ? { ok: true, result: { ...result } } : { ok: false, code: 'not-seated' },
      )
      .catch((error: unknown): RoomAnswer => ({ ok: false, code: this.#options.entrance.codeOf(error) }))
      .then((answer) => this.send(this.#answerText(request.id, answer)))
      .catch(this.#options.onFault)
  }

  #begin(id: number, admit: () => Promise<Admitted<object>>): void {
    if (this.#begun) {
      this.#violate(id, 'bad-message')
      return
    }
    this.#entering = true
    admit()
      .catch(
        (error: unknown): Admitted<object> => ({ ok: false, code: this.#options.entrance.codeOf(error) }),
      )
      .then((admitted) => this.#guard(() => this.#admitted(id, admitted)))
      .catch(this.#options.onFault)
  }

  #admitted(id: number, admitted: Admitted<object>): void {
    this.#entering = false
    if (!admitted.ok) {
      this.#violate(id, admitted.code)
      if (FINAL.has(admitted.code)) this.close(admitted.code)
      return
    }
    const { session, result } = admitted
    if (this.#closed) {
      // Its socket went while it entered: it was never carried, so it is lost from the start.
      session.room.peerLost(session.peer)
      return
    }
    this.#session = session
    this.#limits = session.limits
    this.send(frame({ t: 'ok', re: id, result }))
    session.attach(this)
  }

  #ask(session: Session, request: SessionRequest): void {
    if (REPEATABLE.has(request.t)) {
      dispatch(session, request, (answer) => session.reply(this.#answerText(request.id, answer)))
      return
    }
    const seen = session.answers.begin(request.id)
    if (seen.at === 'answered') this.send(seen.text)
    if (seen.at === 'overloaded') this.#violate(request.id, 'too-many')
    if (seen.at !== 'new') return
    dispatch(session, request, (answer) => {
      const text = this.#answerText(request.id, answer)
      session.answers.finish(request.id, text)
      session.reply(text)
    })
  }

  #answerText(re: number, answer: RoomAnswer): string {
    if (answer.ok) return frame({ t: 'ok', re, result: answer.result })
    this.#options.metrics.refusals.inc({ code: answer.code })
    return frame({ t: 'error', re, code: answer.code })
  }
}

const frame = (content: ServerFrame): string => JSON.stringify(content)
