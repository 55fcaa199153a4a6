/**
 * What those at the door are told (HOST7): that the meeting is locked, that they were turned away, or that no host is
 * here to let them in. The server relays it and could say so itself: it opens and shuts nothing, it only explains.
 * Keeps whom this screen turned away, by connection, so that asking again does not ring again.
 */
import type { EpochView } from '@huisclos/crypto/mls'
import type { GroupId, PeerId } from '@huisclos/protocol'
import type { CommitDesk } from './commit-desk.ts'
import type { AskServer } from './media-adapter.ts'
import type { DoorAnswer } from './meeting-view.ts'

export interface DoorDeps {
  desk: CommitDesk
  ask: AskServer
  connected(): ReadonlySet<number>
  /** Of the present stay. */
  group(): GroupId | null
}

export class Door {
  readonly #deps: DoorDeps
  readonly #turnedAway = new Set<PeerId>()
  #view: EpochView | null = null

  constructor(deps: DoorDeps) {
    this.#deps = deps
  }

  epoch(view: EpochView): void {
    this.#view = view
  }

  end(): void {
    this.#view = null
    this.#turnedAway.clear()
  }

  get isHostHere(): boolean {
    const view = this.#view
    const connected = this.#deps.connected()
    return view?.members.some((m) => m.host && (m.leaf === view.self || connected.has(m.leaf))) ?? false
  }

  knocked(peer: PeerId, keyPackage: Uint8Array): void {
    const refused = this.#turnedAway.has(peer)
    if (!refused) this.#deps.desk.knocked(peer, keyPackage)
    const why = refused ? 'refused' : this.#isFirst() ? this.#whyClosed() : null
    if (why) this.#answer(peer, why)
  }

  turnAway(peer: string): void {
    const knock = this.#deps.desk.waiting().find(({ id }) => id === peer)
    if (!knock) return
    this.#turnedAway.add(knock.id)
    this.#deps.desk.turnAway(peer)
    this.#answer(knock.id, 'refused')
  }

  admitAll(): void {
    for (const { id } of this.#deps.desk.waiting()) this.#deps.desk.admit(id)
  }

  #whyClosed(): DoorAnswer | null {
    const policy = this.#view?.context.policy
    if (policy?.lock) return 'locked'
    return policy?.lobby && !this.isHostHere ? 'no-host' : null
  }

  /** One answer is enough: the lowest connected leaf's. */
  #isFirst(): boolean {
    const view = this.#view
    const connected = this.#deps.connected()
    const first = view?.members.find((m) => m.leaf === view.self || connected.has(m.leaf))
    return first !== undefined && first.leaf === view?.self
  }

  #answer(peer: PeerId, why: DoorAnswer): void {
    const group = this.#deps.group()
    // Who has gone meanwhile needs no answer.
    if (group) this.#deps.ask({ t: 'group.turn-away', group, peer, why }).catch(() => {})
  }
}
