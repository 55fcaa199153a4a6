/**
 * The committer's desk (GRP6, GRP8): what waits to be committed, and when to do it. Gathers knocks, departures and
 * orders, asks committer.ts, posts one commit at a time and drops what turned out impossible. Whether a commit is valid
 * is the engine's to say.
 */
import type { ContextChange, EpochView } from '@huisclos/crypto/mls'
import type { PeerId } from '@huisclos/protocol'
import type { CommitPlan, CommitterSituation, Departure, Knock } from './committer.ts'
import { decideCommit } from './committer.ts'
import type { CommitOutcome } from './group-session.ts'
import type { Clock, Ms } from './ports.ts'

export interface CommitDeskDeps {
  clock: Clock
  random(sizeBytes: number): Uint8Array
  inspect(keyPackage: Uint8Array): Promise<{ pseudonym: string; resumes: number | null }>
  commit(plan: CommitPlan): Promise<CommitOutcome>
  /** Leaves that the server calls connected. */
  connected(): ReadonlySet<number>
  /** Who knocks changed. */
  changed(): void
}

interface KnockEntry extends Knock {
  /** Null until the engine has judged the key package. */
  pseudonym: string | null
}
interface DepartureEntry extends Departure {
  pseudonym: string
  /** The epoch that a server's warrant holds for; null for a leaver's own, which holds for all. */
  epoch: number | null
}

const ROTATION_MS = 300_000
const OWN_PATH_AFTER_MS = 1_000
const OWN_PATH_PACE_MS = 300
const RETRY_MS = 1_000

export class CommitDesk {
  readonly #deps: CommitDeskDeps
  #view: EpochView | null = null
  readonly #knocks = new Map<PeerId, KnockEntry>()
  readonly #departures = new Map<string, DepartureEntry>()
  /** Ordered removals: pseudonyms by leaf. */
  readonly #removes = new Map<number, string>()
  readonly #orderedAgain = new Set<string>()
  #context: ContextChange | null = null
  #paths: ((won: boolean) => void)[] = []
  #pathOwedSince: Ms | null = null
  #ownPathAt: Ms | null = null
  #ownPathMade = false
  #lastPathAt: Ms = 0
  #lastCommitAt: Ms = Number.NEGATIVE_INFINITY
  #ownCommitsAt: Ms[] = []
  #notBefore: Ms = 0
  /** Lost to a commit that has not come: told so again and again, a cut-off member would build commits without end. */
  #outrun = false
  #failures = 0
  #jitter = 0
  #busy = false
  #turn = 0
  #cancel = () => {}

  constructor(deps: CommitDeskDeps) {
    this.#deps = deps
  }

  /** Lobby on: those a host has to decide about. */
  waiting(): { id: PeerId; since: Ms }[] {
    const open = [...this.#knocks.values()].filter(
      (k) => k.pseudonym !== null && k.resumes === null && !k.admitted,
    )
    return open.map(({ peer, at }) => ({ id: peer, since: at }))
  }

  epoch(view: EpochView, how: { own: boolean; struck: boolean }): void {
    const now = this.#deps.clock.now()
    const entered = this.#view === null
    if (how.struck) this.#orderAgain()
    this.#followResumed(view)
    this.#view = view
    this.#jitter = this.#draw()
    if (this.#outrun) this.#notBefore = now
    this.#outrun = false
    if (!entered) this.#lastCommitAt = now
    if (entered || this.#carriedPath(view, how)) this.#lastPathAt = now
    this.#settlePaths(view, how, now)
    const members = new Set(view.members.map(({ pseudonym }) => pseudonym))
    this.#forget(view.epoch, members)
    for (const knock of this.#knocks.values()) if (knock.pseudonym === null) void this.#inspect(knock)
    this.#deps.changed()
    this.poke()
  }

  knocked(peer: PeerId, keyPackage: Uint8Array): void {
    const knock: KnockEntry = {
      peer,
      keyPackage,
      at: this.#deps.clock.now(),
      resumes: null,
      admitted: false,
      pseudonym: null,
    }
    this.#knocks.set(peer, knock)
    if (this.#view) void this.#inspect(knock)
  }

  /** Peers that are not in the room any more do not knock. */
  present(peers: ReadonlySet<PeerId>): void {
    let fewer = false
    for (const peer of [...this.#knocks.keys()])
      if (!peers.has(peer)) fewer = this.#knocks.delete(peer) || fewer
    if (fewer) this.#deps.changed()
    this.poke()
  }

  /** The server's warrant of absence (GRP7), for one epoch. */
  gone(leaf: number, epoch: number, signature: Uint8Array): void {
    const pseudonym = this.#view?.members.find((m) => m.leaf === leaf)?.pseudonym
    if (!this.#view || epoch < this.#view.epoch) return
    const key = `gone ${leaf}`
    const at = this.#departures.get(key)?.at ?? this.#deps.clock.now()
    const warrant = { by: 'server', signature } as const
    this.#departures.set(key, { leaf, warrant, at, epoch, pseudonym: pseudonym ?? '' })
    this.poke()
  }

  /** The leaver's own warrant. */
  left(leaf: number, pseudonym: string, signature: Uint8Array): void {
    const at = this.#deps.clock.now()
    const warrant = { by: 'leaver', signature } as const
    this.#departures.set(`left ${leaf}`, { leaf, warrant, at, epoch: null, pseudonym })
    this.poke()
  }

  admit(peer: string): void {
    const knock = [...this.#knocks.values()].find((k) => k.peer === peer)
    if (!knock) return
    knock.admitted = true
    this.#deps.changed()
    this.poke()
  }

  turnAway(peer: string): void {
    for (const key of this.#knocks.keys()) if (key === peer) this.#knocks.delete(key)
    this.#deps.changed()
  }

  orderRemoval(leaf: number, pseudonym: string): void {
    this.#removes.set(leaf, pseudonym)
    this.poke()
  }

  orderContext(change: ContextChange): void {
    const policy =
      change.policy || this.#context?.policy ? { policy: { ...this.#context?.policy, ...change.policy } } : {}
    const hosts = [...new Set([...(this.#context?.makeHosts ?? []), ...(change.makeHosts ?? [])])]
    this.#context = {
      ...this.#context,
      ...change,
      ...policy,
      ...(hosts.length > 0 ? { makeHosts: hosts } : {}),
    }
    this.poke()
  }

  /** An empty path commit of one's own (ROS3, REC3); false when the stay ended before. */
  orderPath(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#paths.push(resolve)
      this.poke()
    })
  }

  reset(): void {
    this.#turn++
    this.#cancel()
    this.#view = null
    this.#knocks.clear()
    this.#departures.clear()
    this.#removes.clear()
    this.#orderedAgain.clear()
    this.#context = null
    for (const resolve of this.#paths.splice(0)) resolve(false)
    this.#pathOwedSince = null
    this.#ownPathAt = null
    this.#ownPathMade = false
    this.#lastCommitAt = Number.NEGATIVE_INFINITY
    this.#ownCommitsAt = []
    this.#outrun = false
    this.#busy = false
    this.#deps.changed()
  }

  /** Looks again at what is to be done. */
  poke(): void {
    this.#cancel()
    if (!this.#view || this.#busy) return
    const { clock } = this.#deps
    const now = clock.now()
    const decision =
      now < this.#notBefore ? ({ do: 'wait', until: this.#notBefore } as const) : this.#decide(this.#view)
    if (decision.do === 'commit') void this.#carryOut(decision.plan)
    if (decision.do === 'wait') this.#cancel = clock.setTimer(decision.until - now, () => this.poke())
  }

  #decide(view: EpochView) {
    const self = view.members.find((m) => m.leaf === view.self)
    const leaves = view.members.map(({ leaf }) => leaf)
    const situation: CommitterSituation = {
      now: this.#deps.clock.now(),
      self: { leaf: view.self, host: self?.host ?? false },
      leaves,
      connected: this.#deps.connected(),
      lobby: view.context.policy.lobby,
      lock: view.context.policy.lock,
      knocks: [...this.#knocks.values()].filter((k) => k.pseudonym !== null),
      departures: this.#usableDepartures(view),
      orders: {
        removes: [...this.#removes.keys()],
        context: this.#context,
        path: this.#paths.length > 0,
      },
      pathOwedSince: this.#pathOwedSince,
      ownPathAt: this.#ownPathAt,
      rotationAt: this.#lastPathAt + ROTATION_MS,
      epoch: view.epoch,
      lastCommitAt: this.#lastCommitAt,
      ownCommitsAt: this.#ownCommitsAt,
      jitter: this.#jitter,
    }
    return decideCommit(situation)
  }

  /** A leaver's own warrant goes before the server's: it says "left", not "lost". */
  #usableDepartures(view: EpochView): Departure[] {
    const byLeaf = new Map<number, Departure>()
    for (const entry of this.#departures.values()) {
      const there = view.members.find((m) => m.leaf === entry.leaf)
      const holds = entry.epoch === null ? there?.pseudonym === entry.pseudonym : entry.epoch === view.epoch
      if (!there || !holds) continue
      if (entry.epoch === null || !byLeaf.has(entry.leaf)) byLeaf.set(entry.leaf, entry)
    }
    return [...byLeaf.values()]
  }

  async #carryOut(plan: CommitPlan): Promise<void> {
    const turn = this.#turn
    const epoch = this.#view?.epoch
    const { removes, context } = { removes: new Map(this.#removes), context: this.#context }
    const compares = plan.input.adds.length + plan.input.removes.length === 0 ? [...this.#paths] : []
    this.#busy = true
    const outcome = await this.#deps.commit(plan)
    if (turn !== this.#turn) return
    this.#busy = false
    if (outcome === 'won') {
      this.#failures = 0
      this.#ownCommitsAt = [...this.#ownCommitsAt, this.#deps.clock.now()].slice(-8)
      for (const peer of plan.peers) this.#knocks.delete(peer)
      if (plan.input.removes.some(({ warrant }) => warrant.by === 'host'))
        for (const leaf of removes.keys()) this.#removes.delete(leaf)
      if (plan.input.context && this.#context === context) this.#context = null
      this.#paths = this.#paths.filter((resolve) => !compares.includes(resolve))
      for (const resolve of compares) resolve(true)
    } else if (outcome !== 'lost') {
      this.#notBefore = this.#deps.clock.now() + RETRY_MS
      if (outcome === 'invalid') this.#drop(plan)
    } else if (this.#view?.epoch === epoch) {
      this.#outrun = true
      this.#notBefore = this.#deps.clock.now() + RETRY_MS
    }
    this.#redrawOwnPath(outcome)
    this.poke()
  }

  /** What was refused once is judged again; what is refused twice is not worth a third try. */
  #drop(plan: CommitPlan): void {
    this.#failures++
    for (const peer of plan.peers) {
      const knock = this.#knocks.get(peer)
      if (!knock) continue
      if (this.#failures > 1) this.#knocks.delete(peer)
      else void this.#inspect(knock)
    }
    if (this.#failures <= 1) return
    for (const { leaf } of plan.input.removes) {
      this.#departures.delete(`gone ${leaf}`)
      this.#departures.delete(`left ${leaf}`)
      this.#removes.delete(leaf)
    }
    if (plan.input.context) this.#context = null
    this.#failures = 0
  }

  async #inspect(knock: KnockEntry): Promise<void> {
    const verdict = await this.#deps.inspect(knock.keyPackage).catch(() => null)
    if (this.#knocks.get(knock.peer) !== knock) return
    if (verdict === null) this.#knocks.delete(knock.peer)
    else this.#knocks.set(knock.peer, { ...knock, ...verdict })
    this.#deps.changed()
    this.poke()
  }

  #carriedPath({ change }: EpochView, { struck }: { struck: boolean }): boolean {
    if (struck || change === null) return false
    return change.removed.length > 0 || (change.added.length === 0 && !change.contextChanged)
  }

  #settlePaths(view: EpochView, how: { own: boolean; struck: boolean }, now: Ms): void {
    const carried = this.#carriedPath(view, how)
    if (carried) this.#pathOwedSince = null
    else if (how.struck || view.change?.contextChanged) this.#pathOwedSince = now
    if (carried && how.own) {
      this.#ownPathMade = true
      this.#ownPathAt = null
    } else if (!this.#ownPathMade && this.#ownPathAt === null && view.members.length > 1) {
      this.#ownPathAt = now + this.#ownPathDelay(view.members.length)
    }
  }

  /** GRP8: paced over the whole group; who lost a race draws again. */
  #redrawOwnPath(outcome: CommitOutcome): void {
    if (outcome === 'won' || this.#ownPathAt === null || !this.#view) return
    this.#ownPathAt = this.#deps.clock.now() + this.#ownPathDelay(this.#view.members.length)
  }

  #ownPathDelay(members: number): Ms {
    return OWN_PATH_AFTER_MS + this.#draw() * Math.max(2, members) * OWN_PATH_PACE_MS
  }

  #draw(): number {
    const [high = 0, low = 0] = this.#deps.random(2)
    return (high * 256 + low) / 65_536
  }

  /** A removal that was ordered holds for the person: coming back on another leaf is no way out of it (GRP10). */
  #followResumed({ change, members }: EpochView): void {
    for (const { leaf, resumedAs } of change?.removed ?? []) {
      const pseudonym = members.find((m) => m.leaf === resumedAs)?.pseudonym
      if (resumedAs === undefined || pseudonym === undefined || !this.#removes.delete(leaf)) continue
      this.#removes.set(resumedAs, pseudonym)
    }
  }

  /** The strike undid a commit of ours: whom we removed in it is ordered out once more, not without end (ORD3). */
  #orderAgain(): void {
    const { change, self } = this.#view ?? {}
    if (!change || change.by !== self) return
    for (const { leaf, pseudonym, why } of change.removed) {
      if (why !== 'removed' || this.#orderedAgain.has(pseudonym)) continue
      this.#orderedAgain.add(pseudonym)
      this.#removes.set(leaf, pseudonym)
    }
  }

  #forget(epoch: number, members: ReadonlySet<string>): void {
    for (const [key, knock] of this.#knocks) {
      if (knock.pseudonym !== null && members.has(knock.pseudonym)) this.#knocks.delete(key)
    }
    for (const [key, entry] of this.#departures) {
      const over = entry.epoch === null ? !members.has(entry.pseudonym) : entry.epoch < epoch
      if (over) this.#departures.delete(key)
    }
    for (const [leaf, pseudonym] of this.#removes) if (!members.has(pseudonym)) this.#removes.delete(leaf)
  }
}
