/**
 * Looks at a room before one joins (LINK3, LINK4): does the server know it, and does the link open its descriptor.
 * Enters with the link's `access` and leaves again; joins no group. Then
 * which path media would take, without sending any.
 */

import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import type { MeetingLink } from '@huisclos/crypto/link'
import { deriveLinkSecrets, encodeBridgeCard, hasHost, openDescriptor } from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import type { Entered, RoomId } from '@huisclos/protocol'
import { PROTOCOL_VERSIONS } from '@huisclos/protocol'
import type { LobbyCheckView, Store } from '../ui/ports.ts'
import type { LineFailure } from './check-line.ts'
import { CheckLine } from './check-line.ts'
import { Snapshot } from './snapshot.ts'

export interface RoomCheckPorts {
  connect(): Socket
  /** An own room that the server forgot is told to it again; false: not ours, or it did not work. */
  bringBack(room: string): Promise<boolean>
  /** What the descriptor of an own room says. */
  learn(room: string, said: { title: string; version: number; bridge: string | null }): void
  /** LINK3: the highest version seen of an own room, 0 for others. */
  versionSeen(room: string): number
  /** Which path media would take; never rejects. Begun once the room is open, called off when the person joins. */
  network(signal: AbortSignal): Promise<LobbyCheckView['network']>
}

const ROOM_STATES: Partial<Record<LineFailure, LobbyCheckView['room']>> = {
  'room-unknown': 'unknown',
  'access-refused': 'access-refused',
  'version-unsupported': 'version',
}

export class RoomCheck extends Snapshot<LobbyCheckView> implements Store<LobbyCheckView> {
  readonly #link: MeetingLink
  readonly #ports: RoomCheckPorts
  #turn = 0
  #testing = new AbortController()

  constructor(link: MeetingLink, ports: RoomCheckPorts) {
    super({
      room: 'checking',
      title: null,
      phones: null,
      hosted: hasHost(link),
      lobby: false,
      network: 'untested',
    })
    this.#link = link
    this.#ports = ports
  }

  /** Asks the server, again if need be. Never rejects. */
  run = async (): Promise<void> => {
    const turn = ++this.#turn
    this.#testing.abort()
    this.patch({ room: 'checking', network: 'untested' })
    const first = await this.#look(turn)
    const isBack =
      first === 'unknown' && turn === this.#turn && (await this.#ports.bringBack(this.#link.room))
    const room = isBack ? await this.#look(turn) : first
    if (room === 'open' && turn === this.#turn) void this.#tryNetwork()
  }

  /** What comes after this is ignored. */
  close(): void {
    this.#turn++
    this.#testing.abort()
  }

  async #tryNetwork(): Promise<void> {
    const testing = new AbortController()
    this.#testing = testing
    this.patch({ network: 'checking' })
    const network = await this.#ports.network(testing.signal)
    if (!testing.signal.aborted) this.patch({ network })
  }

  async #look(turn: number): Promise<LobbyCheckView['room']> {
    const line = new CheckLine(this.#ports.connect())
    const show = (part: Partial<LobbyCheckView>) => {
      if (turn === this.#turn) this.patch(part)
    }
    try {
      const room = await this.#enter(line, show)
      show({ room })
      return room
    } finally {
      line.close()
    }
  }

  async #enter(
    line: CheckLine,
    show: (part: Partial<LobbyCheckView>) => void,
  ): Promise<LobbyCheckView['room']> {
    const { room, secret } = this.#link
    const secrets = deriveLinkSecrets(secret, room)
    const access = encodeBase64url(secrets.access)
    const versions = [...PROTOCOL_VERSIONS]
    const answer = await line.ask<'hello'>({ t: 'hello', versions, room: room as RoomId, access })
    if (!answer.ok) return ROOM_STATES[answer.code] ?? 'unreachable'
    return this.#read(answer.result, secrets.descriptor, show)
  }

  /** A hosted link's room must have its descriptor: without it the server withholds what the host signed. */
  async #read(
    { descriptor }: Entered,
    key: Uint8Array,
    show: (part: Partial<LobbyCheckView>) => void,
  ): Promise<LobbyCheckView['room']> {
    const { room, hostHash } = this.#link
    if (!hasHost(this.#link)) return 'open'
    const sealed = descriptor === null ? undefined : decodeBase64url(descriptor)
    if (!sealed) return 'damaged'
    const opened = await openDescriptor({
      sealed,
      key,
      room,
      hostHash,
      seenVersion: this.#ports.versionSeen(room),
    })
    if (!opened.ok) return 'damaged'
    const { title, version, policy, bridge } = opened.descriptor
    show({ title: title === '' ? null : title, lobby: policy.lobby, phones: bridge?.name ?? null })
    this.#ports.learn(room, { title, version, bridge: bridge ? encodeBridgeCard(bridge) : null })
    return 'open'
  }
}
