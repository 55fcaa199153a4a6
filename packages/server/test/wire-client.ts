/**
 * A bare protocol client for tests of the live server: speaks frames, checks every frame that comes against the shared
 * schema, keeps what it saw. Knows no cryptography: commits and key packages are random bytes.
 */
import { createHash, randomBytes } from 'node:crypto'
import type {
  BridgeOffer,
  BridgeOver,
  Entered,
  ErrorCode,
  EventOf,
  EventType,
  Request,
  RequestOf,
  RequestType,
  ResultOf,
  ServerEvent,
  ServerFrame,
} from '@huisclos/protocol'
import {
  decodeBridgeFrame,
  decodeServerFrame,
  encodeRequest,
  GroupId,
  RESULTS,
  RoomId,
} from '@huisclos/protocol'
import { WebSocket } from 'ws'

export type Reply<T extends RequestType> = { ok: true; result: ResultOf<T> } | { ok: false; code: ErrorCode }
type Body<T extends RequestType> = Omit<RequestOf<T>, 'id'>

export const b64 = (bytes: number): string => randomBytes(bytes).toString('base64url')
export const sha256 = (text: string): string =>
  createHash('sha256').update(text, 'base64url').digest('base64url')
export const newRoomId = (): RoomId =>
  RoomId.parse(Array.from(randomBytes(16), (b) => 'abcdefghijklmnopqrstuvwxyz234567'[b % 32]).join(''))
export const newGroupId = (): GroupId => GroupId.parse(b64(16))

export interface TestRoom {
  id: RoomId
  access: string
  owner: string
}

/** Makes a room over HTTP. */
export async function putRoom(url: string, room?: Partial<TestRoom>): Promise<TestRoom> {
  const made = { id: newRoomId(), access: b64(32), owner: b64(32), ...room }
  const response = await fetch(`${url}/api/rooms/${made.id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      accessHash: sha256(made.access),
      ownerHash: sha256(made.owner),
      descriptor: b64(40),
      descriptorVersion: 1,
    }),
  })
  if (!response.ok) throw new Error(`room not made: ${response.status} ${await response.text()}`)
  return made
}

export class WireClient {
  readonly socket: WebSocket
  readonly events: ServerEvent[] = []
  /** What a telephone bridge is offered. */
  readonly offers: BridgeOffer[] = []
  readonly overs: BridgeOver[] = []
  /** Every frame as text, for scans of what the server sent. */
  readonly texts: string[] = []
  goodbye: ErrorCode | null = null
  entered: Entered | null = null
  /** Numbers of its own, so that a client that takes a session over repeats none by accident. */
  #nextId = WireClient.#firstId()
  readonly #waiting = new Map<number, (frame: Extract<ServerFrame, { t: 'ok' | 'error' }>) => void>()
  readonly #watchers = new Set<() => void>()

  constructor(url: string) {
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`)
    this.socket.on('message', (data) => this.#receive(String(data)))
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => this.#changed())
  }

  static #clients = 0
  static #firstId(): number {
    WireClient.#clients += 1
    return WireClient.#clients * 10_000
  }

  static async open(url: string): Promise<WireClient> {
    const client = new WireClient(url)
    await new Promise<void>((resolve, reject) => {
      client.socket.once('open', () => resolve())
      client.socket.once('error', reject)
    })
    return client
  }

  /** Opens a socket and says hello; throws the code when refused. */
  static async enter(url: string, room: TestRoom): Promise<WireClient> {
    const client = await WireClient.open(url)
    client.entered = await client.ok('hello', {
      t: 'hello',
      versions: [1],
      room: room.id,
      access: room.access,
    })
    return client
  }

  get peer(): Entered['peer'] {
    if (this.entered === null) throw new Error('has not entered')
    return this.entered.peer
  }

  get closed(): boolean {
    return this.socket.readyState === WebSocket.CLOSED
  }

  get lastSeq(): number {
    return this.events.at(-1)?.seq ?? 0
  }

  takeId(): number {
    this.#nextId += 1
    return this.#nextId - 1
  }

  /** Asks and gives the checked answer. A given `id` repeats an earlier request. */
  async ask<T extends RequestType>(type: T, body: Body<T>, id = this.takeId()): Promise<Reply<T>> {
    const answer = new Promise<Extract<ServerFrame, { t: 'ok' | 'error' }>>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${type}`)), 8_000)
      this.#waiting.set(id, (frame) => {
        clearTimeout(timer)
        resolve(frame)
      })
    })
    this.socket.send(encodeRequest({ ...body, id } as unknown as Request))
    const frame = await answer
    if (frame.t === 'error') return { ok: false, code: frame.code }
    return { ok: true, result: RESULTS[type].parse(frame.result) as ResultOf<T> }
  }

  async ok<T extends RequestType>(type: T, body: Body<T>, id?: number): Promise<ResultOf<T>> {
    const reply = await this.ask(type, body, id)
    if (!reply.ok) throw new Error(`${type}: ${reply.code}`)
    return reply.result
  }

  of<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.t === type)
  }

  /** The first event of that type which satisfies `test`, waiting for it if need be. */
  async event<T extends EventType>(
    type: T,
    test: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T>> {
    await this.until(() => this.of(type).some(test), `event ${type}`)
    const found = this.of(type).find(test)
    if (found === undefined) throw new Error('unreachable')
    return found
  }

  async until(test: () => boolean, what = 'condition', withinMs = 8_000): Promise<void> {
    if (test()) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look)
        reject(new Error(`never came: ${what}`))
      }, withinMs)
      const look = () => {
        if (!test()) return
        clearTimeout(timer)
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
    })
  }

  /** Resolves when all that was sent before has been carried out. */
  async settle(): Promise<void> {
    await this.ok('ping', { t: 'ping', seen: this.lastSeq })
  }

  async gone(): Promise<void> {
    await this.until(() => this.closed, 'close')
  }

  /** The network goes away without a word. */
  drop(): void {
    this.socket.terminate()
  }

  #receive(text: string): void {
    this.texts.push(text)
    const decoded = text.startsWith('{"t":"bridge.') ? decodeBridgeFrame(text) : decodeServerFrame(text)
    if (!decoded.ok) throw new Error(`the server sent what the schema refuses: ${text.slice(0, 300)}`)
    const frame = decoded.value
    if (frame.t === 'ok' || frame.t === 'error') this.#waiting.get(frame.re)?.(frame)
    else if (frame.t === 'goodbye') this.goodbye = frame.code
    else if (frame.t === 'bridge.offer') this.offers.push(frame)
    else if (frame.t === 'bridge.over') this.overs.push(frame)
    else this.events.push(frame)
    this.#changed()
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look()
  }
}

export interface SmallMeeting {
  room: TestRoom
  group: GroupId
  members: WireClient[]
}

/** A room whose first client created the group and let the others in one by one. */
export async function meet(url: string, people: number): Promise<SmallMeeting> {
  const room = await putRoom(url)
  const group = newGroupId()
  const host = await WireClient.enter(url, room)
  await host.ok('group.create', { t: 'group.create', group })
  const members = [host]
  for (let leaf = 1; leaf < people; leaf += 1) {
    const guest = await WireClient.enter(url, room)
    await letIn({ group, host, guest, leaf, epoch: leaf - 1 })
    members.push(guest)
  }
  return { room, group, members }
}

export async function letIn(a: {
  group: GroupId
  host: WireClient
  guest: WireClient
  leaf: number
  epoch: number
}): Promise<void> {
  const { group, host, guest, leaf, epoch } = a
  await guest.ok('group.knock', { t: 'group.knock', group, keyPackage: b64(100) })
  await host.event('group.knocked', (e) => e.peer === guest.peer)
  for (;;) {
    const reply = await host.ask('group.commit', {
      t: 'group.commit',
      group,
      epoch,
      commit: b64(200),
      welcome: b64(300),
      joins: [{ peer: guest.peer, leaf }],
      leaves: [],
    })
    if (reply.ok) break
    if (reply.code !== 'too-many') throw new Error(reply.code)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  await guest.event('group.welcome')
}
