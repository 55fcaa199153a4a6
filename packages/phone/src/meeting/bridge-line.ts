/**
 * The bridge's line to the meeting's server (TEL9): listens at its mailbox, hands grants to whoever judges them, and
 * answers. Comes back by itself when the line breaks. Trusts the server with nothing: what it relays is sealed.
 */
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import type { GrantPlace } from '@huisclos/crypto/seal'
import type { Clock, Socket } from '@huisclos/participant'
import type { BridgeOffer, BridgeOver, RequestOf } from '@huisclos/protocol'
import { decodeBridgeFrame, encodeRequest, PROTOCOL_VERSIONS } from '@huisclos/protocol'

export interface BridgeLineOptions {
  connect(): Socket
  clock: Clock
  /** Opens the mailbox. */
  door: Uint8Array
  /** Whether a grant is taken. */
  take(sealed: Uint8Array, place: GrantPlace, ticket: Uint8Array): Promise<boolean>
  /** The server says that this meeting has ended; it can only hasten what would come anyway. */
  over(place: GrantPlace): void
  /** The line stands, or does not. */
  changed?(open: boolean): void
}

type Body<T extends 'bridge.listen' | 'bridge.answer' | 'ping'> = Omit<RequestOf<T>, 'id'>

const BACKOFF_MS = [1_000, 2_000, 5_000, 15_000, 30_000] as const
const PING_EVERY_MS = 15_000
/** Grants that are looked at at once; the server's own limit is near it. */
const AT_ONCE = 32

export class BridgeLine {
  readonly #options: BridgeLineOptions
  #socket: Socket | null = null
  #nextId = 1
  #listening = false
  #failures = 0
  #answered = true
  #taking = 0
  #closed = false
  #cancel = () => {}

  constructor(options: BridgeLineOptions) {
    this.#options = options
  }

  get open(): boolean {
    return this.#listening
  }

  start(): void {
    const socket = this.#options.connect()
    this.#socket = socket
    socket.onopen = () => {
      const door = encodeBase64url(this.#options.door)
      this.#ask({ t: 'bridge.listen', versions: [...PROTOCOL_VERSIONS], door })
    }
    socket.onmessage = (text) => {
      if (this.#socket === socket) this.#hear(text)
    }
    socket.onclose = () => {
      if (this.#socket === socket) this.#broken()
    }
  }

  close(): void {
    this.#closed = true
    this.#cancel()
    this.#socket?.close()
    this.#socket = null
    this.#tell(false)
  }

  #hear(text: string): void {
    const decoded = decodeBridgeFrame(text)
    if (!decoded.ok) return
    const frame = decoded.value
    this.#answered = true
    if (frame.t === 'bridge.offer') void this.#offered(frame)
    else if (frame.t === 'bridge.over') this.#over(frame)
    else if (frame.t === 'ok' && !this.#listening) {
      this.#failures = 0
      this.#tell(true)
      this.#pingSoon()
    } else if (frame.t !== 'ok') this.#socket?.close()
  }

  async #offered({ offer, room, group, ticket, grant }: BridgeOffer): Promise<void> {
    const [sealed, groupId, shown] = [grant, group, ticket].map(decodeBase64url)
    let taken = false
    if (sealed && groupId && shown && this.#taking < AT_ONCE) {
      this.#taking += 1
      taken = await this.#options.take(sealed, { room, group: groupId }, shown).catch(() => false)
      this.#taking -= 1
    }
    this.#ask({ t: 'bridge.answer', offer, taken })
  }

  #over({ room, group }: BridgeOver): void {
    const groupId = decodeBase64url(group)
    if (groupId) this.#options.over({ room, group: groupId })
  }

  #ask(body: Body<'bridge.listen'> | Body<'bridge.answer'> | Body<'ping'>): void {
    this.#socket?.send(encodeRequest({ ...body, id: this.#nextId++ }))
  }

  #pingSoon(): void {
    this.#cancel()
    this.#cancel = this.#options.clock.setTimer(PING_EVERY_MS, () => {
      if (!this.#answered) {
        const dead = this.#socket
        this.#broken()
        dead?.close()
        return
      }
      this.#answered = false
      this.#ask({ t: 'ping', seen: 0 })
      this.#pingSoon()
    })
  }

  #broken(): void {
    this.#socket = null
    this.#cancel()
    this.#tell(false)
    if (this.#closed) return
    const delayMs = BACKOFF_MS[Math.min(this.#failures++, BACKOFF_MS.length - 1)] ?? 0
    this.#cancel = this.#options.clock.setTimer(delayMs, () => this.start())
  }

  #tell(open: boolean): void {
    if (this.#listening === open) return
    this.#listening = open
    this.#options.changed?.(open)
  }
}
