/**
 * All that a meeting has to do with hosts, put together: orders by commit (host-orders.ts) and by message
 * (host-word.ts), the door, and what the rules mean for ourselves. Turns what a host said into notices and deeds.
 */
import type { EpochView, MemberView } from '@huisclos/crypto/mls'
import type { GroupId } from '@huisclos/protocol'
import type { CommitDesk } from './commit-desk.ts'
import type { Conversation } from './conversation.ts'
import { Door } from './door.ts'
import { HostOrders } from './host-orders.ts'
import type { OrderToSelf } from './host-word.ts'
import { HostWord } from './host-word.ts'
import type { AskServer } from './media-adapter.ts'
import type { MediaSide } from './media-side.ts'
import type { HostWish } from './meeting-controls.ts'
import { MeetingError } from './meeting-error.ts'
import type { Notice } from './meeting-view.ts'
import type { Rules } from './messages/host-order.ts'
import { OwnSources } from './own-sources.ts'
import { within } from './patience.ts'
import type { Clock } from './ports.ts'

export interface HostSideDeps<Track> {
  clock: Clock
  desk: CommitDesk
  conversation: Conversation
  media: MediaSide<Track>
  ask: AskServer
  connected(): ReadonlySet<number>
  /** Of the present stay. */
  group(): GroupId | null
  ownName(): string
  notice(notice: Omit<Notice, 'id' | 'at'>): void
  lowerHand(): void
  /** A host has ended the meeting; `by` is its name. */
  ended(by: string): void
  leave(): Promise<void>
  changed(): void
}

/** An order that everybody has been sent is not waited for longer. */
const END_PATIENCE_MS = 2_500

export class HostSide<Track> {
  readonly orders: HostOrders
  readonly word: HostWord
  readonly door: Door
  readonly own: OwnSources<Track>
  readonly #deps: HostSideDeps<Track>
  #view: EpochView | null = null
  #request: { id: number; by: string } | null = null
  #requests = 0

  constructor(deps: HostSideDeps<Track>) {
    this.#deps = deps
    const { clock, desk, conversation, media, ask, connected, group } = deps
    this.orders = new HostOrders(desk)
    this.door = new Door({ desk, ask, connected, group })
    this.word = new HostWord({
      clock,
      connected,
      say: (message) => conversation.say(message),
      streamsOf: (pseudonym) => conversation.profiles.of(pseudonym)?.streams ?? [],
      on: {
        ordered: (what, by) => this.ordered(what, by),
        rules: (before, now, by) => this.#ruled(before, now, by),
        ended: (by) => deps.ended(this.#nameOf(by)),
        missing: (by) => deps.notice({ kind: 'messages-missing', name: this.#nameOf(by) }),
        shut: () => media.incoming.review(),
      },
    })
    this.own = new OwnSources(media.outgoing, (source) => this.word.allowsSelf(source))
  }

  /** Somebody asks us to turn the microphone on. */
  get request(): { readonly id: number; readonly by: string } | null {
    return this.#request
  }

  epoch(view: EpochView): void {
    this.#view = view
    this.door.epoch(view)
    this.word.epoch(view)
    this.orders.epoch(view)
    this.#deps.media.incoming.review()
    void this.own.obey()
  }

  /** The stay is over. */
  end(): void {
    this.#view = null
    this.#request = null
    this.door.end()
    this.word.end()
    this.orders.end()
  }

  /** The answer to `request`; the microphone is the screen's to turn on. */
  answered(): void {
    this.#request = null
    this.#deps.changed()
  }

  /** Rejects with a `MeetingError`. */
  async order(wish: HostWish): Promise<void> {
    const { word, orders, door } = this
    switch (wish.do) {
      case 'lock':
        return orders.setLock(wish.on)
      case 'rules':
        return word.issue(wish.change)
      case 'mute-all':
        word.order('mute', null)
        return word.issue({ unmute: wish.mayUnmute, speakers: [] })
      case 'stop':
        return word.order(
          wish.what === 'camera' ? 'stop-camera' : 'stop-screen',
          this.#member(wish.leaf).pseudonym,
        )
      case 'ask-unmute':
        return this.#askToUnmute(this.#member(wish.leaf))
      case 'lower-hands':
        return word.order('lower-hand', wish.leaf === null ? null : this.#member(wish.leaf).pseudonym)
      case 'spotlight':
        return word.issue({ spotlight: wish.leaf === null ? null : this.#member(wish.leaf).pseudonym })
      case 'admit-all':
        return door.admitAll()
      case 'end':
        return this.#endForAll()
    }
  }

  #askToUnmute({ pseudonym }: MemberView): void {
    const { rules } = this.word
    const speakers = rules.speakers.filter((speaker) => speaker !== pseudonym)
    if (!rules.unmute) this.word.issue({ speakers: [...speakers, pseudonym].slice(-64) })
    this.word.order('ask-unmute', pseudonym)
  }

  /**
   * The order ends the meeting on every screen that follows it; the removals change the keys for those that do not, or
   * from whom the server keeps it.
   */
  async #endForAll(): Promise<void> {
    const { conversation, desk, leave, clock } = this.#deps
    const view = this.#view
    if (!view) throw new MeetingError('not-in-meeting')
    if (!this.word.isHost) throw new MeetingError('not-host')
    await within(clock, END_PATIENCE_MS, conversation.say({ k: 'end' }))
    const others = view.members.filter(({ leaf }) => leaf !== view.self)
    for (const { leaf, pseudonym } of others) desk.orderRemoval(leaf, pseudonym)
    const gone = new Set(others.map(({ pseudonym }) => pseudonym))
    await within(clock, END_PATIENCE_MS, this.orders.withoutAll(gone))
    await leave()
  }

  /** A host has asked this of us. `by`: its pseudonym. */
  ordered(what: OrderToSelf, by: string): void {
    const { notice, ownName, lowerHand } = this.#deps
    const said = { name: ownName(), by: this.#nameOf(by) }
    switch (what) {
      case 'mute':
        void this.own.muteVoices()
        notice({ kind: 'muted-by', ...said })
        break
      case 'stop-camera':
        void this.own.stop('camera')
        notice({ kind: 'camera-stopped', ...said })
        break
      case 'stop-screen':
        for (const source of ['screen', 'screen-audio'] as const) void this.own.stop(source)
        notice({ kind: 'share-stopped', ...said })
        break
      case 'lower-hand':
        lowerHand()
        break
      case 'ask-unmute':
        this.#request = { id: ++this.#requests, by }
        this.#deps.changed()
    }
  }

  #ruled(before: Rules, now: Rules, by: string): void {
    const { media, notice, changed } = this.#deps
    for (const what of ['share', 'chat', 'unmute'] as const) {
      if (before[what] !== now[what])
        notice({ kind: now[what] ? `${what}-allowed` : `${what}-forbidden`, name: '', by: this.#nameOf(by) })
    }
    if (now.spotlight !== null && now.spotlight !== before.spotlight)
      notice({ kind: 'spotlit', name: this.#nameOf(now.spotlight), by: this.#nameOf(by) })
    void this.own.obey()
    media.incoming.review()
    changed()
  }

  #nameOf(pseudonym: string): string {
    const self = this.#view?.members.find((m) => m.leaf === this.#view?.self)
    return pseudonym === self?.pseudonym
      ? this.#deps.ownName()
      : this.#deps.conversation.profiles.nameOf(pseudonym)
  }

  #member(leaf: number): MemberView {
    const member = this.#view?.members.find((m) => m.leaf === leaf)
    if (!member) throw new MeetingError(this.#view ? 'unknown-member' : 'not-in-meeting')
    return member
  }
}
