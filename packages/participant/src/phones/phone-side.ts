/**
 * All that a meeting has to do with telephones (TEL2, TEL3), put together: which member is the named bridge, its callers
 * as people see them, a host's invitation and orders. Shuts the sound of whoever claims to be a bridge and is not the
 * named one, and says so.
 */

import { bridgeFingerprint } from '@huisclos/crypto/link'
import type { EpochView, MemberView } from '@huisclos/crypto/mls'
import { formatFingerprint } from '@huisclos/crypto/seal'
import type { GroupId } from '@huisclos/protocol'
import type { Source } from '../media-adapter.ts'
import { callerSource, isCallerSource } from '../media-adapter.ts'
import { MeetingError } from '../meeting-error.ts'
import type { Notice } from '../meeting-view.ts'
import type { CallerOrder } from '../messages/phone.ts'
import type { Profile } from '../messages/profile.ts'
import type { OpenedRoom } from '../pass.ts'
import { BridgeCheck } from './bridge-check.ts'
import type { InvitationDeps } from './invitation.ts'
import { Invitation } from './invitation.ts'
import type { BridgeSelf } from './own-bridge.ts'
import { OwnBridge } from './own-bridge.ts'
import type { BridgeView, PhonesView } from './phone-view.ts'

export interface PhoneSideDeps extends InvitationDeps {
  /** Where we are the bridge. */
  self: BridgeSelf | null
  group(): GroupId | null
  profileOf(pseudonym: string): Profile | null
  say(order: CallerOrder): Promise<boolean>
  notice(notice: Omit<Notice, 'id' | 'at'>): void
  alarm(leaf: number): void
}

export class PhoneSide {
  readonly own: OwnBridge | null
  readonly #deps: PhoneSideDeps
  readonly #check = new BridgeCheck()
  readonly #invitation: Invitation
  #room: OpenedRoom | null = null
  #view: EpochView | null = null
  /** Callers of the named bridge that were told of, by pseudonym and number, with what they were called. */
  #told = new Map<string, string>()

  constructor(deps: PhoneSideDeps) {
    this.#deps = deps
    this.#invitation = new Invitation(deps)
    this.own = deps.self && new OwnBridge(deps.self)
  }

  /** The room's descriptor was opened. */
  opened(room: OpenedRoom): void {
    this.#room = room
    this.#check.setCard(room.policy.bridges ? room.bridge : null)
  }

  epoch(view: EpochView): void {
    this.#view = view
    this.#check.epoch(view.groupId, view.members)
    this.profilesChanged()
  }

  /** The stay is over. */
  end(): void {
    this.#view = null
    this.#check.end()
    this.#invitation.forget()
    this.#told.clear()
  }

  /** Tells of callers who came and went, and of false bridges. */
  profilesChanged(): void {
    const now = new Map<string, string>()
    for (const member of this.#others()) {
      const profile = this.#deps.profileOf(member.pseudonym)
      const standing = this.#check.of(member, profile)
      if (standing === 'false-bridge') this.#deps.alarm(member.leaf)
      if (standing !== 'bridge') continue
      for (const { id, label, waiting } of profile?.bridge?.callers ?? [])
        if (!waiting) now.set(`${member.pseudonym} ${id} ${label}`, label)
    }
    for (const [key, name] of now) if (!this.#told.has(key)) this.#deps.notice({ kind: 'phone-joined', name })
    for (const [key, name] of this.#told) if (!now.has(key)) this.#deps.notice({ kind: 'phone-left', name })
    this.#told = now
  }

  /** Whether this stream is not to be opened: a caller's without the bridge, or anything of a false one. */
  shuts({ leaf, source }: { leaf: number; source: Source }): boolean {
    const member = this.#view?.members.find((each) => each.leaf === leaf)
    if (!member) return isCallerSource(source)
    const standing = this.#check.of(member, this.#deps.profileOf(member.pseudonym))
    return standing === 'false-bridge' || (isCallerSource(source) && standing !== 'bridge')
  }

  /** Null for people, and for what is not the named bridge. */
  viewOf(member: MemberView): BridgeView | null {
    const profile = this.#deps.profileOf(member.pseudonym)
    if (!profile?.bridge || this.#check.of(member, profile) !== 'bridge') return null
    const { callers, failed } = profile.bridge
    return {
      runBy: this.#room?.bridge?.name ?? '',
      failed,
      callers: callers.map((caller) => {
        const source = callerSource(caller.id)
        const stream = profile.streams.find((each) => each.source === source)
        return { ...caller, source, muted: stream?.muted ?? true }
      }),
    }
  }

  get view(): PhonesView {
    const card = this.#room?.policy.bridges ? this.#room.bridge : null
    return {
      bridge: card && {
        runBy: card.name,
        number: card.number,
        fingerprint: formatFingerprint(bridgeFingerprint(card)),
      },
      mayInvite: card !== null && this.#invitation.mayInvite,
      invitation: this.#invitation.standing,
    }
  }

  /** Rejects with a `MeetingError`. */
  invite(): Promise<void> {
    return this.#invitation.send(this.#room, this.#deps.group(), this.#view)
  }

  /** Throws a `MeetingError`. */
  order(leaf: number, caller: number, what: CallerOrder['do']): void {
    const view = this.#view
    if (!view) throw new MeetingError('not-in-meeting')
    if (!view.members.find((member) => member.leaf === view.self)?.host) throw new MeetingError('not-host')
    const member = view.members.find((each) => each.leaf === leaf)
    if (!member || !this.viewOf(member)) throw new MeetingError('unknown-member')
    void this.#deps.say({ k: 'caller', do: what, to: member.pseudonym, caller })
  }

  /** A host's order for one of our callers. */
  heard(sender: MemberView, order: CallerOrder): void {
    const self = this.#view?.members.find(({ leaf }) => leaf === this.#view?.self)
    if (sender.host && order.to === self?.pseudonym) this.own?.obey(order)
  }

  #others(): MemberView[] {
    return this.#view?.members.filter(({ leaf }) => leaf !== this.#view?.self) ?? []
  }
}
