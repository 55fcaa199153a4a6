/**
 * A member that holds the link and follows no rule, for attack tests of whole meetings: a bare MLS state that posts
 * whatever the library can express, listens to everything and forgets nothing. Nothing but tests may import this.
 */
import { createCommit } from 'ts-mls/createCommit.js'
import { createProposal } from 'ts-mls/createMessage.js'
import { random } from '../bytes.ts'
import type { Crime } from './attack-fixtures.ts'
import { rawCommit, rawJoin, rawKeyPackage, removeOf, suite } from './attack-fixtures.ts'
import { contextProposal } from './commit-proposals.ts'
import type { World } from './engine-fixtures.ts'
import type { Expectation, MeetingContext, Warrant } from './group-engine.ts'
import type { Epoch, GroupSecrets } from './group-state.ts'
import { epochNumber, leafAt, ownLeaf, viewOf } from './group-state.ts'
import { encodeKeyPackageMessage } from './key-package.ts'
import type { MLSMessage } from './mls-library.ts'
import { createApplicationMessage, encodeMlsMessage } from './mls-library.ts'
import { openMessage } from './open-message.ts'
import { demanding, NOTHING_WAIVED } from './refusal.ts'
import { deriveAfterRemoval } from './removed-fixtures.ts'
import { encodeCommitData } from './warrants.ts'

const strict = demanding(NOTHING_WAIVED)

/** What it knows: the link's secrets for this group, and what everybody expects of the group. */
export interface RogueKnowledge extends GroupSecrets {
  expect: Expectation
}

export class RogueMember {
  #epoch: Epoch
  readonly #world: World
  /** Every base key it ever had, by epoch. */
  readonly keptKeys = new Map<number, Uint8Array>()

  private constructor(world: World, epoch: Epoch) {
    this.#world = world
    this.#epoch = epoch
  }

  /** A key package like anyone's; `join` takes the Welcome for it. */
  static async knock(
    known: RogueKnowledge,
  ): Promise<{ keyPackage: Uint8Array; join(welcome: Uint8Array): Promise<RogueMember> }> {
    const nothing = new Uint8Array(32)
    const world = { ...known, hostSeed: nothing, serverSeed: nothing, context: {} as MeetingContext }
    const own = await rawKeyPackage(world)
    return {
      keyPackage: encodeKeyPackageMessage(own.publicPackage),
      join: async (welcome) => {
        const member = new RogueMember(world, await rawJoin(world, own, welcome))
        await member.#keep()
        return member
      },
    }
  }

  get leaf(): number {
    return ownLeaf(this.#epoch)
  }
  get epoch(): number {
    return epochNumber(this.#epoch)
  }

  /** Follows the group as far as it can; what came of it, with the text of an application message. */
  async hear(message: Uint8Array): Promise<{ kind: string; text?: string }> {
    const court = { epoch: this.#epoch, secrets: this.#world, suite, demand: strict }
    const outcome = await openMessage(court, message)
    if (outcome.kind === 'commit' || outcome.kind === 'application') this.#epoch = outcome.next
    if (outcome.kind === 'commit') await this.#keep()
    return outcome.kind === 'application'
      ? { kind: outcome.kind, text: new TextDecoder().decode(outcome.data) }
      : { kind: outcome.kind }
  }

  async seal(data: Uint8Array): Promise<Uint8Array> {
    const made = await createApplicationMessage(this.#epoch.state, data, suite)
    this.#epoch = { ...this.#epoch, state: made.newState }
    const { privateMessage } = made
    return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage })
  }

  /** Signs like any member; over whatever it likes. */
  sign(data: Uint8Array): Promise<Uint8Array> {
    return suite.signature.sign(this.#epoch.state.signaturePrivateKey, data)
  }

  /** A commit that removes these leaves, under these warrants. */
  removal(leaves: number[], warrants: Warrant[]): Promise<Uint8Array> {
    return this.#commit({ proposals: leaves.map(removeOf), warrants })
  }

  /** A commit that lets a newcomer in without the group's PSK. */
  async addition(): Promise<Uint8Array> {
    const { publicPackage } = await rawKeyPackage(this.#world)
    return this.#commit({ proposals: [{ proposalType: 'add', add: { keyPackage: publicPackage } }] })
  }

  /** A commit that changes what all agree on. */
  contextChange(change: Partial<MeetingContext>): Promise<Uint8Array> {
    const context = { ...this.#epoch.context, ...change }
    return this.#commit({ proposals: [contextProposal(context)], withPath: true })
  }

  /** A commit with an empty path under which this member goes by another pseudonym. */
  async renaming(): Promise<Uint8Array> {
    const at = 2 * this.leaf
    const ratchetTree = this.#epoch.state.ratchetTree.slice()
    const leaf = leafAt(ratchetTree, this.leaf)
    if (leaf === undefined) throw new Error('no leaf of our own')
    const credential = { credentialType: 'basic' as const, identity: random(16) }
    ratchetTree[at] = { nodeType: 'leaf', leaf: { ...leaf, credential } }
    const epoch = { ...this.#epoch, state: { ...this.#epoch.state, ratchetTree } }
    return (await rawCommit(epoch, this.#world, { withPath: true })).commit
  }

  /** A proposal to remove a leaf as a message of its own, and a commit that refers to it. */
  async byReference(leaf: number): Promise<{ proposal: Uint8Array; commit: Uint8Array }> {
    const proposed = await createProposal(this.#epoch.state, false, removeOf(leaf), suite)
    const authenticatedData = encodeCommitData(random(16), [{ by: 'host' }])
    const made = await createCommit({ state: proposed.newState, cipherSuite: suite }, { authenticatedData })
    const proposal = encodeMlsMessage(proposed.message as MLSMessage)
    return { proposal, commit: encodeMlsMessage(made.commit) }
  }

  /** The base key that comes out when a removed member goes on deriving from all it kept. */
  deriveAfterRemoval(commit: Uint8Array): Promise<Uint8Array> {
    return deriveAfterRemoval(this.#epoch, commit)
  }

  async #commit(crime: Crime): Promise<Uint8Array> {
    return (await rawCommit(this.#epoch, this.#world, crime)).commit
  }

  async #keep(): Promise<void> {
    const { baseKey } = await viewOf(this.#epoch, suite)
    this.keptKeys.set(this.epoch, baseKey)
  }
}
