/**
 * The composition of the telephone's side: SIP sockets, the agent, and for each call its port, its sound and its way
 * through the prompts. Owns all timers and closes everything that it opened.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { FRAME_MS } from './audio/samples.ts'
import { Attempts } from './call/attempts.ts'
import { CallRoom } from './call/call-room.ts'
import { maskNumber } from './call/mask-number.ts'
import type { Caller, MeetingDoor } from './call/meeting-door.ts'
import { PhoneCall } from './call/phone-call.ts'
import type { PhoneConfig, TrunkConfig } from './config/phone-config.ts'
import { CallChannel } from './media/call-channel.ts'
import { MediaPort } from './media/media-port.ts'
import { SipSockets } from './net/sip-sockets.ts'
import type { SipPeer } from './sip/peer.ts'
import type { SipAction } from './sip/sip-agent.ts'
import { SipAgent } from './sip/sip-agent.ts'
import { userOf } from './sip/sip-uri.ts'
import { Trunks } from './sip/trunks.ts'

interface OpenCall {
  trunk: TrunkConfig
  call: PhoneCall
  channel: CallChannel
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
      setInterval(() => bridge.#tick(), TICK_MS),
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

  #tick(): void {
    const now = Date.now()
    this.#act(this.#agent.tick(now))
    for (const { channel } of this.#calls.values()) channel.tick(now)
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
          this.#confirm(action.call, action.sdp)
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
      send: (packet) => channel.send(packet),
      hangUp: () => this.#act(this.#agent.hangUp(Date.now(), id)),
    })
    const channel = new CallChannel({
      srtp: trunk.srtp,
      address: this.#config.announced,
      signalling: peer.address,
      openPort: () => this.#openPort(),
      onKey: (key) => call.key(key),
      use: (media, direction) => call.use(media, direction),
    })
    this.#calls.set(id, { trunk, call, channel })
  }

  async #answer(id: number, sdp: Uint8Array): Promise<void> {
    const open = this.#calls.get(id)
    const exchanged = await open?.channel.exchange(sdp)
    if (exchanged?.t === 'sdp') this.#act(this.#agent.accept(Date.now(), id, exchanged.sdp))
    else this.#refuse(id, exchanged?.t === 'no-room' ? NO_ROOM : NOTHING_IN_COMMON)
  }

  /** Where the offer was ours, its answer comes with the ACK. */
  #confirm(id: number, sdp: Uint8Array): void {
    if (this.#calls.get(id)?.channel.confirm(sdp) === false) this.#act(this.#agent.hangUp(Date.now(), id))
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
    if (this.#calls.get(id)?.channel.isNew) this.#end(id)
  }

  #end(id: number): void {
    const open = this.#calls.get(id)
    if (!open) return
    this.#calls.delete(id)
    this.#room.leave(open.trunk.name)
    open.call.close()
    open.channel.close()
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
