/**
 * The composition of the telephone's side: SIP sockets, the agent, and for each call its port, its sound and its way
 * through the prompts. Owns all timers and closes everything that it opened.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { FRAME_MS } from './audio/samples.ts'
import { Attempts } from './call/attempts.ts'
import { CallRoom } from './call/call-room.ts'
import { maskNumber } from './call/mask-number.ts'
import type { Caller, MeetingDoor } from './call/meeting-door.ts'
import { PhoneCall } from './call/phone-call.ts'
import type { PhoneConfig, TrunkConfig } from './config/phone-config.ts'
import { CallMedia } from './media/call-media.ts'
import { MediaPort } from './media/media-port.ts'
import { MASTER_BYTES } from './media/srtp.ts'
import { SipSockets } from './net/sip-sockets.ts'
import { agree, writeAnswer } from './sdp/negotiate.ts'
import { readOffer } from './sdp/read-offer.ts'
import type { SipPeer } from './sip/peer.ts'
import type { SipAction } from './sip/sip-agent.ts'
import { SipAgent } from './sip/sip-agent.ts'
import { userOf } from './sip/sip-uri.ts'
import { Trunks } from './sip/trunks.ts'

interface OpenCall {
  trunk: TrunkConfig
  signalling: string
  call: PhoneCall
  port: MediaPort | null
  version: number
  session: number
}

type Offered = Extract<SipAction<TrunkConfig>, { t: 'offered' }>

const TICK_MS = 100
const LOOK_MS = 2
const NOTHING_IN_COMMON = { status: 488, reason: 'Not Acceptable Here' }
const NO_ROOM = {
  status: 503,
  reason: 'Service Unavailable',
  headers: [{ name: 'retry-after', value: '30' }],
}

export interface PhoneFigures {
  calls: number
  inside: number
}

export class PhoneBridge {
  readonly #config: PhoneConfig
  readonly #door: MeetingDoor
  readonly #agent: SipAgent<TrunkConfig>
  readonly #room: CallRoom
  readonly #attempts = new Attempts()
  readonly #calls = new Map<number, OpenCall>()
  readonly #timers: NodeJS.Timeout[] = []
  #sockets: SipSockets | null = null
  #pulsedAt = 0

  private constructor(config: PhoneConfig, door: MeetingDoor) {
    this.#config = config
    this.#door = door
    this.#room = new CallRoom(config.maxCalls)
    this.#agent = new SipAgent<TrunkConfig>({
      trunks: new Trunks(config.trunks, randomBytes(32)),
      contactFor: (peer) => this.#contactFor(peer),
      random: randomBytes,
      admit: (trunk, _, now) => (this.#room.enter(now, trunk) ? null : NO_ROOM),
    })
  }

  /** @throws Error when a port is taken or a certificate cannot be read */
  static async start(config: PhoneConfig, door: MeetingDoor): Promise<PhoneBridge> {
    const bridge = new PhoneBridge(config, door)
    const { udp, tcp, tls } = config
    bridge.#sockets = await SipSockets.open({
      udp,
      tcp,
      tls: tls && { ...tls, cert: readFileSync(tls.cert, 'utf8'), key: readFileSync(tls.key, 'utf8') },
      onMessage: (peer, bytes) => bridge.#act(bridge.#agent.receive(Date.now(), peer, bytes)),
    })
    bridge.#pulsedAt = performance.now()
    bridge.#timers.push(
      setInterval(() => bridge.#act(bridge.#agent.tick(Date.now())), TICK_MS),
      // At most so late is a frame; a timer for each would drift, or be later.
      setInterval(() => bridge.#pulse(), LOOK_MS),
    )
    return bridge
  }

  get ports(): SipSockets['ports'] {
    return this.#sockets?.ports ?? {}
  }

  get figures(): PhoneFigures {
    const calls = [...this.#calls.values()]
    return { calls: calls.length, inside: calls.filter(({ call }) => call.at === 'inside').length }
  }

  /** What SIP keeps, for tests of floods. */
  get kept(): { calls: number; answers: number } {
    return this.#agent.kept
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    for (const id of [...this.#calls.keys()]) this.#act(this.#agent.hangUp(Date.now(), id))
    // The BYEs leave before their sockets close.
    await new Promise((resolve) => setImmediate(resolve))
    this.#sockets?.close()
  }

  #contactFor({ transport }: SipPeer): string {
    const { announced } = this.#config
    const host = announced.includes(':') ? `[${announced}]` : announced
    const port = this.#sockets?.ports[transport] ?? 5060
    return `sip:huisclos@${host}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}`
  }

  #act(actions: readonly SipAction<TrunkConfig>[]): void {
    for (const action of actions) {
      switch (action.t) {
        case 'send':
          this.#sockets?.send(action.to, action.bytes)
          break
        case 'offered':
          this.#begin(action)
          void this.#answer(action.call, action.sdp)
          break
        case 'offered-again':
          void this.#answer(action.call, action.sdp)
          break
        case 'dtmf':
          this.#calls.get(action.call)?.call.key(action.key)
          break
        case 'ended':
          this.#end(action.call)
          break
        case 'confirmed':
          break
      }
    }
  }

  #begin({ call: id, trunk, view, peer }: Offered): void {
    const user = userOf(view.from.uri)
    const caller: Caller = { label: maskNumber(user), trunk: trunk.name, key: user }
    const call = new PhoneCall({
      caller,
      language: trunk.language,
      door: this.#door,
      attempts: this.#attempts,
      now: Date.now,
      send: (packet) => this.#calls.get(id)?.port?.send(packet),
      hangUp: () => this.#act(this.#agent.hangUp(Date.now(), id)),
    })
    const session = randomInt(2 ** 31)
    this.#calls.set(id, { trunk, signalling: peer.address, call, port: null, version: 0, session })
  }

  async #answer(id: number, sdp: Uint8Array): Promise<void> {
    const open = this.#calls.get(id)
    const offer = readOffer(sdp)
    const agreed = offer && open && agree(offer, open.trunk.srtp)
    if (!open || !offer || !agreed) {
      this.#refuse(id, NOTHING_IN_COMMON)
      return
    }
    const port = open.port ?? (await this.#openPort())
    if (!port || this.#calls.get(id) !== open) {
      port?.close()
      this.#refuse(id, NO_ROOM)
      return
    }
    open.port = port
    open.version += 1
    const ours = agreed.srtp && randomBytes(MASTER_BYTES)
    const media = new CallMedia({
      agreed,
      ours,
      ssrc: randomInt(2 ** 32),
      sequence: randomInt(2 ** 15),
      timestamp: randomInt(2 ** 32),
    })
    port.aim({ address: offer.address, port: offer.port }, open.signalling)
    port.onPacket = (bytes) => {
      const heard = media.receive(bytes)
      if (heard?.key) open.call.key(heard.key)
      return heard !== null
    }
    const { announced: address } = this.#config
    const { session, version } = open
    const answer = writeAnswer({ offer, agreed, address, port: port.port, ours, session, version })
    this.#act(this.#agent.accept(Date.now(), id, answer))
    open.call.use(media)
  }

  async #openPort(): Promise<MediaPort | null> {
    const { host, from, to } = this.#config.media
    try {
      return await MediaPort.open(host, { from, to }, Math.random)
    } catch {
      return null
    }
  }

  /** The refusal of a re-INVITE ends nothing. */
  #refuse(id: number, refusal: typeof NO_ROOM | typeof NOTHING_IN_COMMON): void {
    this.#act(this.#agent.refuse(Date.now(), id, refusal))
    if (this.#calls.get(id)?.version === 0) this.#end(id)
  }

  #end(id: number): void {
    const open = this.#calls.get(id)
    if (!open) return
    this.#calls.delete(id)
    this.#room.leave(open.trunk.name)
    open.call.close()
    open.port?.close()
  }

  /** As many frames as time has passed, so that a late timer does not slow sound down; a long stop is not made up. */
  #pulse(): void {
    const now = performance.now()
    if (now - this.#pulsedAt > FRAME_MS * 10) this.#pulsedAt = now - FRAME_MS
    while (now - this.#pulsedAt >= FRAME_MS) {
      this.#pulsedAt += FRAME_MS
      this.#door.pulse()
      for (const { call } of [...this.#calls.values()]) call.pulse()
    }
  }
}
