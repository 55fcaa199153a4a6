/**
 * The wire to the server for participants without an engine: enters the room, asks, tells what it hears, and
 * acknowledges what came so that the server keeps it in the meeting.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveLinkSecrets } from '@huisclos/crypto/link'
import type { AskServer, Socket } from '@huisclos/participant'
import type { Entered, ServerEvent, ServerFrame } from '@huisclos/protocol'
import { encodeRequest, PROTOCOL_VERSIONS, RoomId } from '@huisclos/protocol'
import type { Place } from '../meeting/bot-in-meeting.ts'

const PING_MS = 5_000

export class SeatClient {
  onEvent: (event: ServerEvent) => void = () => undefined
  readonly #socket: Socket
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #nextId = 1
  #seen = 0
  #timer: ReturnType<typeof setInterval> | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.onmessage = (text) => this.#receive(text)
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the server closed the connection'))
    }
  }

  static async open(place: Place): Promise<{ client: SeatClient; entered: Entered }> {
    const socket = place.connect()
    const client = new SeatClient(socket)
    await new Promise<void>((resolve) => {
      socket.onopen = resolve
    })
    const { room, secret } = place.link
    const access = encodeBase64url(deriveLinkSecrets(secret, room).access)
    const entered = await client.ask({
      t: 'hello',
      versions: [...PROTOCOL_VERSIONS],
      room: RoomId.parse(room),
      access,
    })
    client.#timer = setInterval(() => void client.#ping(), PING_MS)
    return { client, entered: entered as Entered }
  }

  readonly ask: AskServer = async (body) => {
    const id = this.#nextId++
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, answer)
    this.#socket.send(encodeRequest({ ...body, id } as Parameters<typeof encodeRequest>[0]))
    return (await answer.promise) as Awaited<ReturnType<AskServer>> as never
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#socket.close()
  }

  async #ping(): Promise<void> {
    await this.ask({ t: 'ping', seen: this.#seen }).catch(() => undefined)
  }

  #receive(text: string): void {
    // Not held against the schema, as the engines beside it do: a hundred times that would make the bots the limit.
    const frame = JSON.parse(text) as ServerFrame
    if (frame.t === 'goodbye') return
    if (frame.t === 'ok') this.#waiting.get(frame.re)?.resolve(frame.result)
    else if (frame.t === 'error') this.#waiting.get(frame.re)?.reject(new Error(frame.code))
    else {
      this.#seen = frame.seq
      this.onEvent(frame)
    }
    if ('re' in frame) this.#waiting.delete(frame.re)
  }
}
