/**
 * Members that follow no rule, for this folder's tests: they hold a bare MLS state, make any commit that the library
 * can express, and open messages by the library alone.
 */
import { random } from '../bytes.ts'
import { buildCommit } from './build-commit.ts'
import { pskProposal } from './commit-proposals.ts'
import { createEpoch } from './create-epoch.ts'
import type { World } from './engine-fixtures.ts'
import { relay } from './engine-fixtures.ts'
import type { GroupEngine, MeetingContext, Warrant } from './group-engine.ts'
import type { Epoch } from './group-state.ts'
import type { OwnKeyPackage } from './key-package.ts'
import { encodeKeyPackageMessage, makeKeyPackage, pseudonymOf } from './key-package.ts'
import type { Extension, Proposal, PskIndex } from './mls-library.ts'
import { encodeUsed, openWelcome, USED_EXTENSION } from './open-welcome.ts'
import { demanding, NOTHING_WAIVED } from './refusal.ts'
import type { Suite } from './suite.ts'
import { quickSuite } from './suite.ts'
import { encodeCommitData } from './warrants.ts'

export const suite: Suite = await quickSuite()
const strict = demanding(NOTHING_WAIVED)

/** A key package with any admission secret, and any former leaf's signature. */
export function rawKeyPackage(
  world: World,
  a: {
    admission?: Uint8Array
    pseudonym?: Uint8Array
    former?: { leaf: number; signKey: Uint8Array }
    host?: { groupId: Uint8Array; publicKey: Uint8Array; signKey: Uint8Array }
    nowMs?: number
  } = {},
): Promise<OwnKeyPackage> {
  return makeKeyPackage({
    suite,
    pseudonym: a.pseudonym ?? random(16),
    nowMs: a.nowMs ?? Date.now(),
    admission: a.admission ?? world.admission,
    former: a.former === undefined ? null : { groupId: world.groupId, ...a.former },
    host: a.host ?? null,
  })
}

/** A group of the attacker's own making, or of a host's that keeps no rule. */
export async function rawGroup(
  world: World,
  a: { context?: Partial<MeetingContext>; hostSeed?: Uint8Array } = {},
): Promise<Epoch> {
  const context = { ...world.context, ...a.context }
  return createEpoch({
    suite,
    own: await rawKeyPackage(world),
    secrets: { ...world },
    context,
    hostSeed: a.hostSeed,
  })
}

/** Somebody who was let in like anyone, and keeps everything. */
export async function rawMember(
  world: World,
  adder: GroupEngine,
  others: GroupEngine[] = [],
): Promise<Epoch> {
  const own = await rawKeyPackage(world)
  const { welcome } = await relay(adder, { adds: [encodeKeyPackageMessage(own.publicPackage)] }, others)
  return rawJoin(world, own, welcome as Uint8Array)
}

export function rawJoin(world: World, own: OwnKeyPackage, welcome: Uint8Array): Promise<Epoch> {
  const { expect } = world
  return openWelcome({
    bytes: welcome,
    own,
    secrets: { ...world },
    expect,
    formerKeys: [],
    isHost: false,
    suite,
    demand: strict,
  })
}

export interface Crime {
  proposals?: Proposal[]
  warrants?: Warrant[]
  authenticatedData?: Uint8Array
  withPath?: boolean
  psk?: Uint8Array
  used?: Iterable<string>
  suite?: Suite
}

/** Any commit of proposals by value. */
export function rawCommit(epoch: Epoch, world: World, crime: Crime) {
  const used: Extension = {
    extensionType: USED_EXTENSION,
    extensionData: encodeUsed(crime.used ?? epoch.used),
  }
  const psks: PskIndex = { findPsk: () => crime.psk ?? world.psk }
  return buildCommit({
    state: epoch.state,
    proposals: crime.proposals ?? [],
    psks,
    authenticatedData: crime.authenticatedData ?? encodeCommitData(random(16), crime.warrants ?? []),
    withPath: crime.withPath ?? false,
    groupInfoExtensions: [used],
    suite: crime.suite ?? suite,
  })
}

export function groupPsk(world: World): Proposal {
  return pskProposal(world.groupId, random(64))
}

export function addOf({ publicPackage }: OwnKeyPackage): Proposal {
  return { proposalType: 'add', add: { keyPackage: publicPackage } }
}

export function removeOf(leaf: number): Proposal {
  return { proposalType: 'remove', remove: { removed: leaf } }
}

/** The pseudonyms that a Welcome for these Adds must carry. */
export function usedAfter(epoch: Epoch, proposals: Proposal[]): string[] {
  const added = proposals.flatMap((proposal) =>
    proposal.proposalType === 'add' ? [pseudonymOf(proposal.add.keyPackage.leafNode) ?? ''] : [],
  )
  return [...epoch.used, ...added]
}
