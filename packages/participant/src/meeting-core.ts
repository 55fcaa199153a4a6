/**
 * The inside of a meeting: leads from one phase and one stay to the next, and carries out what the parts decide
 * (meeting-parts.ts); rules GRP, ORD, KEY4, ROS. Holds MLS state in memory only (ORD4). The parts close with it.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import type { EpochView, GroupEngine } from '@huisclos/crypto/mls'
import type { Entered, ErrorCode, GroupId, RtpCapabilities } from '@huisclos/protocol'
import { RoomId } from '@huisclos/protocol'
import type { Joining } from './entrance.ts'
import type { EventTargets } from './event-router.ts'
import { routeEvent } from './event-router.ts'
import type { GroupSessionEvents } from './group-session.ts'
import { hostSeedOf } from './host-knock.ts'
import type { Journal } from './journal.ts'
import type { BridgeOptions, MeetingOptions } from './meeting-controls.ts'
import { MeetingError } from './meeting-error.ts'
import type { PartsOwner } from './meeting-parts.ts'
import { MeetingParts } from './meeting-parts.ts'
import { snapshot } from './meeting-snapshot.ts'
import type { EndReason, MeetingView, Phase } from './meeting-view.ts'
import { cleanName } from './messages/clean-text.ts'
import type { Pass } from './pass.ts'
import { passOf } from './pass.ts'
import { within } from './patience.ts'
import type { Ms, Ports } from './ports.ts'
import { Restarts } from './restarts.ts'
import { serverEvents } from './server-events.ts'
import type { SignallingEvents } from './signalling-client.ts'
import { SignallingClient } from './signalling-client.ts'
import { ViewStore } from './view-store.ts'

const TICK_MS = 1_000
const LEAVE_MS = 2_000
const GIVE_UP_MS = 600_000

const END_REASONS: Partial<Record<ErrorCode, EndReason>> = {
  'access-refused': 'access-refused',
  'room-full': 'room-full',
  'version-unsupported': 'version',
}

export class MeetingCore<Track> {
  readonly #options: MeetingOptions | BridgeOptions
  readonly #ports: Ports<Track>
  readonly #pass: Pass
  #signalling: SignallingClient
  readonly parts: MeetingParts<Track>
  readonly #events: EventTargets
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

  constructor(options: MeetingOptions | BridgeOptions, ports: Ports<Track>) {
    this.#options = options
    this.#ports = ports
    this.#name = cleanName(options.name)
    this.#pass = passOf(options)
    this.#signalling = this.#newSignalling()
    this.parts = new MeetingParts<Track>(options, ports, this.#pass, this.#partsOwner())
    this.#events = serverEvents(this.parts, {
      stay: () => this.#stay,
      running: () => this.#running,
      groupChanged: (group) => this.#groupChanged(group),
      turnedAway: (door) => {
        if (this.#phase.at === 'waiting-members') this.#setPhase({ ...this.#phase, door })
      },
      changed: () => this.changed(),
      guard: (work) => this.#guard(work),
    })
  }

  #partsOwner(): PartsOwner {
    return {
      ask: (body) => this.#signalling.ask(body),
      stay: () => this.#stay,
      own: () => ({ name: this.#name, hand: this.#hand }),
      epoch: () => this.#epoch,
      title: (title) =>
        this.#set(() => {
          this.#title = title
        }),
      waiting: (lobby) => this.#waitOutside(lobby),
      joined: (joining, created) => this.#joined(joining, created),
      admitted: () => this.#admitted(),
      group: this.#groupEvents(),
      present: (change) => this.present(change),
      decided: () => this.#admitted(),
      ownChanged: () => this.#ownChanged(),
      review: () => this.#review(),
      changed: () => this.changed(),
      alarm: (kind, leaf) => this.#alarm(kind, leaf),
      notice: (notice) => this.#notice(notice),
      restart: () => this.#restart(),
      ended: (why, by) => this.#end(why, by),
      farewell: (by) => this.farewell('ended-by-host', by),
      leave: () => this.leave('ended-by-host'),
    }
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
    if (!(await this.parts.desk.orderPath()) || !this.#epoch) throw new MeetingError('not-in-meeting')
    await this.parts.conversation.compare(this.#epoch.epoch)
  }

  changed(): void {
    this.store.changed()
  }

  // — signalling —

  #newSignalling(): SignallingClient {
    const { connect, clock, random, watchNetwork } = this.#ports
    const on: SignallingEvents = {
      entered: (entered) => this.#entered(entered),
      event: (event) => routeEvent(event, this.#events),
      lost: () => this.#lost(),
      resumed: () => this.#resumed(),
      sessionLost: () => this.#sessionLost(),
      roomUnknown: () => this.#setPhase({ at: 'waiting-room-unknown' }),
      refused: (code) => this.#end(END_REASONS[code] ?? 'lost'),
    }
    const access = encodeBase64url(this.#pass.access)
    return new SignallingClient({
      connect,
      clock,
      random,
      watchNetwork,
      access,
      room: RoomId.parse(this.#pass.room),
      on,
    })
  }

  #entered(entered: Entered): void {
    this.#signal = 'open'
    this.#lostAt = null
    this.parts.peers.replace(entered.peers)
    this.parts.recording.server.entered(entered.recording?.recording ?? null)
    this.#routerRtp = entered.routerRtp
    const former = this.#former
    this.#former = null
    this.#guard(this.parts.entrance.enter(entered, former))
    this.changed()
  }

  #lost(): void {
    this.#signal = 'lost'
    this.#lostAt = this.#ports.clock.now()
    this.parts.media.lost()
    if (this.#phase.at === 'in') this.#setPhase({ at: 'reconnecting', since: this.#lostAt })
    this.changed()
  }

  #resumed(): void {
    this.#signal = 'open'
    this.#lostAt = null
    this.parts.conversation.resumed()
    this.parts.media.resumed()
    if (this.#phase.at === 'reconnecting' && this.#epoch && this.parts.conversation.admitted)
      this.#showIn(this.#epoch)
    this.changed()
  }

  /** What was of that session is void, except the engine, which can prove who we were. */
  #sessionLost(): void {
    if (this.#phase.at === 'in') this.#setPhase({ at: 'reconnecting', since: this.#ports.clock.now() })
    const stay = this.#endStay()
    if (stay) this.#former = { engine: stay.engine, group: stay.session.group }
    else this.parts.entrance.close()
  }

  #groupChanged(group: GroupId | null): void {
    if (this.#stay && this.#stay.session.group === group) return
    this.#endStay()?.engine.close()
    this.parts.entrance.groupChanged(group)
  }

  // — the group —

  #waitOutside(lobby: boolean): void {
    if (this.#phase.at === 'reconnecting' && !lobby) return
    this.#setPhase({ at: 'waiting-members', lobby })
  }

  #joined(joining: Joining, created: boolean): void {
    this.#stay = joining
    this.parts.vigil.begin()
    if (this.#stays++ > 0) {
      this.parts.comparison.void()
      this.#alarm('reset')
    }
    this.parts.conversation.begin(joining, created)
    joining.session.start({ own: created })
    if (this.#routerRtp) this.parts.media.begin(this.#routerRtp)
    if (created) this.#admitted()
  }

  /** GRP5: somebody has answered, or nobody is there to. */
  #admitted(): void {
    if (!this.#epoch) return
    const { conversation, recording } = this.parts
    if (!conversation.admitted && recording.mustAnswer()) {
      this.#setPhase({ at: 'waiting-consent' })
      return
    }
    if (!conversation.admitted) conversation.admit()
    const claimHost = hostSeedOf(this.#options)
    if (claimHost && !this.parts.hosts.word.isHost) this.parts.desk.orderContext({ claimHost })
    this.#review()
    this.parts.media.admit()
    if (this.#signal === 'open') this.#showIn(this.#epoch)
  }

  #groupEvents(): GroupSessionEvents {
    return {
      epoch: (view, how) => this.#onEpoch(view, how),
      said: (message) => this.parts.conversation.said(message),
      removed: (by) => {
        if (this.#running) this.parts.unseating.removed(this.#nameAt(by))
      },
      refused: () => this.#alarm('refused-commit'),
      struck: () => {
        this.parts.unseating.reinstated()
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
    const former = this.#epoch
    const first = former === null
    const undone = how.struck ? (this.#epoch?.change?.removed ?? []) : []
    this.#epoch = view
    if (how.struck) this.#alarm('keys-rolled-back')
    if (undone.length > 0) {
      // Before the keys go back: whoever was removed holds them.
      this.parts.vigil.doubt(now, new Set(undone.map(({ pseudonym }) => pseudonym)))
      this.#review()
    }
    this.parts.media.epoch(view, { first, struck: how.struck })
    if (this.#stay) {
      this.#signalling
        .ask({ t: 'group.ready', group: this.#stay.session.group, epoch: view.epoch })
        .catch(() => {})
    }
    const committer = view.change && former?.members.find(({ leaf }) => leaf === view.change?.by)
    this.parts.recording.epoch(view, {
      struck: how.struck,
      entered: first,
      committer: committer ? this.#nameOf(committer.pseudonym) : null,
    })
    const added = this.parts.news.epoch(view, now, (pseudonym) => this.parts.nameOf(pseudonym))
    this.parts.comparison.epoch(view, added)
    this.parts.desk.epoch(view, how)
    // Before profiles open streams: who the bridge is decides about some.
    this.parts.phones.epoch(view)
    this.parts.conversation.epoch(view, how)
    this.parts.hosts.epoch(view)
    if (this.#phase.at === 'in') this.#showIn(view)
    this.changed()
  }

  // — media —

  #ownChanged(): void {
    this.parts.conversation.announce()
    this.changed()
  }

  /** Whether anything may be sent at all (GRP5, ROS2). */
  #review(): void {
    this.parts.media.keys.allow(this.#maySend())
    this.changed()
  }

  #maySend(): boolean {
    return (
      this.#stay !== null &&
      this.parts.conversation.admitted &&
      this.parts.vigil.heard &&
      !this.parts.unseating.pending
    )
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
    const heard = this.parts.vigil.heard
    this.parts.recording.tick(now)
    const hearing = this.parts.vigil.look(now, this.#epoch)
    if (hearing === 'given-up' && this.#signal === 'open') {
      this.#end('not-echoed')
      return
    }
    if (heard !== this.parts.vigil.heard) this.#review()
    this.changed()
  }

  // — ending —

  #sayFarewell(): void {
    const farewell = this.#stay ? this.parts.conversation.farewell() : null
    if (!farewell || !this.#stay) return
    this.#signalling.blurt([{ t: 'group.app', group: this.#stay.session.group, ...farewell }])
  }

  #endStay(): Joining | null {
    const stay = this.#stay
    this.#stay = null
    this.#epoch = null
    this.parts.unseating.reset()
    stay?.session.close()
    this.parts.conversation.end()
    this.parts.desk.reset()
    this.parts.news.reset()
    this.parts.media.end()
    this.parts.hosts.end()
    this.parts.phones.end()
    this.parts.recording.end()
    return stay
  }

  #end(why: EndReason, by = ''): void {
    if (!this.#running) return
    this.#running = false
    this.#cancelTick()
    this.#endStay()?.engine.close()
    this.#former?.engine.close()
    this.#former = null
    this.parts.entrance.close()
    this.parts.conversation.close()
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

  #nameAt(leaf: number): string {
    const member = this.#epoch?.members.find((m) => m.leaf === leaf)
    return member ? this.#nameOf(member.pseudonym) : ''
  }

  #nameOf(pseudonym: string): string {
    const self = this.#epoch?.members.find((m) => m.leaf === this.#epoch?.self)
    return pseudonym === self?.pseudonym ? this.#name : this.parts.nameOf(pseudonym)
  }

  #showIn(view: EpochView): void {
    const alone = view.members.length === 1
    const since = this.#phase.at === 'in' ? this.#phase.since : this.#ports.clock.now()
    this.#setPhase({ at: 'in', since, alone })
    if (alone) this.#guard(this.parts.comparison.offer())
  }

  #notice(notice: Parameters<Journal['notice']>[1]): void {
    this.parts.journal.notice(this.#ports.clock.now(), notice)
    this.changed()
  }

  #alarm(kind: Parameters<Journal['alarm']>[1], leaf?: number): void {
    this.parts.journal.alarm(this.#ports.clock.now(), kind, leaf)
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
    return snapshot(this.parts, {
      phase: this.#phase,
      title: this.#title,
      hosted: this.#pass.hosted,
      epoch: this.#epoch,
      own: { name: this.#name, hand: this.#hand },
      sending: this.#maySend(),
      signalling: this.#signal,
    })
  }
}
