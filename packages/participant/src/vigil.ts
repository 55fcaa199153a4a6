/**
 * What is looked at every second (ROS1, ROS2): whether we are heard, whether media comes from nobody we know, and
 * whether the tree holds members that nothing on screen names. Raises and clears the alarms; acting on them is the
 * meeting's.
 */
import type { EpochView } from '@huisclos/crypto/mls'
import type { Conversation } from './conversation.ts'
import type { EpochNews } from './epoch-news.ts'
import type { Hearing } from './heartbeat.ts'
import type { IncomingTracks } from './incoming-tracks.ts'
import type { Journal } from './journal.ts'
import type { Ms } from './ports.ts'

const UNSEEN_MS = 15_000

export interface VigilDeps<Track> {
  conversation: Conversation
  incoming: IncomingTracks<Track>
  journal: Journal
  news: EpochNews
}

export class Vigil<Track> {
  readonly #deps: VigilDeps<Track>
  #heard = true

  constructor(deps: VigilDeps<Track>) {
    this.#deps = deps
  }

  /** False: nothing may be sent (ROS2). */
  get heard(): boolean {
    return this.#heard
  }

  /** A new stay: nobody has had to hear us yet. */
  begin(): void {
    this.#heard = true
    this.#deps.journal.clear(({ kind }) => kind === 'not-echoed' || kind === 'host-silent')
  }

  /** ORD3: a strike brought these back under keys that they hold; nothing is sent until others have answered. */
  doubt(now: Ms, restored: ReadonlySet<string>): void {
    this.#deps.conversation.doubt(restored)
    this.#setHeard(now, false)
  }

  look(now: Ms, epoch: EpochView | null): Hearing {
    const { conversation, incoming, journal } = this.#deps
    const hearing = conversation.tick()
    const heard = hearing === 'heard' || hearing === 'host-silent'
    if (hearing === 'host-silent') journal.alarm(now, 'host-silent')
    else journal.clear(({ kind }) => kind === 'host-silent')
    this.#setHeard(now, heard)
    if (incoming.strangers(now)) journal.alarm(now, 'stranger-forwarded')
    else journal.clear(({ kind }) => kind === 'stranger-forwarded')
    if (epoch && conversation.admitted) this.#lookForUnseen(now, epoch)
    return hearing
  }

  #setHeard(now: Ms, heard: boolean): void {
    if (this.#heard === heard) return
    this.#heard = heard
    const { journal } = this.#deps
    if (heard) journal.clear(({ kind }) => kind === 'not-echoed')
    else journal.alarm(now, 'not-echoed')
  }

  #lookForUnseen(now: Ms, { members, self }: EpochView): void {
    const { conversation, journal, news } = this.#deps
    const unnamed = members.filter((m) => m.leaf !== self && !conversation.profiles.of(m.pseudonym))
    for (const { leaf, pseudonym } of unnamed) {
      // Somebody who has been asked about a recording says so again and again (REC3).
      const since = conversation.decidingSince(pseudonym) ?? news.since(pseudonym)
      if (since !== null && now - since > UNSEEN_MS) journal.alarm(now, 'member-unseen', leaf)
    }
    const leaves = new Set(unnamed.map(({ leaf }) => leaf))
    journal.clear(({ kind, leaf }) => kind === 'member-unseen' && !leaves.has(leaf ?? -1))
  }
}
