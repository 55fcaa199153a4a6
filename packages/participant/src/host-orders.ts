/**
 * What a host orders (GRP2, GRP9): removals, hosts, the door. An order is done when the commit that carries it has been
 * echoed (ORD2), and fails when the stay ends first. Refuses whoever is no host; the engine would refuse it anyway.
 */
import { equal } from '@huisclos/crypto/bytes'
import type { EpochView, MeetingPolicy } from '@huisclos/crypto/mls'
import type { CommitDesk } from './commit-desk.ts'
import { MeetingError } from './meeting-error.ts'

interface Waiter {
  until(view: EpochView): boolean
  resolve(): void
  reject(error: MeetingError): void
}

export class HostOrders {
  readonly #desk: CommitDesk
  #view: EpochView | null = null
  #waiters: Waiter[] = []

  constructor(desk: CommitDesk) {
    this.#desk = desk
  }

  epoch(view: EpochView): void {
    this.#view = view
    const done = this.#waiters.filter((waiter) => waiter.until(view))
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter))
    for (const waiter of done) waiter.resolve()
  }

  /** The stay is over. */
  end(): void {
    this.#view = null
    for (const waiter of this.#waiters.splice(0)) waiter.reject(new MeetingError('not-in-meeting'))
  }

  async removeMember(leaf: number): Promise<void> {
    const view = this.#asHost()
    let pseudonym = view.members.find((m) => m.leaf === leaf)?.pseudonym
    if (pseudonym === undefined || leaf === view.self) throw new MeetingError('unknown-member')
    this.#desk.orderRemoval(leaf, pseudonym)
    await this.#until(({ members, change }) => {
      const back = change?.removed.find((r) => r.pseudonym === pseudonym)?.resumedAs
      if (back !== undefined) pseudonym = members.find((m) => m.leaf === back)?.pseudonym
      return !members.some((m) => m.pseudonym === pseudonym)
    })
  }

  async makeHost(leaf: number): Promise<void> {
    const member = this.#asHost().members.find((m) => m.leaf === leaf)
    if (!member) throw new MeetingError('unknown-member')
    if (member.host) return
    this.#desk.orderContext({ makeHosts: [leaf] })
    await this.#until(({ members }) => members.some((m) => m.pseudonym === member.pseudonym && m.host))
  }

  async setLobby(on: boolean): Promise<void> {
    if (this.#asHost().context.policy.lobby === on) return
    this.#desk.orderContext({ policy: { lobby: on } })
    await this.#until(({ context }) => context.policy.lobby === on)
  }

  async setLock(on: boolean): Promise<void> {
    if (this.#asHost().context.policy.lock === on) return
    this.#desk.orderContext({ policy: { lock: on } })
    await this.#until(({ context }) => context.policy.lock === on)
  }

  /** REC1. Resolves when the group has it. */
  async setRecording(wanted: Pick<MeetingPolicy, 'recordingKey' | 'recordingPaused'>): Promise<void> {
    this.#asHost()
    this.#desk.orderContext({ policy: wanted })
    const { recordingKey: key, recordingPaused } = wanted
    await this.#until(({ context: { policy } }) => {
      const now = policy.recordingKey
      const same = now === null || key === null ? now === key : equal(now, key)
      return same && policy.recordingPaused === recordingPaused
    })
  }

  /** Resolves with the first epoch without these members; rejects when the stay ends before. */
  withoutAll(pseudonyms: ReadonlySet<string>): Promise<void> {
    return this.#until(({ members }) => !members.some((m) => pseudonyms.has(m.pseudonym)))
  }

  #until(until: Waiter['until']): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.push({ until, resolve, reject }))
  }

  #asHost(): EpochView {
    const view = this.#view
    if (!view) throw new MeetingError('not-in-meeting')
    if (!view.members.some((m) => m.leaf === view.self && m.host)) throw new MeetingError('not-host')
    return view
  }
}
