/**
 * A client without a program behind it: says what a test tells it to say, keeps what it is told. For outsiders, for the
 * server's own connections and for members that follow no rule.
 */
import type { Socket } from '@huisclos/participant'
import type {
  Entered,
  ErrorCode,
  EventOf,
  EventType,
  RequestOf,
  RequestType,
  ServerEvent,
} from '@huisclos/protocol'
import { decodeServerFrame, encodeRequest } from '@huisclos/protocol'

export type BareAnswer = { ok: true; result: unknown } | { ok: false; code: ErrorCode }
type Body<T extends RequestType> = Omit<RequestOf<T>, 'id'> & { t: T }

export class BareClient {
  readonly events: ServerEvent[] = []
  goodbye: ErrorCode | null = null
  closed = false
  /** Called with each event as it comes. */
  heard: (event: ServerEvent) => void = () => {}
  readonly #socket: Socket
  readonly #waiting = new Map<number, (answer: BareAnswer) => void>()
  #nextId = 1

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.onmessage = (text) => this.#receive(text)
    socket.onclose = () => {
      this.closed = true
    }
  }

  static open(socket: Socket): Promise<BareClient> {
    return new Promise((resolve) => {
      const client = new BareClient(socket)
      socket.onopen = () => resolve(client)
    })
  }

  ask<T extends RequestType>(body: Body<T>): Promise<BareAnswer> {
    const id = this.#nextId++
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#socket.send(encodeRequest({ ...body, id } as unknown as Parameters<typeof encodeRequest>[0]))
    })
  }

  /** @throws Error with the code when the room is shut to us. */
  async enter(room: RequestOf<'hello'>['room'], access: string): Promise<Entered> {
    const answer = await this.ask({ t: 'hello', versions: [1], room, access })
    if (!answer.ok) throw new Error(answer.code)
    return answer.result as Entered
  }

  of<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.t === type)
  }

  close(): void {
    this.#socket.close()
  }

  #receive(text: string): void {
    const decoded = decodeServerFrame(text)
    if (!decoded.ok) throw new Error('the server sent what the schema refuses')
    const frame = decoded.value
    if (frame.t === 'goodbye') this.goodbye = frame.code
    else if (frame.t === 'ok') this.#settle(frame.re, { ok: true, result: frame.result })
    else if (frame.t === 'error') this.#settle(frame.re, { ok: false, code: frame.code })
    else {
      this.events.push(frame)
      this.heard(frame)
    }
  }

  #settle(id: number, answer: BareAnswer): void {
    this.#waiting.get(id)?.(answer)
    this.#waiting.delete(id)
  }
}
