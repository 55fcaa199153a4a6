/**
 * What members say to each other during one stay in a group (ROS2–ROS4, GRP5): numbers what leaves, checks what comes,
 * and hands it to profiles, chat, heartbeat and comparison. Says neither name nor anything else of a person before a
 * member has answered. Names come from profiles alone, never from the server.
 */
import { decodeBase64url, encodeBase64url, uint } from '@huisclos/crypto/bytes'
import type { EpochView, GroupEngine, MemberView } from '@huisclos/crypto/mls'
import { Admission } from './admission.ts'
import { Beats } from './beats.ts'
import type { CaptionWords } from './caption-outlet.ts'
import { CaptionOutlet } from './caption-outlet.ts'
import { Captions } from './captions.ts'
import type { Chat } from './chat.ts'
import type { Comparison } from './comparison.ts'
import type { Heard, HeardStream } from './counter-check.ts'
import { CounterCheck } from './counter-check.ts'
import type { GroupSession, Said } from './group-session.ts'
import type { Hearing } from './heartbeat.ts'
import type { HostMessage, HostWord } from './host-word.ts'
import type { Caption } from './messages/caption.ts'
import type { GroupMessage, GroupMessageOf, SignedProfile } from './messages/group-message.ts'
import { decodeGroupMessage, encodeGroupMessage } from './messages/group-message.ts'
import { NO_RULES } from './messages/host-order.ts'
import type { CallerOrder } from './messages/phone.ts'
import type { AnnouncedStream, Profile } from './messages/profile.ts'
import { signProfile } from './messages/profile.ts'
import { Outbox } from './outbox.ts'
import type { Clock, Ms } from './ports.ts'
import { Profiles } from './profiles.ts'
import { SequenceTracker } from './sequence-tracker.ts'

export interface OwnSide {
  name: string
  hand: boolean
  streams: AnnouncedStream[]
  records: Profile['records']
  consents: Profile['consents']
  bridge?: NonNullable<Profile['bridge']>
}

export interface ConversationEvents {
  changed(): void
  /** GRP5: a member has answered. */
  answered(): void
  /** The leaver's own warrant. */
  left(leaf: number, pseudonym: string, signature: Uint8Array): void
  muteAsked(by: string): void
  /** ROS4: that many messages of this member never came. */
  missing(pseudonym: string): void
  codeOpened(by: string): void
  /** ROS2: more frames opened in this leaf's name than it sent. */
  overheard(leaf: number): void
  profilesChanged(): void
  /** TEL3: of one of our callers. */
  orderedCaller(sender: MemberView, order: CallerOrder): void
  /** REC2. */
  sealed(sender: MemberView, recording: string, epoch: number): void
  /** HOST1: said in that epoch. */
  hostSaid(sender: MemberView, epoch: number, message: HostMessage): void
}

export interface ConversationDeps {
  clock: Clock
  random(sizeBytes: number): Uint8Array
  chat: Chat
  comparison: Comparison
  own(): OwnSide
  counters(): Promise<{ stream: number; counter: string }[]>
  heard(): Promise<HeardStream[]>
  /** Leaves that the server calls connected. */
  connected(): ReadonlySet<number>
  /** What the hosts' rules say. */
  word(): Pick<HostWord, 'rules' | 'isHost' | 'mayChat' | 'mayCaption' | 'named'>
  /** The room's host key is ours: no host need vouch for a meeting that holds none (GRP6). */
  holdsHostKey: boolean
  on: ConversationEvents
}

export interface Stay {
  engine: GroupEngine
  session: GroupSession
}

const PROFILE_GATHER_MS = 30
const PROFILE_MISSING_MS = 4_000
const PROFILES_PER_MESSAGE = 24
/** GRP5: newcomers answer each other, but let those who are in come first. */
const NEWCOMERS_RANK = 2

/** Sealed ahead, it must stay near the sender's present place in the ratchet, or receivers cannot open it. */
const FAREWELL_REFRESH = 4

export class Conversation {
  readonly profiles = new Profiles()
  readonly captions = new Captions()
  readonly #captionOutlet: CaptionOutlet
  readonly #deps: ConversationDeps
  readonly #outbox: Outbox
  readonly #admission: Admission
  readonly #beats: Beats
  readonly #counterCheck = new CounterCheck()
  /** What had opened when the beat that leaves next was written. */
  #heardBefore: Heard[] = []
  #tracker = new SequenceTracker()
  #stay: Stay | null = null
  #view: EpochView | null = null
  #former: readonly MemberView[] = []
  #admitted = false
  #profileNumber = 0
  #profileTimer: (() => void) | null = null
  #profileAskedAt: Ms = 0
  /** GRP9: the latest epoch that each member has shown. */
  readonly #shown = new Map<string, number>()
  #farewell: { epoch: number; body: string } | null = null
  #sinceFarewell = 0
  readonly #deciding = new Map<string, Ms>()
  #ignored = 0

  constructor(deps: ConversationDeps) {
    this.#deps = deps
    const { clock, random, on } = deps
    this.#captionOutlet = new CaptionOutlet({
      clock,
      send: (caption) => this.#outbox.put(caption),
      said: (caption) => this.#showCaption(null, caption),
    })
    this.#outbox = new Outbox({
      clock,
      say: () => this.#speech(),
      mayLeave: ({ k }) => this.#admitted || k === 'challenge' || k === 'answer' || k === 'deciding',
      sent: (n, message) => this.#sent(n, message),
    })
    const send = (message: GroupMessage): void => void this.#outbox.put(message)
    this.#admission = new Admission({ clock, random, send, answered: () => on.answered() })
    this.#beats = new Beats({ clock, random, ask: (beat) => this.#beat(beat) })
  }

  /** Whether a member has answered us (GRP5). */
  get admitted(): boolean {
    return this.#admitted
  }
  /** Messages that could not be read, or that a later version understands. */
  get ignored(): number {
    return this.#ignored
  }

  /** `created`: there is nobody to answer. */
  begin(stay: Stay, created: boolean): void {
    this.#stay = stay
    this.#admitted = created
    this.#profileNumber = 0
    this.#tracker = new SequenceTracker()
    this.#outbox.restart()
    this.#beats.start()
    this.#counterCheck.restart()
  }

  end(): void {
    this.#stay = null
    this.#view = null
    this.#former = []
    this.#farewell = null
    this.#shown.clear()
    this.#profileTimer?.()
    this.#profileTimer = null
    this.#admission.stop()
    this.profiles.retain(new Set())
    this.captions.retain(new Set())
    this.#captionOutlet.stop()
  }

  /** Nothing will be sent any more. */
  close(): void {
    this.end()
    this.#outbox.failAll()
  }

  epoch(view: EpochView, how: { own: boolean; struck: boolean }): void {
    const first = this.#view === null
    this.#former = this.#view?.members ?? []
    this.#view = view
    const present = new Set(view.members.map(({ pseudonym }) => pseudonym))
    this.#tracker.retain(present)
    this.#counterCheck.present(view)
    this.profiles.retain(present)
    this.captions.retain(present)
    for (const key of [...this.#shown.keys()]) if (!present.has(key)) this.#shown.delete(key)
    for (const key of [...this.#deciding.keys()]) if (!present.has(key)) this.#deciding.delete(key)
    this.#beats.members(view.members, this.#self(view).pseudonym)
    if (first && !this.#admitted) this.#admission.ask()
    if (first && this.#admitted) this.announce()
    if (how.own && view.change && view.change.added.length > 0) this.#introduce()
    if (view.change && view.change.removed.length > 0) this.#beats.soon(1_000)
    this.#outbox.flush()
    this.#prepareFarewell()
    this.#deps.on.profilesChanged()
  }

  /** GRP5 is fulfilled: we may say who we are. */
  admit(): void {
    this.#admitted = true
    this.#outbox.flush()
    this.announce()
    this.#beats.soon(0)
  }

  /** Own name, hand or streams changed. */
  announce(): void {
    if (!this.#admitted || this.#profileTimer) return
    this.#profileTimer = this.#deps.clock.setTimer(PROFILE_GATHER_MS, () => {
      this.#profileTimer = null
      void this.#sendProfile()
    })
  }

  /** Says our profile, as it is now. Resolves with whether it was sent. */
  announceNow(): Promise<boolean> {
    this.#profileTimer?.()
    this.#profileTimer = null
    return this.#sendProfile()
  }

  /** Of recordings. */
  tell(message: GroupMessageOf<'deciding' | 'sealed'>): void {
    void this.#outbox.put(message)
  }

  /** When this member last said that it is being asked (REC3). */
  decidingSince(pseudonym: string): Ms | null {
    return this.#deciding.get(pseudonym) ?? null
  }

  /** A second has passed. */
  tick(): Hearing {
    const view = this.#view
    if (!view || !this.#admitted) return 'heard'
    this.#beats.tick()
    this.#askForProfiles(view)
    return this.#beats.hearing(this.#deps.connected())
  }

  resumed(): void {
    this.#beats.resumed()
    this.#outbox.flush()
  }

  /** ORD3: a strike brought these back. */
  doubt(restored: ReadonlySet<string>): void {
    this.#beats.doubt(restored)
  }

  silent(pseudonym: string): boolean {
    return this.#beats.silent(pseudonym)
  }

  /** GRP9: members that have not shown this epoch yet. */
  behind(epoch: number): string[] {
    const view = this.#view
    if (!view) return []
    const others = view.members.filter((m) => m.leaf !== view.self)
    return others.flatMap(({ pseudonym }) => ((this.#shown.get(pseudonym) ?? 0) < epoch ? [pseudonym] : []))
  }

  chat(text: string): void {
    const view = this.#view
    const { chat, clock, random, on } = this.#deps
    const id = encodeBase64url(random(8))
    const self = view ? this.#self(view) : { leaf: -1, pseudonym: '' }
    const line = chat.write({ id, leaf: self.leaf, pseudonym: self.pseudonym, text, at: clock.now() })
    if (!line) return
    const barred = view !== null && !this.#deps.word().mayChat(this.#self(view))
    if (barred) chat.settle(id, 'failed')
    on.changed()
    if (barred) return
    void this.#outbox.put({ k: 'chat', id, text: line.text }, true).then((sent) => {
      chat.settle(id, sent ? 'sent' : 'failed')
      on.changed()
    })
  }

  /** CAP1: words of our own. False where the hosts' rules, or not being in, keep us from saying them. */
  caption(words: CaptionWords): boolean {
    const view = this.#view
    if (!view || !this.#admitted || !this.#deps.word().mayCaption(this.#self(view), words.how)) return false
    this.#captionOutlet.say(words)
    return true
  }

  async compare(epoch: number): Promise<void> {
    const view = this.#view
    if (!view) return
    void this.#outbox.put({ k: 'compare', epoch })
    await this.#openCode(epoch, this.#self(view).pseudonym)
  }

  /** A host's word. Resolves with whether it was sent. */
  say(message: HostMessage | CallerOrder): Promise<boolean> {
    return this.#outbox.put(message)
  }

  askToMute(leaf: number): void {
    void this.#outbox.put({ k: 'mute-please', leaf })
  }

  /** A farewell that can be handed to the socket at once; null when none is ready. */
  farewell(): { epoch: number; body: string } | null {
    return this.#farewell
  }

  said({ leaf, epoch, data }: Said): void {
    const sender = this.#memberAt(leaf, epoch)
    if (!sender) return
    const decoded = decodeGroupMessage(data)
    if (decoded.n !== null && decoded.n > 0) {
      const arrival = this.#tracker.observe(sender.pseudonym, decoded.n)
      if (!arrival.fresh) return
      if (arrival.missing > 0) this.#deps.on.missing(sender.pseudonym)
    }
    this.#shown.set(sender.pseudonym, Math.max(epoch, this.#shown.get(sender.pseudonym) ?? 0))
    const echoed = decoded.ok && decoded.message.k === 'beat' ? this.#echoIn(decoded.message) : null
    this.#beats.heard(sender.pseudonym, echoed)
    if (decoded.ok) this.#handle(sender, epoch, decoded.message)
    else this.#ignored++
    this.#deps.on.changed()
  }

  #handle(sender: MemberView, epoch: number, message: GroupMessage): void {
    const { on, chat, clock } = this.#deps
    const { leaf, pseudonym } = sender
    switch (message.k) {
      case 'challenge':
        this.#admission.handleChallenge(message, this.#answerRank(sender))
        return
      case 'answer':
        this.#admission.handleAnswer(
          message,
          sender.host || !this.#isGuarded(this.#deps.holdsHostKey ? this.#view?.self : null),
        )
        return
      case 'profiles':
        return void this.#learn(message.list)
      case 'profiles-please':
        if (message.leaves.includes(this.#view?.self ?? -1)) this.announce()
        return
      case 'beat':
        if (!this.#counterCheck.holds(pseudonym, { ...message, echoed: this.#echoIn(message) }))
          on.overheard(leaf)
        if (message.ask) this.#beats.soon(2_000)
        this.#deps.word().named(sender, message.rules ?? NO_RULES.stamp)
        return
      case 'chat':
        if (!this.#deps.word().mayChat(sender)) return
        return void chat.receive({ id: message.id, leaf, pseudonym, text: message.text, at: clock.now() })
      case 'caption':
        this.#showCaption(sender, message)
        return
      case 'compare':
        return void this.#openCode(message.epoch, pseudonym)
      case 'mute-please':
        if (this.#mayMute(sender) && message.leaf === this.#view?.self) on.muteAsked(pseudonym)
        return
      case 'deciding':
        this.#deciding.set(pseudonym, clock.now())
        return
      case 'caller':
        on.orderedCaller(sender, message)
        return
      case 'sealed':
        on.sealed(sender, message.recording, message.epoch)
        return
      case 'farewell':
        on.left(leaf, pseudonym, decodeBase64url(message.signature) ?? new Uint8Array())
        return
      default:
        on.hostSaid(sender, epoch, message)
    }
  }

  /** `sender`: null for ourselves. */
  #showCaption(sender: MemberView | null, caption: Caption): void {
    const view = this.#view
    const member = sender ?? (view && this.#self(view))
    if (!member || !this.#deps.word().mayCaption(member, caption.how)) return
    const writer = { leaf: member.leaf, pseudonym: member.pseudonym, self: sender === null }
    if (this.captions.receive(writer, caption, this.#deps.clock.now())) this.#deps.on.changed()
  }

  /** Hosts may ask to mute; where nobody hosts, everybody may. */
  #mayMute(sender: MemberView): boolean {
    return sender.host || (this.#view?.context.hostHash.every((byte) => byte === 0) ?? false)
  }

  async #openCode(epoch: number, by: string): Promise<void> {
    if (await this.#deps.comparison.open(epoch, by, this.#deps.clock.now())) this.#deps.on.codeOpened(by)
  }

  /**
   * GRP5: whether only a host's answer counts. Where no host but `holder` is in the group, whoever came by the room's
   * host key (`holder`) needs none.
   */
  #isGuarded(holder: number | null | undefined): boolean {
    const view = this.#view
    if (!view?.context.policy.lobby) return false
    return holder === null || view.members.some((m) => m.host && m.leaf !== holder)
  }

  /**
   * How many able members come before us in answering a newcomer; null: not for us to answer. Newcomers answer each
   * other after those who are in: where everybody else has just left, there is nobody but them.
   */
  #answerRank(asker: MemberView): number | null {
    const view = this.#view
    if (!view || asker.leaf === view.self || (!this.#admitted && view.context.policy.lobby)) return null
    const connected = this.#deps.connected()
    const guarded = this.#isGuarded(asker.leaf)
    const able = view.members.filter(
      (m) => m.leaf !== asker.leaf && (m.host || !guarded) && (m.leaf === view.self || connected.has(m.leaf)),
    )
    const rank = able.findIndex((m) => m.leaf === view.self)
    if (rank < 0) return null
    return this.#admitted ? rank : Math.max(rank, NEWCOMERS_RANK)
  }

  async #learn(list: readonly SignedProfile[]): Promise<void> {
    const stay = this.#stay
    if (!stay) return
    const verify = stay.engine.verify.bind(stay.engine)
    const at = (leaf: number): string | null => {
      const member = this.#view?.members.find((m) => m.leaf === leaf)
      return this.#stay === stay && member && leaf !== this.#view?.self ? member.pseudonym : null
    }
    const kept = await Promise.all(
      list.map((signed) => this.profiles.accept(signed, at, verify).catch(() => false)),
    )
    if (kept.includes(true)) this.#deps.on.profilesChanged()
  }

  async #sendProfile(): Promise<boolean> {
    const stay = this.#stay
    const view = this.#view
    if (!stay || !view || !this.#admitted) return false
    const profile = { number: ++this.#profileNumber, ...this.#deps.own() }
    const self = this.#self(view)
    try {
      const signed = await signProfile(profile, self.leaf, stay.engine.sign.bind(stay.engine))
      if (this.#stay !== stay) return false
      this.profiles.set(self.pseudonym, profile, signed)
      this.#deps.on.profilesChanged()
      return await this.#outbox.put({ k: 'profiles', list: [signed] })
    } catch {
      // The engine was closed: the stay is over.
      return false
    }
  }

  /** ROS4: who committed an Add tells the newcomers about everybody. */
  #introduce(): void {
    const all = this.#view ? this.profiles.signed(this.#view.members) : []
    for (let i = 0; i < all.length; i += PROFILES_PER_MESSAGE) {
      void this.#outbox.put({ k: 'profiles', list: all.slice(i, i + PROFILES_PER_MESSAGE) })
    }
  }

  #askForProfiles(view: EpochView): void {
    const now = this.#deps.clock.now()
    const unknown = view.members.filter(
      (m) => m.leaf !== view.self && !this.profiles.of(m.pseudonym) && !this.#deciding.has(m.pseudonym),
    )
    if (unknown.length === 0) this.#profileAskedAt = now
    if (now - this.#profileAskedAt < PROFILE_MISSING_MS) return
    this.#profileAskedAt = now
    void this.#outbox.put({ k: 'profiles-please', leaves: unknown.map(({ leaf }) => leaf) })
  }

  async #beat(ask: boolean): Promise<void> {
    const view = this.#view
    if (!view || this.#outbox.holds('beat')) return
    // In this order: what is counted after these numbers were seen covers all that was sent before they came.
    const seen = view.members.flatMap(({ leaf, pseudonym }): [number, number][] => {
      const last = this.#tracker.last(pseudonym)
      return last > 0 ? [[leaf, last]] : []
    })
    const [counters, heard] = await Promise.all([
      this.#deps.counters().catch(() => []),
      this.#deps.heard().catch(() => []),
    ])
    this.#heardBefore = this.#counterCheck.attribute(heard, view.members)
    const list = counters.slice(0, 32).map(({ stream, counter }): [number, string] => [stream, counter])
    const word = this.#deps.word()
    const rules = word.isHost ? { rules: word.rules.stamp } : {}
    await this.#outbox.put({ k: 'beat', seen, counters: list, ask, ...rules })
  }

  #echoIn({ seen }: GroupMessageOf<'beat'>): number {
    return seen.find(([leaf]) => leaf === this.#view?.self)?.[1] ?? 0
  }

  #sent(n: number, message: GroupMessage): void {
    if (message.k === 'beat') {
      this.#beats.sent(n)
      this.#counterCheck.sent(n, this.#heardBefore)
    }
    this.#sinceFarewell++
    if (this.#sinceFarewell >= FAREWELL_REFRESH) this.#prepareFarewell()
  }

  /**
   * A closing page has no time to sign and seal, so its farewell lies ready, sealed for the present epoch and kept by
   * nobody but us. Handing the signature out ahead of time would let any member evict us at will. Outside the count,
   * since it is sent at most once.
   */
  #prepareFarewell(): void {
    const stay = this.#stay
    const view = this.#view
    if (!stay || !view) return
    this.#sinceFarewell = 0
    const seal = async (): Promise<void> => {
      const signature = await stay.engine.sign('leave', uint(view.self, 4))
      const message = encodeGroupMessage(0, { k: 'farewell', signature: encodeBase64url(signature) })
      const sealed = await stay.session.seal(message)
      if (this.#stay === stay) this.#farewell = sealed
    }
    seal().catch(() => {})
  }

  #speech(): ((data: Uint8Array) => Promise<void>) | null {
    const stay = this.#stay
    return stay && this.#view ? (data) => stay.session.say(data) : null
  }

  /** The writer of a message, if it is a member still: under the old epoch's keys a removed one could speak on. */
  #memberAt(leaf: number, epoch: number): MemberView | null {
    const present = this.#view?.members ?? []
    const members = epoch === this.#view?.epoch ? present : this.#former
    const member = members.find((m) => m.leaf === leaf)
    return present.some((m) => m.pseudonym === member?.pseudonym) ? (member ?? null) : null
  }

  #self(view: EpochView): MemberView {
    const self = view.members.find((m) => m.leaf === view.self)
    if (!self) throw new Error('a view without its own leaf')
    return self
  }
}
