/**
 * The door to encrypted meetings (TEL2, TEL4): takes grants, keeps the PIN of each meeting as a slow hash, and seats
 * callers. A grant is taken once, before it expires, for one meeting; a few at once, and no PIN twice.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import type { BridgeGrant, BridgeKey, GrantPlace, GrantRefusal } from '@huisclos/crypto/seal'
import { eraseGrant, openBridgeGrant } from '@huisclos/crypto/seal'
import type { Socket } from '@huisclos/participant'
import type { Caller, MeetingDoor, MeetingSeat, SeatEvents } from '../call/meeting-door.ts'
import { PinDesk } from '../call/pin-desk.ts'
import { BridgedMeeting } from './bridged-meeting.ts'

export interface EncryptedDoorOptions {
  key: BridgeKey
  connect(): Socket
  now(): number
}

/** Why a grant was not taken; for tests and figures, never told to the server. */
export type Taken = 'taken' | GrantRefusal | 'expired' | 'too-long' | 'seen' | 'full' | 'pin-taken'

const MOST_MEETINGS = 100
const MOST_PINS_PER_MEETING = 4
const MOST_SEEN = 10_000
/** Twice what a host's client gives: clocks differ. What is seen is then forgotten, whatever a grant says of itself. */
const MOST_AHEAD_MS = 48 * 3_600_000

interface Open {
  meeting: BridgedMeeting
  /** Each takes one PIN out again. */
  forget: (() => void)[]
}

export class EncryptedDoor implements MeetingDoor {
  readonly #options: EncryptedDoorOptions
  readonly #desk = new PinDesk<Open>()
  readonly #open = new Map<string, Open>()
  /** Ids of grants that were taken, until they expire by themselves. */
  readonly #seen = new Map<string, number>()
  #failed = 0

  constructor(options: EncryptedDoorOptions) {
    this.#options = options
  }

  get meetings(): readonly BridgedMeeting[] {
    return [...this.#open.values()].map(({ meeting }) => meeting)
  }

  /** TEL2. Never throws on anything in `sealed`. */
  async take(sealed: Uint8Array, place: GrantPlace, ticket: Uint8Array): Promise<Taken> {
    const opened = await openBridgeGrant(this.#options.key, sealed, place)
    if (!opened.ok) return opened.code
    const refusal = this.#judge(opened.grant)
    const taken = refusal ?? (await this.#add(opened.grant, ticket))
    if (taken !== 'taken') eraseGrant(opened.grant)
    return taken
  }

  async open(pin: string, caller: Caller, on: SeatEvents): Promise<MeetingSeat | null> {
    const open = await this.#desk.find(pin)
    if (open) return open.meeting.seat(caller, on)
    this.#failed += 1
    return null
  }

  pulse(): void {
    for (const { meeting } of this.#open.values()) meeting.pulse()
  }

  /** That meeting has ended: its callers are told so, and what opened it is erased. */
  over({ room, group }: GrantPlace): void {
    this.#open.get(`${room} ${encodeBase64url(group)}`)?.meeting.close()
  }

  close(): void {
    for (const { meeting } of [...this.#open.values()]) meeting.close()
  }

  #judge(grant: BridgeGrant): Taken | null {
    const now = this.#options.now()
    for (const [id, expiresAt] of this.#seen) if (expiresAt < now) this.#seen.delete(id)
    const id = encodeBase64url(grant.id)
    if (grant.expiresAt <= now) return 'expired'
    if (grant.expiresAt > now + MOST_AHEAD_MS) return 'too-long'
    if (this.#seen.has(id)) return 'seen'
    if (this.#seen.size >= MOST_SEEN) return 'full'
    this.#seen.set(id, grant.expiresAt)
    return null
  }

  async #add(grant: BridgeGrant, ticket: Uint8Array): Promise<Taken> {
    if (await this.#desk.find(grant.pin)) return 'pin-taken'
    const place = `${grant.room} ${encodeBase64url(grant.group)}`
    const known = this.#open.get(place)
    if (known ? known.forget.length >= MOST_PINS_PER_MEETING : this.#open.size >= MOST_MEETINGS) return 'full'
    const open = known ?? this.#begin(place, grant, ticket)
    open.forget.push(await this.#desk.add(grant.pin, open))
    // A second invitation to the same meeting brings another PIN, and no other keys.
    if (known) eraseGrant(grant)
    return 'taken'
  }

  #begin(place: string, grant: BridgeGrant, ticket: Uint8Array): Open {
    const { key, connect } = this.#options
    const meeting = new BridgedMeeting({
      key,
      grant,
      ticket,
      connect,
      failed: () => this.#failed,
      ended: () => this.#forget(place),
    })
    const open: Open = { meeting, forget: [] }
    this.#open.set(place, open)
    return open
  }

  #forget(place: string): void {
    const open = this.#open.get(place)
    this.#open.delete(place)
    for (const forget of open?.forget ?? []) forget()
  }
}
