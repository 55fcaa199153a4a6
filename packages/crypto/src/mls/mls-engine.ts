/**
 * The GroupEngine over ts-mls: holds the states of one group — current, the one before it [ORD3], the one that a
 * commit of ours would make [ORD2] — and moves between them. The rules are elsewhere (judge-commit, judge-tree,
 * key-package, open-welcome). Calls run one after another; no call leaves a half-made state behind.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeHex, random, wipe } from '../bytes.ts'
import type { BuiltCommit } from './build-commit.ts'
import { buildCommit } from './build-commit.ts'
import type { Intent } from './commit-proposals.ts'
import { makeIntent } from './commit-proposals.ts'
import { createEpoch, hostKeyOf } from './create-epoch.ts'
import type {
  CommitInput,
  CommitOutput,
  EpochView,
  Expectation,
  GroupEngine,
  GroupEngineDeps,
  MeetingContext,
  Processed,
} from './group-engine.ts'
import type { Epoch, GroupSecrets } from './group-state.ts'
import { epochNumber, eraseState, leafAt, leavesOf, ownLeaf, remember, viewOf } from './group-state.ts'
import type { Court, Plan } from './judge-commit.ts'
import { isVouched, judgeCommit, namesGroupPsk, resumes } from './judge-commit.ts'
import { judgeTree } from './judge-tree.ts'
import type { OwnKeyPackage } from './key-package.ts'
import {
  decodeKeyPackageMessage,
  encodeKeyPackageMessage,
  eraseKeyPackage,
  isCurrent,
  judgeKeyPackage,
  makeKeyPackage,
  PSEUDONYM_BYTES,
} from './key-package.ts'
import { MlsError } from './mls-error.ts'
import type { ClientState } from './mls-library.ts'
import {
  createApplicationMessage,
  encodeMlsMessage,
  verifyKeyPackage,
  verifyLeafNodeSignatureKeyPackage,
} from './mls-library.ts'
import type { Outcome } from './open-message.ts'
import { nextEpoch, openMessage } from './open-message.ts'
import { encodeUsed, openWelcome, USED_EXTENSION } from './open-welcome.ts'
import type { Waived } from './refusal.ts'
import { demanding, NOTHING_WAIVED } from './refusal.ts'
import { SerialQueue } from './serial-queue.ts'
import { signedBytes } from './signed-bytes.ts'
import type { Suite } from './suite.ts'
import { meetingSuite } from './suite.ts'

/** What tests may choose and the index offers to nobody: another suite, and rules waived one by one. */
export interface EngineInternals {
  suite?: () => Promise<Suite>
  waived?: Waived
}

interface Knock {
  own: OwnKeyPackage
  secrets: GroupSecrets
  formerKeys: Uint8Array[]
  /** Made with the room's host key. */
  isHost: boolean
}

/**
 * How long the state before the current one is kept. The server counts votes against a commit for 20 s after it; the
 * rest is for their way here.
 */
export const FORMER_STATE_MS = 30_000

export class MlsEngine implements GroupEngine {
  readonly #queue = new SerialQueue()
  readonly #now: () => number
  readonly #random: (sizeBytes: number) => Uint8Array
  readonly #suite: Promise<Suite>
  readonly #demand: ReturnType<typeof demanding>
  #secrets: GroupSecrets | null = null
  #current: Epoch | null = null
  /** The state before the current one, and the hash of the commit between them [ORD3]. */
  #former: { epoch: Epoch; commit: string; sinceMs: number } | null = null
  #pending: { epoch: Epoch; commit: string } | null = null
  #knock: Knock | null = null
  /** Hashes of commits that were struck: the same bytes would make the same keys again. */
  readonly #struck = new Set<string>()
  #closed = false

  constructor(deps: GroupEngineDeps, internals: EngineInternals) {
    this.#now = deps.now ?? Date.now
    this.#random = deps.random ?? random
    this.#suite = (internals.suite ?? meetingSuite)()
    this.#demand = demanding(internals.waived ?? NOTHING_WAIVED)
  }

  create(a: {
    groupId: Uint8Array
    context: MeetingContext
    psk: Uint8Array
    admission: Uint8Array
    hostSeed?: Uint8Array
  }): Promise<EpochView> {
    return this.#run(async (suite) => {
      if (this.#secrets !== null) throw new MlsError('already-in-group')
      const secrets = copySecrets(a)
      const own = await this.#makeKeyPackage(suite, secrets, null)
      const { context, hostSeed } = a
      if (context.policy.lobby && hostSeed === undefined) throw new MlsError('not-host')
      this.#current = await createEpoch({ suite, own, secrets, context: structuredClone(context), hostSeed })
      this.#secrets = secrets
      wipe(own.privatePackage.initPrivateKey)
      return viewOf(this.#current, suite)
    })
  }

  keyPackage(a: {
    psk: Uint8Array
    admission: Uint8Array
    groupId: Uint8Array
    resume?: boolean
    roomSeed?: Uint8Array
  }): Promise<{ keyPackage: Uint8Array }> {
    return this.#run(async (suite) => {
      const secrets = copySecrets(a)
      const former = a.resume === true ? this.#current : null
      const isHost = former === null && a.roomSeed !== undefined
      const own = await this.#makeKeyPackage(suite, secrets, former, isHost ? a.roomSeed : undefined)
      this.#forgetKnock()
      const formerKeys = former === null ? [] : signatureKeys(former)
      this.#knock = { own, secrets, formerKeys, isHost }
      return { keyPackage: encodeKeyPackageMessage(own.publicPackage) }
    })
  }

  join(welcome: Uint8Array, expect: Expectation): Promise<EpochView> {
    return this.#run(async (suite) => {
      const knock = this.#knock
      if (knock === null) throw new MlsError('no-key-package')
      const joined = await openWelcome({
        bytes: welcome,
        ...knock,
        expect,
        suite,
        demand: this.#demand,
      }).catch((error: unknown) => {
        const known = error instanceof MlsError ? error : new MlsError('welcome-invalid')
        if (known.code !== 'welcome-not-ours') this.#eraseAll()
        throw known
      })
      wipe(knock.own.privatePackage.initPrivateKey)
      this.#knock = null
      this.#eraseGroup()
      this.#current = joined
      this.#secrets = knock.secrets
      return viewOf(joined, suite)
    })
  }

  inspect(keyPackage: Uint8Array): Promise<{ pseudonym: string; resumes: number | null; host: boolean }> {
    return this.#run(async (suite) => {
      const court = this.#court(suite)
      const decoded = decodeKeyPackageMessage(keyPackage)
      const { admission } = court.secrets
      const { used } = court.epoch
      const group = { suite, admission, used }
      const { pseudonym, resumption, vouch } = judgeKeyPackage(decoded, group, this.#demand)
      this.#demand(isCurrent(decoded, this.#now()), 'lifetime-invalid')
      const signed =
        (await verifyKeyPackage(decoded, suite.signature)) &&
        (await verifyLeafNodeSignatureKeyPackage(decoded.leafNode, suite.signature))
      this.#demand(signed, 'key-package-invalid')
      const host = await isVouched(court, decoded, vouch)
      if (resumption === null) return { pseudonym, resumes: null, host }
      // The leaf may be gone or another's by now: then this is somebody who knocks like anyone [GRP10].
      const leafKey = leafAt(court.epoch.state.ratchetTree, resumption.leaf)?.signaturePublicKey
      const proven = leafKey !== undefined && (await resumes(court, decoded, { ...resumption, leafKey }))
      return { pseudonym, resumes: proven ? resumption.leaf : null, host }
    })
  }

  commit(input: CommitInput): Promise<CommitOutput> {
    return this.#run(async (suite) => {
      if (this.#pending !== null) throw new MlsError('commit-pending')
      const court = this.#court(suite)
      const intent = await makeIntent(court, input, this.#random)
      const plan = await judgeCommit(court, {
        sender: ownLeaf(court.epoch),
        proposals: intent.proposals.map((proposal) => ({ proposalOrRefType: 'proposal', proposal })),
        hasPath: intent.withPath || input.removes.length > 0,
        authenticatedData: intent.authenticatedData,
      })
      const built = await this.#build(court, intent, plan)
      const joins = this.#judgeOwn(court, plan, built)
      const hash = sha256(built.commit)
      const { state } = court.epoch
      this.#current = { ...court.epoch, state: { ...state, secretTree: built.secretTree } }
      const made = nextEpoch(court.epoch, plan, { state: built.next, added: joins })
      this.#pending = { epoch: made, commit: encodeHex(hash) }
      const leaves = plan.removes.map(({ leaf }) => leaf)
      return {
        commit: built.commit,
        welcome: built.welcome,
        epoch: epochNumber(court.epoch),
        joins,
        leaves,
        hash,
      }
    })
  }

  confirm(): Promise<EpochView> {
    return this.#run(async (suite) => {
      if (this.#pending === null) throw new MlsError('no-commit-pending')
      return viewOf(this.#applyPending(), suite)
    })
  }

  discard(): Promise<void> {
    return this.#run(async () => this.#dropPending())
  }

  process(message: Uint8Array): Promise<Processed> {
    return this.#run(async (suite): Promise<Processed> => {
      const court = this.#court(suite)
      const hash = sha256(message)
      const commit = encodeHex(hash)
      if (this.#pending?.commit === commit)
        return { kind: 'commit', view: await viewOf(this.#applyPending(), suite) }
      if (this.#struck.has(commit)) return { kind: 'refused', code: 'replayed-commit', hash }
      const outcome = await openMessage(court, message)
      switch (outcome.kind) {
        case 'unauthentic':
          return outcome
        case 'refused':
          return { ...outcome, hash }
        case 'application':
          return this.#takeApplication(outcome)
        case 'removed':
          this.#dropPending()
          this.#retire(this.#former?.epoch.state)
          this.#former = { epoch: court.epoch, commit, sinceMs: this.#now() }
          this.#current = null
          return outcome
        case 'commit':
          this.#advance(outcome.next, commit)
          return { kind: 'commit', view: await viewOf(outcome.next, suite) }
      }
    })
  }

  rollback(): Promise<EpochView> {
    return this.#run(async (suite) => {
      if (this.#former === null) throw new MlsError('nothing-to-roll-back')
      this.#dropPending()
      this.#struck.add(this.#former.commit)
      const struck = this.#current
      this.#current = { ...this.#former.epoch, change: null }
      this.#former = null
      this.#retire(struck?.state)
      return viewOf(this.#current, suite)
    })
  }

  seal(data: Uint8Array): Promise<{ body: Uint8Array; epoch: number }> {
    return this.#run(async (suite) => {
      const { epoch } = this.#court(suite)
      const { newState, privateMessage, consumed } = await createApplicationMessage(epoch.state, data, suite)
      this.#current = { ...epoch, state: newState }
      for (const secret of consumed) wipe(secret)
      const body = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage })
      return { body, epoch: epochNumber(epoch) }
    })
  }

  sign(label: string, data: Uint8Array): Promise<Uint8Array> {
    return this.#run(async (suite) => {
      const { epoch, secrets } = this.#court(suite)
      // These two are signed only where their rules are kept [GRP2] [GRP10].
      if (label === 'host' || label === 'resume') throw new MlsError('bad-argument')
      return suite.signature.sign(epoch.state.signaturePrivateKey, signedBytes(label, secrets.groupId, data))
    })
  }

  verify(leaf: number, label: string, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
    return this.#run(async (suite) => {
      const { epoch, secrets } = this.#court(suite)
      const key = leafAt(epoch.state.ratchetTree, leaf)?.signaturePublicKey
      if (key === undefined) return false
      return suite.signature.verify(key, signedBytes(label, secrets.groupId, data), signature)
    })
  }

  close(): void {
    this.#closed = true
    void this.#queue.run(async () => this.#eraseAll())
  }

  #run<T>(task: (suite: Suite) => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#closed) throw new MlsError('closed')
      this.#expireFormer()
      try {
        return await task(await this.#suite)
      } catch (error) {
        throw error instanceof MlsError ? error : new MlsError('engine-fault')
      }
    })
  }

  #court(suite: Suite): Court {
    if (this.#current === null || this.#secrets === null) {
      throw new MlsError(this.#secrets === null ? 'no-group' : 'closed')
    }
    return { epoch: this.#current, secrets: this.#secrets, suite, demand: this.#demand }
  }

  #makeKeyPackage(
    suite: Suite,
    { admission, groupId }: GroupSecrets,
    former: Epoch | null,
    roomSeed?: Uint8Array,
  ): Promise<OwnKeyPackage> {
    return makeKeyPackage({
      host: roomSeed ? { groupId, ...hostKeyOf(roomSeed) } : null,
      suite,
      pseudonym: this.#random(PSEUDONYM_BYTES),
      nowMs: this.#now(),
      admission,
      former: former && { groupId, leaf: ownLeaf(former), signKey: former.state.signaturePrivateKey },
    })
  }

  async #build({ epoch, secrets, suite }: Court, intent: Intent, plan: Plan): Promise<BuiltCommit> {
    const used = remember(
      epoch.used,
      plan.adds.map(({ pseudonym }) => pseudonym),
    )
    try {
      return await buildCommit({
        state: epoch.state,
        proposals: intent.proposals,
        psks: { findPsk: (id) => (namesGroupPsk(id, secrets.groupId) ? secrets.psk : undefined) },
        authenticatedData: intent.authenticatedData,
        withPath: intent.withPath,
        groupInfoExtensions: [{ extensionType: USED_EXTENSION, extensionData: encodeUsed(used) }],
        suite,
      })
    } catch {
      throw new MlsError('commit-invalid')
    }
  }

  #judgeOwn({ epoch, suite, demand }: Court, plan: Plan, { next }: BuiltCommit): number[] {
    try {
      return judgeTree({ before: epoch.state, after: next, plan, suite, demand })
    } catch (error) {
      eraseState(next, [epoch.state])
      throw error
    }
  }

  #takeApplication(outcome: Extract<Outcome, { kind: 'application' }>): Processed {
    const { leaf, epoch, data, next } = outcome
    this.#current = next
    // A message of the former epoch uses up a key there as well, should that epoch come back [ORD3].
    const past = next.state.historicalReceiverData.get(BigInt(epoch))
    if (past !== undefined && this.#former !== null && epochNumber(this.#former.epoch) === epoch) {
      const former = this.#former.epoch
      const state = { ...former.state, secretTree: past.secretTree }
      this.#former = { ...this.#former, epoch: { ...former, state } }
    }
    for (const secret of outcome.consumed) wipe(secret)
    return { kind: 'application', leaf, epoch, data }
  }

  #applyPending(): Epoch {
    if (this.#pending === null || this.#current === null) throw new MlsError('no-commit-pending')
    const { epoch, commit } = this.#pending
    const { state } = this.#current
    // Messages opened and sealed since the commit was made have used keys up.
    const past = new Map(epoch.state.historicalReceiverData)
    const data = past.get(state.groupContext.epoch)
    if (data !== undefined) past.set(state.groupContext.epoch, { ...data, secretTree: state.secretTree })
    const next = { ...epoch, state: { ...epoch.state, historicalReceiverData: past } }
    this.#pending = null
    this.#advance(next, commit)
    return next
  }

  #advance(next: Epoch, commit: string): void {
    const [before, left] = [this.#former, this.#current]
    this.#current = next
    this.#former = left && {
      epoch: { ...left, state: { ...left.state, historicalReceiverData: new Map() } },
      commit,
      sinceMs: this.#now(),
    }
    this.#dropPending()
    this.#retire(before?.epoch.state)
    this.#retire(left?.state)
  }

  /** No timer: a member calls at least for each heartbeat [ROS2], so that the former exporter secret goes by then. */
  #expireFormer(): void {
    if (this.#former === null) return
    const now = this.#now()
    // A clock that was put back begins anew, rather than keeping it for as long.
    this.#former.sinceMs = Math.min(this.#former.sinceMs, now)
    if (now - this.#former.sinceMs < FORMER_STATE_MS) return
    const { state } = this.#former.epoch
    this.#former = null
    this.#retire(state)
  }

  #dropPending(): void {
    const pending = this.#pending
    this.#pending = null
    this.#retire(pending?.epoch.state)
  }

  /** Erases what a state holds alone. */
  #retire(state: ClientState | undefined): void {
    const live = [this.#current, this.#former?.epoch, this.#pending?.epoch].flatMap(
      (epoch) => epoch?.state ?? [],
    )
    if (state !== undefined) eraseState(state, live)
  }

  #eraseAll(): void {
    this.#eraseGroup()
    this.#forgetKnock()
  }

  #eraseGroup(): void {
    const states = [this.#current, this.#former?.epoch, this.#pending?.epoch].flatMap(
      (epoch) => epoch?.state ?? [],
    )
    this.#current = null
    this.#former = null
    this.#pending = null
    this.#struck.clear()
    for (const state of states) eraseState(state, [])
    if (this.#secrets !== null) eraseSecrets(this.#secrets)
    this.#secrets = null
  }

  #forgetKnock(): void {
    if (this.#knock === null) return
    eraseKeyPackage(this.#knock.own)
    eraseSecrets(this.#knock.secrets)
    this.#knock = null
  }
}

function copySecrets({ groupId, psk, admission }: GroupSecrets): GroupSecrets {
  if (groupId.length !== 16 || psk.length < 32 || admission.length < 32) throw new MlsError('bad-argument')
  return { groupId: groupId.slice(), psk: psk.slice(), admission: admission.slice() }
}

function eraseSecrets({ psk, admission }: GroupSecrets): void {
  wipe(psk)
  wipe(admission)
}

function signatureKeys({ state }: Epoch): Uint8Array[] {
  return leavesOf(state.ratchetTree).map(([, leaf]) => leaf.signaturePublicKey.slice())
}
