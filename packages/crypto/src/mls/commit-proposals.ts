/**
 * From what a member wants to the proposals and authenticated data of one commit: always by value, the PSK with each
 * commit that adds [GRP4], the lobby on with a host's removal [GRP9], hosts' entries signed here [GRP2].
 */
import { equal } from '../bytes.ts'
import { claimHost } from './create-epoch.ts'
import type { CommitInput, ContextChange, HostEntry, MeetingContext } from './group-engine.ts'
import { leafAt, leavesOf, ownLeaf, pskIdOf } from './group-state.ts'
import type { Court } from './judge-commit.ts'
import { PSK_NONCE_BYTES } from './judge-commit.ts'
import { decodeKeyPackageMessage } from './key-package.ts'
import { encodeMeetingContext, MEETING_CONTEXT_EXTENSION, pruneHosts, signHost } from './meeting-context.ts'
import { MlsError } from './mls-error.ts'
import type { KeyPackage, Proposal } from './mls-library.ts'
import { COMMIT_NONCE_BYTES, encodeCommitData } from './warrants.ts'

export interface Intent {
  proposals: Proposal[]
  keyPackages: KeyPackage[]
  authenticatedData: Uint8Array
  /** A policy takes effect with fresh keys: a commit that changes the context carries a path [GRP2]. */
  withPath: boolean
}

export async function makeIntent(
  court: Court,
  input: CommitInput,
  random: (sizeBytes: number) => Uint8Array,
): Promise<Intent> {
  const keyPackages = input.adds.map(decodeKeyPackageMessage)
  const context = await changeContext(court, input)
  const removes = input.removes.map(
    ({ leaf }): Proposal => ({ proposalType: 'remove', remove: { removed: leaf } }),
  )
  const adds = keyPackages.map((keyPackage): Proposal => ({ proposalType: 'add', add: { keyPackage } }))
  const psks = adds.length === 0 ? [] : [pskProposal(court.secrets.groupId, random(PSK_NONCE_BYTES))]
  const contexts = context === null ? [] : [contextProposal(context)]
  const warrants = input.removes.map(({ warrant }) => warrant)
  return {
    proposals: [...removes, ...adds, ...psks, ...contexts],
    keyPackages,
    authenticatedData: encodeCommitData(random(COMMIT_NONCE_BYTES), warrants),
    withPath: context !== null || (removes.length === 0 && adds.length === 0),
  }
}

export function pskProposal(groupId: Uint8Array, pskNonce: Uint8Array): Proposal {
  const preSharedKeyId = { psktype: 'external' as const, pskId: pskIdOf(groupId), pskNonce }
  return { proposalType: 'psk', psk: { preSharedKeyId } }
}

export function contextProposal(context: MeetingContext): Proposal {
  const extension = { extensionType: MEETING_CONTEXT_EXTENSION, extensionData: encodeMeetingContext(context) }
  return { proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [extension] } }
}

/** The context after this commit, or null when it stays. */
async function changeContext(court: Court, input: CommitInput): Promise<MeetingContext | null> {
  const { context: old, state } = court.epoch
  const change = input.context ?? {}
  const closes = input.removes.some(({ warrant }) => warrant.by === 'host')
  if (input.context === undefined && (!closes || old.policy.lobby)) return null
  const present = (key: Uint8Array) =>
    leavesOf(state.ratchetTree).some(([, leaf]) => equal(leaf.signaturePublicKey, key))
  const next: MeetingContext = {
    ...old,
    descriptorVersion: change.descriptorVersion ?? old.descriptorVersion,
    policy: { ...old.policy, ...change.policy, ...(closes ? { lobby: true } : {}) },
    hosts: await addHosts(court, pruneHosts(old.hosts, present), change),
  }
  return equal(encodeMeetingContext(next), encodeMeetingContext(old)) ? null : next
}

async function addHosts(court: Court, hosts: HostEntry[], change: ContextChange): Promise<HostEntry[]> {
  const { epoch, secrets, suite } = court
  const tree = epoch.state.ratchetTree
  const entries = [...hosts]
  const isListed = (key: Uint8Array) => entries.some((entry) => equal(entry.key, key))
  const ownKey = leafAt(tree, ownLeaf(epoch))?.signaturePublicKey ?? new Uint8Array()
  if (change.claimHost !== undefined) {
    const room = { hostHash: epoch.context.hostHash, groupId: secrets.groupId }
    const entry = await claimHost(ownKey, room, change.claimHost, suite)
    if (!isListed(ownKey)) entries.push(entry)
  }
  const signer = { publicKey: ownKey, signKey: epoch.state.signaturePrivateKey }
  for (const leaf of change.makeHosts ?? []) {
    const key = leafAt(tree, leaf)?.signaturePublicKey
    if (key === undefined) throw new MlsError('bad-argument')
    if (!isListed(key)) entries.push(await signHost(key, secrets.groupId, signer, suite.signature))
  }
  return entries
}
