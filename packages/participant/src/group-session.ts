/**
 * One stay in one MLS group, in the order that the server gave (ORD1–ORD3): applies commits, posts own ones and waits
 * for their echo, refuses what breaks the rules, asks again for what does not authenticate, and rolls back what was
 * struck. Engine calls run one after another. Decides nothing about who gets in; see committer.ts.
 */
import { decodeBase64url, encodeBase64url, equal, sha256 } from '@huisclos/crypto/bytes'
import type { CommitOutput, EpochView, Expectation, GroupEngine, Processed } from '@huisclos/crypto/mls'
import type { EventOf, GroupId } from '@huisclos/protocol'
import type { CommitPlan } from './committer.ts'
import type { AskServer } from './media-adapter.ts'
import type { Clock, Ms } from './ports.ts'
import { codeOf } from './signalling-error.ts'

export interface Said {
  leaf: number
  epoch: number
  data: Uint8Array
}

export interface GroupSessionEvents {
  /** A new epoch stands. `own`: our commit made it. `struck`: it is the one before a struck one. */
  epoch(view: EpochView, how: { own: boolean; struck: boolean }): void
  said(message: Said): void
  /** Removed by a commit that was accepted. */
  removed(by: number): void
  /** We refuse a commit that won (ORD3). */
  refused(): void
  struck(): void
  /** Bytes that nobody in this epoch wrote; dropped and counted, never a reset. */
  unauthentic(): void
  /** The log is missing or our refusal was in vain: this state cannot go on (ORD3). */
  stuck(why: 'log-missing' | 'outvoted'): void
  /** Our own bug. */
  fault(error: unknown): void
}

export interface GroupSessionDeps {
  engine: GroupEngine
  ask: AskServer
  clock: Clock
  group: GroupId
  on: GroupSessionEvents
}

/** How an own commit ended. */
export type CommitOutcome = 'won' | 'lost' | 'too-many' | 'invalid' | 'closed'

interface Pending {
  output: CommitOutput
  settle(outcome: CommitOutcome): void
}

const REFETCH_MS = [500, 1_000, 2_000, 4_000, 8_000] as const
/** After so many times the same noise counts as what won, and is voted against. */
const NOISE_REFETCHES = 2
const OUTVOTED_MS = 10_000

export class GroupSession {
  readonly #deps: GroupSessionDeps
  #queue: Promise<void> = Promise.resolve()
  #view: EpochView | null = null
  #pending: Pending | null = null
  /** Winners that cannot be applied yet: one before them is refused, missing or unreadable. */
  readonly #held = new Map<number, Uint8Array>()
  #refusedEpoch: number | null = null
  /** What nobody in the present epoch wrote, and was told to us as its winner. */
  #noise: { epoch: number; commit: Uint8Array } | null = null
  /** The epoch whose winner removed us. */
  #removedIn: number | null = null
  /** The latest commits that were applied, or refused, by the epoch that they were made in. */
  readonly #judgedCommits = new Map<number, Uint8Array>()
  #refetching = false
  #refetches = 0
  #cancelRefetch = () => {}
  /** Rises with each strike: what was asked for before is void. */
  #strikes = 0
  #closed = false
  readonly #started = Promise.withResolvers<void>()

  constructor(deps: GroupSessionDeps) {
    this.#deps = deps
  }

  get view(): EpochView | null {
    return this.#view
  }
  get group(): GroupId {
    return this.#deps.group
  }
  /** An own commit is built or on its way. */
  get committing(): boolean {
    return this.#pending !== null
  }

  /** Takes a view that the engine has just made by `create`. */
  begin(view: EpochView): void {
    this.#view = view
  }

  /** GRP5. Rejects with the engine's `MlsError`. What follows waits for `start`. */
  join(welcome: Uint8Array, expect: Expectation): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue(async () => {
        try {
          this.#view = await this.#deps.engine.join(welcome, expect)
        } catch (error) {
          return reject(error)
        }
        resolve()
        await this.#started.promise
        await this.#applyHeld()
      })
    })
  }

  /** Tells the first epoch, and from now on all that happens. */
  start(how: { own: boolean }): void {
    if (this.#view && !this.#closed) this.#deps.on.epoch(this.#view, { ...how, struck: false })
    this.#started.resolve()
  }

  handle(event: EventOf<'group.committed' | 'group.said' | 'group.struck'>): void {
    if (event.group !== this.#deps.group) return
    if (event.t === 'group.committed')
      this.#enqueue(() => this.#committed(event.epoch, bytesOf(event.commit)))
    else if (event.t === 'group.said') this.#enqueue(() => this.#heard(bytesOf(event.body)))
    else this.#enqueue(() => this.#struck(event.epoch, event.hash))
  }

  /** Does this once everything that came before has been opened: a farewell must be read before a warrant (GRP7). */
  inTurn(job: () => void): void {
    this.#enqueue(() => {
      if (!this.#closed) job()
    })
  }

  /** Builds a commit, posts it and waits for what becomes of it (ORD2). One at a time. */
  async commit(plan: CommitPlan): Promise<CommitOutcome> {
    return new Promise((resolve) => {
      this.#enqueue(async () => {
        if (this.#closed || !this.#view || this.#pending || this.#refusedEpoch !== null)
          return resolve('lost')
        try {
          const output = await this.#deps.engine.commit(plan.input)
          this.#pending = { output, settle: resolve }
          void this.#post(plan, this.#pending)
        } catch {
          resolve('invalid')
        }
      })
    })
  }

  /** Seals a message and sends it; resolves when the server has taken it, rejects with a `SignallingError`. */
  async say(data: Uint8Array): Promise<void> {
    const { body, epoch } = await this.seal(data)
    await this.#deps.ask({ t: 'group.app', group: this.#deps.group, epoch, body })
  }

  /**
   * The server has taken our seat. True where the commit that did so breaks the rules or is noise: it is voted against
   * at once, since those unseated may refuse for a short while only (ORD3).
   */
  contest(): boolean {
    if (this.#refusedEpoch !== null) return true
    const noise = this.#noise
    if (!noise || noise.epoch !== this.#view?.epoch) return false
    void this.#voteAgainst(noise.epoch, noise.commit)
    return true
  }

  seal(data: Uint8Array): Promise<{ body: string; epoch: number }> {
    return this.#run(async () => {
      const { body, epoch } = await this.#deps.engine.seal(data)
      return { body: encodeBase64url(body), epoch }
    })
  }

  /** Nothing more comes out; the engine stays with its owner, who may resume from it (GRP10). */
  close(): void {
    this.#closed = true
    this.#started.resolve()
    this.#pending?.settle('closed')
    this.#pending = null
  }

  async #post({ peers }: CommitPlan, pending: Pending): Promise<void> {
    const { output } = pending
    const joins = output.joins.flatMap((leaf, i) => {
      const peer = peers[i]
      return peer === undefined ? [] : [{ peer, leaf }]
    })
    try {
      await this.#deps.ask({
        t: 'group.commit',
        group: this.#deps.group,
        epoch: output.epoch,
        commit: encodeBase64url(output.commit),
        ...(output.welcome ? { welcome: encodeBase64url(output.welcome) } : {}),
        joins,
        leaves: output.leaves,
      })
    } catch (error) {
      const code = codeOf(error)
      const lost = code === 'epoch-taken' || code === 'epoch-stale' || code === 'session-lost'
      this.#enqueue(() => this.#give(pending, lost ? 'lost' : code === 'too-many' ? 'too-many' : 'invalid'))
    }
  }

  /** Discards an own commit that did not win. */
  async #give(pending: Pending, outcome: CommitOutcome): Promise<void> {
    if (this.#pending !== pending) return
    this.#pending = null
    await this.#deps.engine.discard()
    pending.settle(outcome)
  }

  async #committed(epoch: number, commit: Uint8Array): Promise<void> {
    if (!this.#view) {
      this.#held.set(epoch, commit)
      return
    }
    if (epoch < this.#view.epoch) return
    this.#held.set(epoch, commit)
    await this.#applyHeld()
  }

  async #applyHeld(): Promise<void> {
    while (this.#view && !this.#closed && this.#refusedEpoch === null) {
      const { epoch } = this.#view
      for (const held of this.#held.keys()) if (held < epoch) this.#held.delete(held)
      const commit = this.#held.get(epoch)
      if (!commit) {
        if (this.#held.size > 0) this.#refetchSoon(epoch)
        return
      }
      this.#held.delete(epoch)
      if (!(await this.#apply(epoch, commit))) return
    }
  }

  /** False when the state cannot go on for now. */
  async #apply(epoch: number, commit: Uint8Array): Promise<boolean> {
    const pending = this.#pending
    if (pending && equal(pending.output.commit, commit)) {
      this.#pending = null
      this.#note(epoch, commit)
      this.#stands(await this.#deps.engine.confirm(), true)
      pending.settle('won')
      return true
    }
    if (pending) await this.#give(pending, 'lost')
    const result = await this.#deps.engine.process(commit)
    if (result.kind === 'unauthentic' || result.kind === 'application') await this.#heardNoise(epoch, commit)
    else this.#note(epoch, commit)
    return this.#judged(epoch, result)
  }

  #note(epoch: number, commit: Uint8Array): void {
    this.#judgedCommits.set(epoch, commit)
    for (const old of this.#judgedCommits.keys()) if (old < epoch - 8) this.#judgedCommits.delete(old)
  }

  #judged(epoch: number, result: Processed): boolean {
    switch (result.kind) {
      case 'commit':
        this.#stands(result.view, false)
        return true
      case 'removed':
        this.#removedIn = epoch
        this.#deps.on.removed(result.by)
        return false
      case 'refused':
        this.#refuse(epoch, result.hash)
        return false
      default:
        return false
    }
  }

  /**
   * Nobody in this epoch wrote it (an application message posted as a commit is as good as noise): dropped, counted,
   * asked for again. Where the log itself holds it, no commit could ever win again: it is refused like any other
   * (ORD3), which does nothing where the server only told us so.
   */
  async #heardNoise(epoch: number, commit: Uint8Array): Promise<void> {
    this.#deps.on.unauthentic()
    this.#noise = { epoch, commit }
    if (this.#refetches >= NOISE_REFETCHES) await this.#voteAgainst(epoch, commit)
    this.#refetchSoon(epoch)
  }

  async #voteAgainst(epoch: number, commit: Uint8Array): Promise<void> {
    const { ask, group } = this.#deps
    const hash = encodeBase64url(await sha256(commit))
    ask({ t: 'group.refuse', group, epoch, hash }).catch(() => {})
  }

  #stands(view: EpochView, own: boolean): void {
    this.#view = view
    this.#refetches = 0
    if (!this.#closed) this.#deps.on.epoch(view, { own, struck: false })
  }

  #refuse(epoch: number, hash: Uint8Array): void {
    const { ask, clock, group, on } = this.#deps
    this.#refusedEpoch = epoch
    on.refused()
    ask({ t: 'group.refuse', group, epoch, hash: encodeBase64url(hash) }).catch(() => {})
    clock.setTimer(OUTVOTED_MS, () => {
      if (this.#refusedEpoch === epoch && !this.#closed) on.stuck('outvoted')
    })
  }

  /** A strike of another commit than the one we judged is none of ours, or a lie (ORD3). */
  async #struck(epoch: number, hash: string): Promise<void> {
    const judged = this.#judgedCommits.get(epoch)
    if (judged && encodeBase64url(await sha256(judged)) !== hash) return
    this.#judgedCommits.delete(epoch)
    for (const held of this.#held.keys()) if (held >= epoch) this.#held.delete(held)
    this.#strikes++
    this.#cancelRefetch()
    this.#refetching = false
    this.#refetches = 0
    if (!this.#view || this.#closed) return
    this.#deps.on.struck()
    if (this.#refusedEpoch === epoch) this.#refusedEpoch = null
    if (this.#pending && this.#pending.output.epoch >= epoch) await this.#give(this.#pending, 'lost')
    const removed = this.#removedIn === epoch
    if (removed) this.#removedIn = null
    if (this.#view.epoch <= epoch && !removed) return
    // The engine goes back one epoch alone, and may not take back another commit than this.
    if (!removed && this.#view.epoch !== epoch + 1) return this.#deps.on.stuck('log-missing')
    try {
      this.#view = await this.#deps.engine.rollback()
    } catch {
      // The engine keeps one former state: who was further on, or joined by that commit, comes in anew.
      return this.#deps.on.stuck('log-missing')
    }
    this.#deps.on.epoch(this.#view, { own: false, struck: true })
  }

  #refetchSoon(epoch: number): void {
    if (this.#refetching) return
    this.#refetching = true
    const delayMs = REFETCH_MS[Math.min(this.#refetches++, REFETCH_MS.length - 1)] as Ms
    this.#cancelRefetch = this.#deps.clock.setTimer(delayMs, () => void this.#refetch(epoch))
  }

  async #refetch(epoch: number): Promise<void> {
    this.#refetching = false
    if (this.#closed || this.#view?.epoch !== epoch) return
    const strikes = this.#strikes
    try {
      const { commit } = await this.#deps.ask({ t: 'group.refetch', group: this.#deps.group, epoch })
      if (strikes === this.#strikes) this.#enqueue(() => this.#committed(epoch, bytesOf(commit)))
    } catch (error) {
      if (this.#closed || strikes !== this.#strikes) return
      if (codeOf(error) === 'log-missing') this.#deps.on.stuck('log-missing')
      else this.#refetchSoon(epoch)
    }
  }

  async #heard(body: Uint8Array): Promise<void> {
    if (!this.#view || this.#closed) return
    const result = await this.#deps.engine.process(body)
    if (this.#closed) return
    if (result.kind === 'application') this.#deps.on.said(result)
    else this.#deps.on.unauthentic()
  }

  #enqueue(job: () => Promise<void> | void): void {
    this.#run(async () => job()).catch((error: unknown) => {
      if (!this.#closed) this.#deps.on.fault(error)
    })
  }

  #run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(job)
    this.#queue = result.then(
      () => {},
      () => {},
    )
    return result
  }
}

const bytesOf = (text: string): Uint8Array => decodeBase64url(text) ?? new Uint8Array()
