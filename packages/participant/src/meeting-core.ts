/**
 * The inside of a meeting: composes the managers of this folder, leads from one phase to the next and carries out what
 * they decide; rules GRP, ORD, KEY4, ROS. Holds MLS state in memory only (ORD4). The managers close with it.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveLinkSecrets, hasHost } from '@huisclos/crypto/link'
import type { EpochView, GroupEngine } from '@huisclos/crypto/mls'
import type { Entered, ErrorCode, GroupId, RtpCapabilities } from '@huisclos/protocol'
import { RoomId } from '@huisclos/protocol'
import { buildView } from './build-view.ts'
import { Chat } from './chat.ts'
import { CommitDesk } from './commit-desk.ts'
import { Comparison } from './comparison.ts'
import { Conversation } from './conversation.ts'
import type { Joining } from './entrance.ts'
import { Entrance } from './entrance.ts'
import { EpochNews } from './epoch-news.ts'
import type { EventTargets } from './event-router.ts'
import { routeEvent } from './event-router.ts'
import type { GroupSessionEvents } from './group-session.ts'
import { engineFor, hostSeedOf } from './host-knock.ts'
import { HostSide } from './host-side.ts'
import { Journal } from './journal.ts'
import type { AskServer } from './media-adapter.ts'
import { MediaSide } from './media-side.ts'
import type { MeetingOptions } from './meeting-controls.ts'
import { MeetingError } from './meeting-error.ts'
import type { EndReason, MeetingView, Phase } from './meeting-view.ts'
import { cleanName } from './messages/profile.ts'
import { within } from './patience.ts'
import { Peers } from './peers.ts'
import type { Ms, Ports } from './ports.ts'
import { Restarts } from './restarts.ts'
import type { SignallingEvents } from './signalling-client.ts'
import { SignallingClient } from './signalling-client.ts'
import { Unseating } from './unseating.ts'
import { ViewStore } from './view-store.ts'
import { Vigil } from './vigil.ts'

const TICK_MS = 1_000
const LEAVE_MS = 2_000
const GIVE_UP_MS = 600_000

const END_REASONS: Partial<Record<ErrorCode, EndReason>> = {
  'access-refused': 'access-refused',
  'room-full': 'room-full',
  'version-unsupported': 'version',
}

export class MeetingCore<Track> {
  readonly #options: MeetingOptions
  readonly #ports: Ports<Track>
  readonly #secrets: ReturnType<typeof deriveLinkSecrets>
  #signalling: SignallingClient
  readonly #peers = new Peers()
  readonly #chat = new Chat()
  readonly journal = new Journal()
  readonly #news = new EpochNews(this.journal)
  readonly comparison = new Comparison(() => this.changed())
  readonly #entrance: Entrance
  readonly desk: CommitDesk
  readonly conversation: Conversation
  readonly hosts: HostSide<Track>
  readonly media: MediaSide<Track>
  readonly #vigil: Vigil<Track>
  readonly #unseating: Unseating
  readonly store = new ViewStore<MeetingView<Track>>(() => this.#build())

  #phase: Phase = { at: 'connecting' }
  #title: string | null = null
  #name: string
  #hand = false
  #routerRtp: RtpCapabilities | null = null
  #signal: 'open' | 'lost' = 'lost'
  #lostAt: Ms | null = null
  #stay: Joining | null = null
  /** The engine of a stay whose session ended: what we can come back from (GRP10). */
  #former: { engine: GroupEngine; group: GroupId } | null = null
  #stays = 0
  #epoch: EpochView | null = null
  #running = false
  #cancelTick = () => {}
  readonly #restarts = new Restarts()

  constructor(options: MeetingOptions, ports: Ports<Track>) {
    const { clock, media, random } = ports
    this.#options = options
    this.#ports = ports
    this.#name = cleanName(options.name)
    this.#secrets = deriveLinkSecrets(options.link.secret, options.link.room)
    this.#signalling = this.#newSignalling()
    const ask: AskServer = (body) => this.#signalling.ask(body)
    const changed = (): void => this.changed()
    const connected = (): Set<number> => this.#peers.connected()
    this.media = new MediaSide<Track>({
      media,
      ask,
      clock,
      changed,
      tcpOnly: options.tcpOnly ?? false,
      leafOf: (peer) => this.#peers.leafOf(peer),
      ownChanged: () => this.#ownChanged(),
      exhausted: () => this.#restart(),
      forged: (leaf) => this.#alarm('forged-frame', leaf ?? undefined),
      shuts: (announced) => !this.hosts.word.allowsAt(announced),
    })
    this.desk = new CommitDesk({
      clock,
      random,
      changed,
      connected,
      inspect: async (keyPackage) => this.#inStay().engine.inspect(keyPackage),
      commit: async (plan) => this.#stay?.session.commit(plan) ?? 'closed',
    })
    this.conversation = new Conversation({
      clock,
      random,
      connected,
      chat: this.#chat,
      comparison: this.comparison,
      own: () => ({ name: this.#name, hand: this.#hand, streams: this.media.outgoing.announced() }),
      word: () => this.hosts.word,
      holdsHostKey: hostSeedOf(options) !== null,
      counters: () => this.media.counters(),
      heard: () => this.media.heardCounters(),
      on: this.#conversationEvents(),
    })
    this.#entrance = new Entrance({
      link: options.link,
      secrets: this.#secrets,
      hostSeed: options.hostSeed ?? null,
      descriptorVersionSeen: options.descriptorVersionSeen ?? 0,
      createGroup: () => engineFor(options, ports.createGroup()),
      ask,
      clock,
      random,
      group: this.#groupEvents(),
      on: {
        title: (title) =>
          this.#set(() => {
            this.#title = title
          }),
        waiting: (lobby) => this.#waitOutside(lobby),
        joined: (joining, created) => this.#joined(joining, created),
        ended: (why) => this.#end(why),
        restart: () => this.#restart(),
      },
    })
    const { incoming } = this.media
    this.hosts = this.#newHostSide(ask)
    this.#unseating = new Unseating({
      clock,
      contest: () => this.#stay?.session.contest() ?? false,
      changed: () => this.#review(),
      restart: () => this.#restart(),
      ended: (why, by) => this.#end(why, by),
    })
    this.#vigil = new Vigil<Track>({
      conversation: this.conversation,
      incoming,
      journal: this.journal,
      news: this.#news,
    })
  }

  /** Enters, as somebody new after an end. */
  start(): void {
    if (this.#running) return
    this.#running = true
    this.#restarts.forget()
    this.#signalling = this.#newSignalling()
    this.#setPhase({ at: 'connecting' })
    this.#signalling.start()
    this.#tickSoon()
  }

  async leave(why: 'left' | 'ended-by-host' = 'left'): Promise<void> {
    if (!this.#running) return
    this.#sayFarewell()
    if (this.#signal === 'open')
      await within(this.#ports.clock, LEAVE_MS, this.#signalling.ask({ t: 'leave' }))
    this.#end(why, why === 'left' ? '' : this.#name)
  }

  /** Without waiting for anything. */
  farewell(why: EndReason = 'left', by = ''): void {
    if (!this.#running) return
    this.#sayFarewell()
    this.#signalling.blurt([{ t: 'leave' }])
    this.#end(why, by)
  }

  /** What others are told of us. */
  present(change: { name?: string; hand?: boolean }): void {
    this.#name = change.name === undefined ? this.#name : cleanName(change.name)
    this.#hand = change.hand ?? this.#hand
    this.#ownChanged()
  }

  /** ROS3. Rejects with a `MeetingError`. */
  async compare(): Promise<void> {
    this.#inStay()
    if (!(await this.desk.orderComparison()) || !this.#epoch) throw new MeetingError('not-in-meeting')
    await this.conversation.compare(this.#epoch.epoch)
  }

  changed(): void {
    this.store.changed()
  }

  #newHostSide(ask: AskServer): HostSide<Track> {
    const { desk, conversation, media } = this
    return new HostSide<Track>({
      clock: this.#ports.clock,
      desk,
      conversation,
      media,
      ask,
      connected: () => this.#peers.connected(),
      group: () => this.#stay?.session.group ?? null,
      ownName: () => this.#name,
      notice: (notice) => this.#notice(notice),
      lowerHand: () => this.present({ hand: false }),
      ended: (by) => this.farewell('ended-by-host', by),
      leave: () => this.leave('ended-by-host'),
      changed: () => this.changed(),
    })
  }

  // — signalling —

  #newSignalling(): SignallingClient {
    const { connect, clock, random, watchNetwork } = this.#ports
    const targets = this.#targets()
    const on: SignallingEvents = {
      entered: (entered) => this.#entered(entered),
      event: (event) => routeEvent(event, targets),
      lost: () => this.#lost(),
      resumed: () => this.#resumed(),
      sessionLost: () => this.#sessionLost(),
      roomUnknown: () => this.#setPhase({ at: 'waiting-room-unknown' }),
      refused: (code) => this.#end(END_REASONS[code] ?? 'lost'),
    }
    const access = encodeBase64url(this.#secrets.access)
    return new SignallingClient({
      connect,
      clock,
      random,
      watchNetwork,
      access,
      room: RoomId.parse(this.#options.link.room),
      on,
    })
  }

  #entered(entered: Entered): void {
    this.#signal = 'open'
    this.#lostAt = null
    this.#peers.replace(entered.peers)
    this.#routerRtp = entered.routerRtp
    const former = this.#former
    this.#former = null
    this.#guard(this.#entrance.enter(entered, former))
    this.changed()
  }

  #lost(): void {
    this.#signal = 'lost'
    this.#lostAt = this.#ports.clock.now()
    this.media.lost()
    if (this.#phase.at === 'in') this.#setPhase({ at: 'reconnecting', since: this.#lostAt })
    this.changed()
  }

  #resumed(): void {
    this.#signal = 'open'
    this.#lostAt = null
    this.conversation.resumed()
    this.media.resumed()
    if (this.#phase.at === 'reconnecting' && this.#epoch && this.conversation.admitted)
      this.#showIn(this.#epoch)
    this.changed()
  }

  /** What was of that session is void, except the engine, which can prove who we were. */
  #sessionLost(): void {
    if (this.#phase.at === 'in') this.#setPhase({ at: 'reconnecting', since: this.#ports.clock.now() })
    const stay = this.#endStay()
    if (stay) this.#former = { engine: stay.engine, group: stay.session.group }
    else this.#entrance.close()
  }

  #targets(): EventTargets {
    return {
      peers: (list) => {
        this.#peers.replace(list)
        this.desk.present(this.#peers.ids())
        this.changed()
      },
      groupChanged: (group) => this.#groupChanged(group),
      knocked: (peer, keyPackage) => this.hosts.door.knocked(peer, keyPackage),
      turnedAway: (door) => {
        if (this.#phase.at === 'waiting-members') this.#setPhase({ ...this.#phase, door })
      },
      group: (event) => {
        this.#session()?.handle(event)
      },
      welcome: ({ group, welcome }) => {
        if (!this.#stay) this.#guard(this.#entrance.welcome(group, welcome))
      },
      allReady: (epoch) => this.media.keys.allReady(epoch),
      gone: (leaf, epoch, signature) => this.#session()?.inTurn(() => this.desk.gone(leaf, epoch, signature)),
      removed: () =>
        this.#session()?.inTurn(() => {
          if (this.#running && this.#stay) this.#unseating.unseated()
        }),
      consumer: (offer) => this.#guard(this.media.incoming.offered(offer)),
      consumerClosed: (consumer) => this.media.incoming.ended(consumer),
      consumerFlow: (consumer, flow) => this.media.incoming.flow(consumer, flow),
      mediaLost: () => this.media.reopen(),
    }
  }

  #session() {
    return this.#stay?.session ?? this.#entrance.session
  }

  #groupChanged(group: GroupId | null): void {
    if (this.#stay && this.#stay.session.group === group) return
    this.#endStay()?.engine.close()
    this.#entrance.groupChanged(group)
  }

  // — the group —

  #waitOutside(lobby: boolean): void {
    if (this.#phase.at === 'reconnecting' && !lobby) return
    this.#setPhase({ at: 'waiting-members', lobby })
  }

  #joined(joining: Joining, created: boolean): void {
    this.#stay = joining
    this.#vigil.begin()
    if (this.#stays++ > 0) {
      this.comparison.void()
      this.#alarm('reset')
    }
    this.conversation.begin(joining, created)
    joining.session.start({ own: created })
    if (this.#routerRtp) this.media.begin(this.#routerRtp)
    if (created) this.#admitted()
  }

  /** GRP5: somebody has answered, or nobody is there to. */
  #admitted(): void {
    if (!this.#epoch) return
    if (!this.conversation.admitted) this.conversation.admit()
    const claimHost = hostSeedOf(this.#options)
    if (claimHost && !this.hosts.word.isHost) this.desk.orderContext({ claimHost })
    this.#review()
    this.media.admit()
    if (this.#signal === 'open') this.#showIn(this.#epoch)
  }

  #groupEvents(): GroupSessionEvents {
    return {
      epoch: (view, how) => this.#onEpoch(view, how),
      said: (message) => this.conversation.said(message),
      removed: (by) => {
        if (this.#running) this.#unseating.removed(this.#nameAt(by))
      },
      refused: () => this.#alarm('refused-commit'),
      struck: () => {
        this.#unseating.reinstated()
        this.#alarm('struck-commit')
      },
      unauthentic: () => {},
      stuck: (why) => {
        if (why === 'outvoted') return this.#end('server-lied')
        this.#restart()
      },
      fault: () => this.#restart(),
    }
  }

  #onEpoch(view: EpochView, how: { own: boolean; struck: boolean }): void {
    const now = this.#ports.clock.now()
    const first = this.#epoch === null
    const undone = how.struck ? (this.#epoch?.change?.removed ?? []) : []
    this.#epoch = view
    if (how.struck) this.#alarm('keys-rolled-back')
    if (undone.length > 0) {
      // Before the keys go back: whoever was removed holds them.
      this.#vigil.doubt(now, new Set(undone.map(({ pseudonym }) => pseudonym)))
      this.#review()
    }
    this.media.epoch(view, { first, struck: how.struck })
    if (this.#stay) {
      this.#signalling
        .ask({ t: 'group.ready', group: this.#stay.session.group, epoch: view.epoch })
        .catch(() => {})
    }
    const added = this.#news.epoch(view, now, (pseudonym) => this.conversation.profiles.nameOf(pseudonym))
    this.comparison.epoch(view, added)
    this.desk.epoch(view, how)
    this.conversation.epoch(view, how)
    this.hosts.epoch(view)
    if (this.#phase.at === 'in') this.#showIn(view)
    this.changed()
  }

  #conversationEvents() {
    return {
      changed: () => this.changed(),
      answered: () => this.#admitted(),
      left: (leaf: number, pseudonym: string, signature: Uint8Array) =>
        this.desk.left(leaf, pseudonym, signature),
      muteAsked: (by: string) => this.hosts.ordered('mute', by),
      hostSaid: (...said: Parameters<HostSide<Track>['word']['heard']>) => this.hosts.word.heard(...said),
      overheard: (leaf: number) => this.#alarm('unsent-frames', leaf),
      missing: (by: string) => this.#notice({ kind: 'messages-missing', name: this.#nameOf(by) }),
      codeOpened: (by: string) => this.#notice({ kind: 'code-compared', name: this.#nameOf(by) }),
      profilesChanged: () => {
        const { profiles } = this.conversation
        this.media.incoming.announcements(
          this.#epoch ? profiles.announcements(this.#others(this.#epoch)) : [],
        )
        this.#news.named(this.#ports.clock.now(), (pseudonym) => profiles.nameOf(pseudonym))
        this.changed()
      },
    }
  }

  // — media —

  #ownChanged(): void {
    this.conversation.announce()
    this.changed()
  }

  /** Whether anything may be sent at all (GRP5, ROS2). */
  #review(): void {
    this.media.keys.allow(this.#maySend())
    this.changed()
  }

  #maySend(): boolean {
    return this.#stay !== null && this.conversation.admitted && this.#vigil.heard && !this.#unseating.pending
  }

  // — time —

  #tickSoon(): void {
    this.#cancelTick = this.#ports.clock.setTimer(TICK_MS, () => {
      this.#tickSoon()
      this.#tick(this.#ports.clock.now())
    })
  }

  #tick(now: Ms): void {
    if (this.#lostAt !== null && now - this.#lostAt > GIVE_UP_MS) {
      this.#end('lost')
      return
    }
    const heard = this.#vigil.heard
    const hearing = this.#vigil.look(now, this.#epoch)
    if (hearing === 'given-up' && this.#signal === 'open') {
      this.#end('not-echoed')
      return
    }
    if (heard !== this.#vigil.heard) this.#review()
    this.changed()
  }

  // — ending —

  #sayFarewell(): void {
    const farewell = this.#stay ? this.conversation.farewell() : null
    if (!farewell || !this.#stay) return
    this.#signalling.blurt([{ t: 'group.app', group: this.#stay.session.group, ...farewell }])
  }

  #endStay(): Joining | null {
    const stay = this.#stay
    this.#stay = null
    this.#epoch = null
    this.#unseating.reset()
    stay?.session.close()
    this.conversation.end()
    this.desk.reset()
    this.#news.reset()
    this.media.end()
    this.hosts.end()
    return stay
  }

  #end(why: EndReason, by = ''): void {
    if (!this.#running) return
    this.#running = false
    this.#cancelTick()
    this.#endStay()?.engine.close()
    this.#former?.engine.close()
    this.#former = null
    this.#entrance.close()
    this.conversation.close()
    this.#signalling.close()
    this.#signal = 'lost'
    this.#lostAt = null
    this.#setPhase(by === '' ? { at: 'ended', why } : { at: 'ended', why, by })
  }

  // — helpers —

  #inStay(): Joining {
    if (!this.#stay) throw new MeetingError('not-in-meeting')
    return this.#stay
  }

  #others = (view: EpochView) => view.members.filter(({ leaf }) => leaf !== view.self)

  #nameAt(leaf: number): string {
    const member = this.#epoch?.members.find((m) => m.leaf === leaf)
    return member ? this.conversation.profiles.nameOf(member.pseudonym) : ''
  }

  #showIn(view: EpochView): void {
    const alone = view.members.length === 1
    const since = this.#phase.at === 'in' ? this.#phase.since : this.#ports.clock.now()
    this.#setPhase({ at: 'in', since, alone })
    if (alone) this.#guard(this.comparison.offer())
  }

  #nameOf(pseudonym: string): string {
    return this.conversation.profiles.nameOf(pseudonym)
  }

  #notice(notice: Parameters<Journal['notice']>[1]): void {
    this.journal.notice(this.#ports.clock.now(), notice)
    this.changed()
  }

  #alarm(kind: Parameters<Journal['alarm']>[1], leaf?: number): void {
    this.journal.alarm(this.#ports.clock.now(), kind, leaf)
    this.changed()
  }

  /** Begins a new session, coming back by the engine at hand; gives up when that goes on and on. */
  #restart(): void {
    if (!this.#running) return
    const now = this.#ports.clock.now()
    if (!this.#restarts.again(now)) this.#end('lost')
    else this.#signalling.restart({ leave: this.#stay === null })
  }

  /** A failure here is a defect of ours: the session is begun anew rather than left half-made. */
  #guard(work: Promise<void>): void {
    work.catch(() => this.#restart())
  }

  #setPhase(phase: Phase): void {
    this.#set(() => {
      this.#phase = phase
    })
  }

  #set(change: () => void): void {
    change()
    this.changed()
  }

  #build(): MeetingView<Track> {
    const { profiles } = this.conversation
    return buildView<Track>({
      phase: this.#phase,
      title: this.#title,
      hosted: hasHost(this.#options.link),
      epoch: this.#epoch,
      roster: this.#epoch && {
        view: this.#epoch,
        profileOf: (pseudonym) => profiles.of(pseudonym),
        own: { name: this.#name, hand: this.#hand, wanted: this.media.outgoing.wanted },
        received: this.media.incoming.streams(),
        connected: this.#peers.connected(),
        silent: (pseudonym) => this.conversation.silent(pseudonym),
        allows: (...asked) => this.hosts.word.allows(...asked),
      },
      ownName: this.#name,
      chat: this.#chat,
      journal: this.journal,
      comparison: this.comparison,
      conversation: this.conversation,
      removal: this.#news.removal,
      sending: this.#maySend(),
      network: { signalling: this.#signal, media: this.media.state, tcpOnly: this.media.tcpOnly },
      knocking: this.desk.waiting(),
      hosts: this.hosts,
    })
  }
}
