/**
 * The managers of one meeting, each made once and wired to the others. Decides nothing: what a part reports that another
 * must act on goes straight there, and what changes the phase or the stay goes to the owner (meeting-core.ts).
 */
import type { EpochView } from '@huisclos/crypto/mls'
import { Chat } from './chat.ts'
import { CommitDesk } from './commit-desk.ts'
import { Comparison } from './comparison.ts'
import type { ConversationEvents, OwnSide } from './conversation.ts'
import { Conversation } from './conversation.ts'
import type { Joining } from './entrance.ts'
import { Entrance } from './entrance.ts'
import { EpochNews } from './epoch-news.ts'
import type { GroupSessionEvents } from './group-session.ts'
import { engineFor, hostSeedOf } from './host-knock.ts'
import { HostSide } from './host-side.ts'
import { Journal } from './journal.ts'
import type { AskServer } from './media-adapter.ts'
import { MediaSide } from './media-side.ts'
import type { BridgeOptions, MeetingOptions } from './meeting-controls.ts'
import { MeetingError } from './meeting-error.ts'
import type { EndReason } from './meeting-view.ts'
import type { Pass } from './pass.ts'
import { Peers } from './peers.ts'
import { PhoneSide } from './phones/phone-side.ts'
import type { Ports } from './ports.ts'
import { RecordingSide } from './recording/recording-side.ts'
import { Unseating } from './unseating.ts'
import { Vigil } from './vigil.ts'

/** What the parts ask of the meeting that holds them. */
export interface PartsOwner {
  ask: AskServer
  stay(): Joining | null
  epoch(): EpochView | null
  own(): { name: string; hand: boolean }
  title(title: string | null): void
  waiting(lobby: boolean): void
  joined(joining: Joining, created: boolean): void
  /** GRP5: somebody has answered. */
  admitted(): void
  group: GroupSessionEvents
  present(change: { hand?: boolean }): void
  ownChanged(): void
  /** REC3: the newcomer has answered. */
  decided(): void
  /** Whether anything may be sent at all may have changed. */
  review(): void
  changed(): void
  alarm(kind: Parameters<Journal['alarm']>[1], leaf?: number): void
  notice(notice: Parameters<Journal['notice']>[1]): void
  restart(): void
  ended(why: EndReason, by?: string): void
  /** A host has ended the meeting: out at once. */
  farewell(by: string): void
  /** We have ended the meeting: out when the others are told. */
  leave(): Promise<void>
}

export class MeetingParts<Track> {
  readonly peers = new Peers()
  readonly chat = new Chat()
  readonly journal = new Journal()
  readonly news = new EpochNews(this.journal)
  readonly comparison: Comparison
  readonly entrance: Entrance
  readonly desk: CommitDesk
  readonly conversation: Conversation
  readonly hosts: HostSide<Track>
  readonly media: MediaSide<Track>
  readonly vigil: Vigil<Track>
  readonly unseating: Unseating
  readonly recording: RecordingSide
  readonly phones: PhoneSide
  readonly #options: MeetingOptions | BridgeOptions
  readonly #pass: Pass
  readonly #ports: Ports<Track>
  readonly #owner: PartsOwner

  constructor(options: MeetingOptions | BridgeOptions, ports: Ports<Track>, pass: Pass, owner: PartsOwner) {
    this.#options = options
    this.#ports = ports
    this.#pass = pass
    this.#owner = owner
    const { clock } = ports
    this.comparison = new Comparison(() => owner.changed())
    this.media = this.#newMedia()
    this.desk = this.#newDesk()
    this.conversation = this.#newConversation()
    this.entrance = this.#newEntrance()
    this.hosts = this.#newHostSide()
    this.phones = this.#newPhoneSide()
    this.recording = this.#newRecording()
    this.unseating = new Unseating({
      clock,
      contest: () => owner.stay()?.session.contest() ?? false,
      changed: () => owner.review(),
      restart: () => owner.restart(),
      ended: (why, by) => owner.ended(why, by),
    })
    this.vigil = new Vigil<Track>({
      conversation: this.conversation,
      incoming: this.media.incoming,
      journal: this.journal,
      news: this.news,
    })
  }

  nameOf(pseudonym: string): string {
    return this.conversation.profiles.nameOf(pseudonym)
  }

  #connected = (): Set<number> => this.peers.connected()

  #newMedia(): MediaSide<Track> {
    const { clock, media } = this.#ports
    const { ask, changed, ownChanged, restart, alarm } = this.#owner
    return new MediaSide<Track>({
      media,
      ask,
      clock,
      changed,
      tcpOnly: this.#options.tcpOnly ?? false,
      leafOf: (peer) => this.peers.leafOf(peer),
      ownChanged,
      exhausted: restart,
      forged: (leaf) => alarm('forged-frame', leaf ?? undefined),
      shuts: (announced) => !this.hosts.word.allowsAt(announced) || this.phones.shuts(announced),
    })
  }

  #newDesk(): CommitDesk {
    const { clock, random } = this.#ports
    const { changed, stay } = this.#owner
    return new CommitDesk({
      clock,
      random,
      changed,
      connected: this.#connected,
      inspect: async (keyPackage) => {
        const joining = stay()
        if (!joining) throw new MeetingError('not-in-meeting')
        return joining.engine.inspect(keyPackage)
      },
      commit: async (plan) => stay()?.session.commit(plan) ?? 'closed',
    })
  }

  #newConversation(): Conversation {
    const { clock, random } = this.#ports
    return new Conversation({
      clock,
      random,
      connected: this.#connected,
      chat: this.chat,
      comparison: this.comparison,
      own: () => ({
        ...this.#owner.own(),
        streams: this.media.outgoing.announced(),
        ...this.recording.said(),
        ...this.#ownBridge(),
      }),
      word: () => this.hosts.word,
      holdsHostKey: hostSeedOf(this.#options) !== null,
      counters: () => this.media.counters(),
      heard: () => this.media.heardCounters(),
      on: this.#conversationEvents(),
    })
  }

  #conversationEvents(): ConversationEvents {
    const { changed, admitted, alarm, notice, epoch } = this.#owner
    return {
      changed,
      answered: admitted,
      left: (leaf, pseudonym, signature) => this.desk.left(leaf, pseudonym, signature),
      muteAsked: (by) => this.hosts.ordered('mute', by),
      hostSaid: (...said) => this.hosts.word.heard(...said),
      overheard: (leaf) => alarm('unsent-frames', leaf),
      missing: (by) => {
        this.recording.consents.doubt(by)
        notice({ kind: 'messages-missing', name: this.nameOf(by) })
      },
      orderedCaller: (sender, order) => this.phones.heard(sender, order),
      sealed: (...said) => this.recording.heardSealed(...said),
      codeOpened: (by) => notice({ kind: 'code-compared', name: this.nameOf(by) }),
      profilesChanged: () => {
        const { profiles } = this.conversation
        const view = epoch()
        const others = view?.members.filter(({ leaf }) => leaf !== view.self) ?? []
        this.media.incoming.announcements(profiles.announcements(others))
        this.recording.profilesChanged()
        this.phones.profilesChanged()
        this.news.named(this.#ports.clock.now(), (pseudonym) => profiles.nameOf(pseudonym))
        changed()
      },
    }
  }

  #newEntrance(): Entrance {
    const { clock, random, createGroup } = this.#ports
    const options = this.#options
    const { ask, group, title, waiting, joined, ended, restart } = this.#owner
    return new Entrance({
      pass: this.#pass,
      hostSeed: 'hostSeed' in options ? (options.hostSeed ?? null) : null,
      createGroup: () => engineFor(options, createGroup()),
      ask,
      clock,
      random,
      group,
      on: {
        opened: (room) => {
          title(room.title)
          this.phones.opened(room)
        },
        waiting,
        joined,
        ended,
        restart,
      },
    })
  }

  #newRecording(): RecordingSide {
    const { clock, random } = this.#ports
    const { ask, stay, alarm, notice, ownChanged, decided, changed, own, epoch } = this.#owner
    return new RecordingSide({
      clock,
      random,
      ask,
      room: this.#pass.room,
      hostSeed: hostSeedOf(this.#options),
      desk: this.desk,
      orders: this.hosts.orders,
      conversation: this.conversation,
      stay: () => {
        const joining = stay()
        return joining && { group: joining.session.group, sign: (...what) => joining.engine.sign(...what) }
      },
      connected: this.#connected,
      sendingEpoch: () => this.media.keys.sendingEpoch,
      nameOf: (pseudonym) => {
        const view = epoch()
        const self = view?.members.find(({ leaf }) => leaf === view.self)
        return pseudonym === self?.pseudonym ? own().name : this.nameOf(pseudonym)
      },
      ownChanged,
      decided,
      alarm: (kind, on) => {
        if (on) alarm(kind)
        else this.journal.clear((each) => each.kind === kind)
      },
      notice,
      changed,
    })
  }

  #newHostSide(): HostSide<Track> {
    const { desk, conversation, media } = this
    const { ask, stay, own, notice, present, farewell, leave, changed } = this.#owner
    return new HostSide<Track>({
      clock: this.#ports.clock,
      desk,
      conversation,
      media,
      ask,
      connected: this.#connected,
      group: () => stay()?.session.group ?? null,
      ownName: () => own().name,
      notice,
      lowerHand: () => {
        this.phones.own?.lowerHands()
        present({ hand: false })
      },
      ended: farewell,
      leave,
      changed,
    })
  }

  #newPhoneSide(): PhoneSide {
    const { clock, random } = this.#ports
    const { ask, stay, notice, alarm } = this.#owner
    return new PhoneSide({
      clock,
      random,
      ask,
      pass: this.#pass,
      hostSeed: hostSeedOf(this.#options),
      self: 'self' in this.#options ? this.#options.self : null,
      group: () => stay()?.session.group ?? null,
      profileOf: (pseudonym) => this.conversation.profiles.of(pseudonym),
      say: (order) => this.conversation.say(order),
      notice,
      alarm: (leaf) => alarm('false-bridge', leaf),
    })
  }

  #ownBridge(): Pick<OwnSide, 'bridge'> {
    const bridge = this.phones.own?.profile(this.#owner.epoch())
    return bridge ? { bridge } : {}
  }
}
