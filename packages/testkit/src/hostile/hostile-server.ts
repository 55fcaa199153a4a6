/**
 * A server that lies: it stands between participants and an honest server, reads every frame and, by rules that a test
 * scripts, drops, delays, replays, reorders, replaces and invents events, requests and answers. It knows what an
 * operator knows and nothing of what a link's fragment holds; tests must not hand it more.
 */
import type { Socket } from '@huisclos/participant'
import type {
  Entered,
  EventBody,
  PeerId,
  Request,
  RequestType,
  ServerEvent,
  ServerFrame,
} from '@huisclos/protocol'
import { decodeRequest, decodeServerFrame, encodeRequest, encodeServerFrame } from '@huisclos/protocol'
import type { HeldEvents } from './held-events.ts'
import { holdEvents } from './held-events.ts'
import { HostileLine } from './hostile-line.ts'

export type Answer = Extract<ServerFrame, { t: 'ok' | 'error' }>
/** What to tell instead; nothing: the event as it is. */
export type EventRule = (to: string, event: EventBody) => readonly EventBody[] | undefined
/** Another request to pass on, `drop`, or the result to answer with at once; nothing: as it is. */
export type RequestRule = (
  from: string,
  request: Request,
) => Request | 'drop' | { result: object } | undefined
export type AnswerRule = (to: string, request: Request, answer: Answer) => Answer | undefined

interface Pipe {
  readonly who: string
  readonly front: HostileSocket
  readonly back: Socket
  readonly asked: Map<number, Request>
  line: HostileLine | null
  readonly deliver: (text: string) => void
}

class HostileSocket implements Socket {
  readonly bufferedAmount = 0
  onopen: (() => void) | null = null
  onmessage: ((text: string) => void) | null = null
  onclose: (() => void) | null = null
  sent: (text: string) => void = () => {}
  closed: () => void = () => {}

  send(text: string): void {
    this.sent(text)
  }

  close(): void {
    this.closed()
  }
}

export class HostileServer {
  readonly #honest: (who: string) => Socket
  readonly #lines = new Map<string, HostileLine>()
  readonly #pipes = new Set<Pipe>()
  readonly #entered = new Map<string, Entered>()
  readonly #eventRules = new Set<EventRule>()
  readonly #requestRules = new Set<RequestRule>()
  readonly #answerRules = new Set<AnswerRule>()
  /** Everything that went through, as a recording operator has it. */
  readonly requests: { from: string; request: Request }[] = []
  readonly events: { to: string; event: EventBody }[] = []

  /** `honest` opens a socket to an honest server for this participant. */
  constructor(honest: (who: string) => Socket) {
    this.#honest = honest
  }

  /** A participant's socket, with the liar in between. */
  connect(who: string): Socket {
    const front = new HostileSocket()
    const pipe: Pipe = {
      who,
      front,
      back: this.#honest(who),
      asked: new Map(),
      line: null,
      deliver: (text) => front.onmessage?.(text),
    }
    this.#pipes.add(pipe)
    front.sent = (text) => this.#fromParticipant(pipe, text)
    front.closed = () => pipe.back.close()
    pipe.back.onopen = () => front.onopen?.()
    pipe.back.onmessage = (text) => this.#fromHonest(pipe, text)
    pipe.back.onclose = () => this.#ended(pipe)
    return front
  }

  /** Rules apply in the order they were made; the result takes the rule away. */
  onEvent(rule: EventRule): () => void {
    this.#eventRules.add(rule)
    return () => this.#eventRules.delete(rule)
  }

  onRequest(rule: RequestRule): () => void {
    this.#requestRules.add(rule)
    return () => this.#requestRules.delete(rule)
  }

  onAnswer(rule: AnswerRule): () => void {
    this.#answerRules.add(rule)
    return () => this.#answerRules.delete(rule)
  }

  /** Changes what everybody, or one, is told on entering. */
  onEntered(change: (to: string, entered: Entered) => Partial<Entered>): () => void {
    return this.onAnswer((to, request, answer) => {
      if (request.t !== 'hello' || answer.t !== 'ok') return undefined
      const entered = answer.result as Entered
      return { ...answer, result: { ...entered, ...change(to, entered) } }
    })
  }

  /** Keeps events back until they are released, in whatever order. */
  hold(which: (to: string, event: EventBody) => boolean): HeldEvents {
    return holdEvents(this, which)
  }

  /** Tells one participant something of our own making. */
  tell(who: string, event: EventBody): void {
    this.line(who).tell(event)
  }

  /** The latest session of a participant. */
  line(who: string): HostileLine {
    const line = [...this.#lines.values()].findLast((each) => each.who === who)
    if (!line) throw new Error(`${who} never entered`)
    return line
  }

  /** What the honest server told a participant on entering, the last time. */
  enteredAs(who: string): Entered {
    const entered = this.#entered.get(who)
    if (!entered) throw new Error(`${who} never entered`)
    return entered
  }

  /** The session id of a participant. */
  peerOf(who: string): PeerId {
    return this.enteredAs(who).peer
  }

  /** Requests of one type, oldest first. */
  asked<T extends RequestType>(type: T, from?: string): Extract<Request, { t: T }>[] {
    const all = this.requests.filter((each) => from === undefined || each.from === from)
    return all.flatMap(({ request }) => (request.t === type ? [request as Extract<Request, { t: T }>] : []))
  }

  /** Takes the network away under one participant; it will come back by itself. */
  cut(who: string): void {
    for (const pipe of [...this.#pipes]) {
      if (pipe.who !== who) continue
      pipe.back.close()
      this.#ended(pipe)
    }
  }

  #fromParticipant(pipe: Pipe, text: string): void {
    const decoded = decodeRequest(text)
    if (!decoded.ok) throw new Error('a participant sent what the schema refuses')
    let request = decoded.value
    this.requests.push({ from: pipe.who, request })
    for (const rule of this.#requestRules) {
      const verdict = rule(pipe.who, request)
      if (verdict === undefined) continue
      if (verdict === 'drop') return
      if ('result' in verdict) {
        this.#answer(pipe, request, verdict.result)
        return
      }
      request = verdict
    }
    pipe.asked.set(request.id, request)
    pipe.back.send(encodeRequest(this.#upstream(pipe, request)))
  }

  /** In a later turn, as an answer from a network comes. */
  #answer(pipe: Pipe, request: Request, result: object): void {
    const text = encodeServerFrame({ t: 'ok', re: request.id, result })
    queueMicrotask(() => pipe.deliver(text))
  }

  /** Participants count our events, the honest server its own. */
  #upstream(pipe: Pipe, request: Request): Request {
    if (request.t === 'ping' && pipe.line) return { ...request, seen: pipe.line.upstreamSeen }
    const line = request.t === 'resume' ? this.#lines.get(request.token) : undefined
    return request.t === 'resume' && line ? { ...request, seen: line.upstreamSeen } : request
  }

  #fromHonest(pipe: Pipe, text: string): void {
    const decoded = decodeServerFrame(text)
    if (!decoded.ok) throw new Error('the honest server sent what the schema refuses')
    const frame = decoded.value
    if (frame.t === 'goodbye') pipe.deliver(text)
    else if (frame.t === 'ok' || frame.t === 'error') this.#answered(pipe, frame)
    else this.#told(pipe, frame)
  }

  #told(pipe: Pipe, { seq, ...event }: ServerEvent): void {
    if (!pipe.line) throw new Error('an event before the session')
    pipe.line.upstreamSeen = seq
    this.pass(pipe.who, event as EventBody)
  }

  /** Runs an event through the rules and tells what is left of it. */
  pass(to: string, event: EventBody): void {
    this.events.push({ to, event })
    let events: readonly EventBody[] = [event]
    for (const rule of this.#eventRules) events = events.flatMap((each) => rule(to, each) ?? [each])
    for (const each of events) this.line(to).tell(each)
  }

  #answered(pipe: Pipe, frame: Answer): void {
    const request = pipe.asked.get(frame.re)
    pipe.asked.delete(frame.re)
    let answer = frame
    if (request?.t === 'hello' && frame.t === 'ok') this.#entered.set(pipe.who, frame.result as Entered)
    if (request) for (const rule of this.#answerRules) answer = rule(pipe.who, request, answer) ?? answer
    const begins = request?.t === 'hello' || request?.t === 'resume'
    if (begins && answer.t === 'ok') this.#begin(pipe, request, answer)
    else pipe.deliver(encodeServerFrame(answer))
  }

  #begin(
    pipe: Pipe,
    request: Extract<Request, { t: 'hello' | 'resume' }>,
    answer: Extract<Answer, { t: 'ok' }>,
  ) {
    const token = request.t === 'resume' ? request.token : (answer.result as Entered).token
    const line = this.#lines.get(token) ?? new HostileLine(pipe.who)
    this.#lines.set(token, line)
    pipe.line = line
    const result =
      request.t === 'resume' ? { ...(answer.result as object), lastSeq: line.lastSeq } : answer.result
    pipe.deliver(encodeServerFrame({ ...answer, result }))
    line.attach(pipe.deliver, request.t === 'resume' ? request.seen : 0)
  }

  #ended(pipe: Pipe): void {
    if (!this.#pipes.delete(pipe)) return
    pipe.line?.detach(pipe.deliver)
    pipe.front.onclose?.()
  }
}
