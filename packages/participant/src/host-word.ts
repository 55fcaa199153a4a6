/**
 * What hosts say to the group, on both sides of it (HOST1–HOST5): says it where we are host, and where another is,
 * judges who said it and carries it out. Rules are one register that converges everywhere; a host says them again to
 * newcomers. Never acts on the word of somebody who was no host in the epoch that the word was sealed in.
 */
import type { EpochView, MemberView } from '@huisclos/crypto/mls'
import type { Source } from './media-adapter.ts'
import { isVoice } from './media-adapter.ts'
import { MeetingError } from './meeting-error.ts'
import type { GroupMessage } from './messages/group-message.ts'
import type { HostOrder, Rules, RulesStamp } from './messages/host-order.ts'
import { isLater, NO_RULES } from './messages/host-order.ts'
import type { AnnouncedStream } from './messages/profile.ts'
import type { Clock, Ms } from './ports.ts'

export type HostMessage = Extract<GroupMessage, { k: 'rules' | 'rules-please' | 'order' | 'end' }>
export type RulesChange = Partial<Pick<Rules, 'share' | 'chat' | 'unmute' | 'speakers' | 'spotlight'>>

/** What an order to oneself asks for. */
export type OrderToSelf = HostOrder['do']

export interface HostWordDeps {
  clock: Clock
  /** Resolves with whether it was sent. */
  say(message: HostMessage): Promise<boolean>
  /** Leaves that the server calls connected. */
  connected(): ReadonlySet<number>
  streamsOf(pseudonym: string): readonly AnnouncedStream[]
  on: {
    ordered(what: OrderToSelf, by: string): void
    /** `before` and `now` differ. `by`: who said it. */
    rules(before: Rules, now: Rules, by: string): void
    ended(by: string): void
    /** A host names rules that do not come, though asked for. */
    missing(by: string): void
    /** Somebody's streams are shut or opened. */
    shut(): void
  }
}

const AGAIN_STEP_MS = 1_500
const ASK_AFTER_MS = 1_500
const MISSING_MS = 12_000
const ANEW_AFTER_MS = 3_000

export class HostWord {
  readonly #deps: HostWordDeps
  #view: EpochView | null = null
  #group = ''
  #rules: Rules = NO_RULES
  /** HOST4: streams that a host stopped, as "pseudonym stream"; what is sent anew has another number (KEY2). */
  readonly #stopped = new Set<string>()
  #cancelAgain: (() => void) | null = null
  #cancelAsk: (() => void) | null = null
  #cancelAnew: (() => void) | null = null
  #behindSince: Ms | null = null

  constructor(deps: HostWordDeps) {
    this.#deps = deps
  }

  get rules(): Rules {
    return this.#rules
  }

  /** Outlives a stay in the same group, so that a host who comes back knows what holds. */
  epoch(view: EpochView): void {
    const group = view.groupId.join()
    if (group !== this.#group) this.#forget()
    const wasHost = this.isHost
    this.#group = group
    this.#view = view
    const newcomers = (view.change?.added.length ?? 0) > 0
    if (this.isHost && (newcomers || !wasHost)) this.#sayAgain()
    if (this.isHost && !wasHost && view.members.length > 1) this.#beginAnew()
    this.#followReturned(view)
  }

  end(): void {
    this.#view = null
    for (const cancel of [this.#cancelAgain, this.#cancelAsk, this.#cancelAnew]) cancel?.()
    this.#cancelAgain = this.#cancelAsk = this.#cancelAnew = null
    this.#behindSince = null
  }

  get isHost(): boolean {
    return this.#self()?.host ?? false
  }

  /** Whether what this member sends from a source may be seen or heard (HOST3, HOST4). */
  allows(
    { pseudonym, host }: Pick<MemberView, 'pseudonym' | 'host'>,
    source: Source,
    stream?: number,
  ): boolean {
    if (stream !== undefined && this.#stopped.has(`${pseudonym} ${stream}`)) return false
    const { share, unmute, speakers } = this.#rules
    if (host || source === 'camera') return true
    return isVoice(source) ? unmute || speakers.includes(pseudonym) : share
  }

  /** `allows` for what the member on this leaf announces. */
  allowsAt({ leaf, source, stream }: { leaf: number; source: Source; stream: number }): boolean {
    const member = this.#view?.members.find((m) => m.leaf === leaf)
    return member === undefined || this.allows(member, source, stream)
  }

  mayChat({ host }: Pick<MemberView, 'host'>): boolean {
    return host || this.#rules.chat
  }

  /** CAP4: what is typed is writing, what was heard is speech. */
  mayCaption(member: Pick<MemberView, 'pseudonym' | 'host'>, how: 'speech' | 'typed'): boolean {
    return how === 'typed' ? this.mayChat(member) : this.allows(member, 'microphone')
  }

  /** Ourselves: what we may send from. */
  allowsSelf(source: Source): boolean {
    const self = this.#self()
    return self === undefined || this.allows(self, source)
  }

  /** New rules in our name. Throws a `MeetingError` where we are no host. */
  issue(change: RulesChange): void {
    const view = this.#asHost()
    const before = this.#rules
    const { epoch, count } = before.stamp
    const at = Math.max(view.epoch, epoch)
    const by = this.#self()?.pseudonym ?? ''
    const stamp = { epoch: at, count: at === epoch ? count + 1 : 1, by }
    this.#hold({ ...before, ...change, stamp }, by)
    this.#sayRules()
  }

  /** Throws a `MeetingError` where we are no host. `to`: a pseudonym; null: all who are no hosts. */
  order(what: HostOrder['do'], to: string | null): void {
    this.#asHost()
    const source = STOPS[what]
    const announced = to === null || source === undefined ? [] : this.#deps.streamsOf(to)
    const streams = announced.filter((s) => source?.includes(s.source)).map(({ stream }) => stream)
    void this.#deps.say({ k: 'order', do: what, to, streams: streams.slice(0, 4) })
    if (to !== null) this.#stop(to, streams)
  }

  heard(sender: MemberView, epoch: number, message: HostMessage): void {
    if (message.k === 'rules-please') {
      if (this.isHost) this.#sayAgain()
      return
    }
    if (!sender.host) return
    if (message.k === 'end') this.#deps.on.ended(sender.pseudonym)
    else if (message.k === 'order') this.#obey(sender, message)
    else this.#ruled(sender, epoch, message)
  }

  #ruled(sender: MemberView, epoch: number, message: Rules): void {
    // One ahead: a strike may have taken back the epoch that it was said in.
    if (message.stamp.epoch > epoch + 1) return
    const known = !isLater(this.#rules.stamp, message.stamp)
    if (isLater(message.stamp, this.#rules.stamp)) this.#hold(message, sender.pseudonym)
    if (known) this.#settled()
  }

  /** HOST5: a host's heartbeat names the rules that it holds. */
  named(sender: MemberView, stamp: RulesStamp): void {
    if (!sender.host) return
    if (isLater(stamp, this.#rules.stamp)) this.#askFor(sender)
    else if (isLater(this.#rules.stamp, stamp) && this.isHost) this.#sayAgain()
  }

  #hold(rules: Rules, by: string): void {
    const before = this.#rules
    this.#rules = rules
    this.#settled()
    this.#deps.on.rules(before, rules, by)
  }

  /** Everybody may know of the rules that we know of now. */
  #settled(): void {
    this.#cancelAgain?.()
    this.#cancelAsk?.()
    this.#cancelAgain = this.#cancelAsk = null
    this.#behindSince = null
  }

  /** The lowest host that is connected says the rules again, the others where it stays silent. */
  #sayAgain(): void {
    if (this.#rules.stamp.epoch === 0 && this.#rules.stamp.count === 0) return
    if (this.#cancelAgain) return
    const delayMs =
      Math.max(
        0,
        this.#rank((m) => m.host),
      ) * AGAIN_STEP_MS
    this.#cancelAgain = this.#deps.clock.setTimer(delayMs, () => {
      this.#cancelAgain = null
      if (this.isHost) this.#sayRules()
    })
  }

  #sayRules(): void {
    void this.#deps.say(this.#rules)
  }

  #askFor(host: MemberView): void {
    const { clock, on, say } = this.#deps
    const now = clock.now()
    this.#behindSince ??= now
    if (now - this.#behindSince > MISSING_MS) {
      this.#behindSince = now
      on.missing(host.pseudonym)
    }
    this.#cancelAsk ??= clock.setTimer(ASK_AFTER_MS, () => {
      this.#cancelAsk = null
      if (this.#view) void say({ k: 'rules-please' })
    })
  }

  /**
   * Nobody but a host says what holds: alone, and without memory of what held, a host says that nothing does, so that
   * its screen and all others agree.
   */
  #beginAnew(): void {
    this.#cancelAnew?.()
    this.#cancelAnew = this.#deps.clock.setTimer(ANEW_AFTER_MS, () => {
      this.#cancelAnew = null
      const isAlone = this.#view?.members.filter((m) => m.host).length === 1
      if (this.isHost && isAlone && this.#rules.stamp.count === 0) this.issue({})
    })
  }

  #obey(sender: MemberView, { do: what, to, streams }: HostOrder): void {
    const self = this.#self()
    if (!self) return
    if (to !== null) this.#stop(to, streams)
    if (to === self.pseudonym || (to === null && !self.host)) this.#deps.on.ordered(what, sender.pseudonym)
  }

  #stop(pseudonym: string, streams: readonly number[]): void {
    for (const stream of streams) this.#stopped.add(`${pseudonym} ${stream}`)
    if (streams.length > 0) this.#deps.on.shut()
  }

  /** Who came back to the group is the same person under another pseudonym (GRP10). */
  #followReturned({ change, members }: EpochView): void {
    if (!this.isHost || !change || this.#rank((m) => m.host) !== 0) return
    const { spotlight, speakers } = this.#rules
    const heirs = new Map(
      change.removed.flatMap(({ pseudonym, resumedAs }): [string, string][] => {
        const heir = resumedAs === undefined ? undefined : members.find((m) => m.leaf === resumedAs)
        return heir ? [[pseudonym, heir.pseudonym]] : []
      }),
    )
    const moved = [...speakers, spotlight ?? ''].some((pseudonym) => heirs.has(pseudonym))
    if (!moved) return
    this.issue({
      speakers: speakers.map((pseudonym) => heirs.get(pseudonym) ?? pseudonym),
      spotlight: spotlight === null ? null : (heirs.get(spotlight) ?? spotlight),
    })
  }

  /** How many connected members of that kind sit before us; -1 where we are none. */
  #rank(kind: (member: MemberView) => boolean): number {
    const view = this.#view
    const connected = this.#deps.connected()
    const able = view?.members.filter((m) => kind(m) && (m.leaf === view.self || connected.has(m.leaf))) ?? []
    return able.findIndex((m) => m.leaf === view?.self)
  }

  #forget(): void {
    this.#rules = NO_RULES
    this.#stopped.clear()
  }

  #self(): MemberView | undefined {
    return this.#view?.members.find((m) => m.leaf === this.#view?.self)
  }

  #asHost(): EpochView {
    const view = this.#view
    if (!view) throw new MeetingError('not-in-meeting')
    if (!this.isHost) throw new MeetingError('not-host')
    return view
  }
}

const STOPS: Partial<Record<HostOrder['do'], readonly Source[]>> = {
  'stop-camera': ['camera'],
  'stop-screen': ['screen', 'screen-audio'],
}
