/**
 * Whether a commit's envelope and proposals are allowed [GRP2] [GRP4] [GRP7] [GRP9] [GRP10], judged before it is
 * applied, by the group's state and the commit alone: no clock, nothing the server said. The committer judges its
 * own commit by the same function. Throws MlsError; answers what the commit is going to do.
 */
import { equal } from '../bytes.ts'
import type { MeetingContext, RemovalReason, Warrant } from './group-engine.ts'
import type { Epoch, GroupSecrets } from './group-state.ts'
import { epochNumber, leafAt, pskIdOf, readContext } from './group-state.ts'
import { judgeRecording } from './judge-recording.ts'
import type { HostVouch, Resumption } from './key-package.ts'
import { judgeKeyPackage, pseudonymOf } from './key-package.ts'
import { encodeMeetingContext, hostsHold, isHost, isRootHost, isRootKey } from './meeting-context.ts'
import { MlsError } from './mls-error.ts'
import type { Extension, KeyPackage, PreSharedKeyID, Proposal, ProposalOrRef } from './mls-library.ts'
import type { Demand } from './refusal.ts'
import { goneData, hostKnockData, leaveData, resumeData, signedBytes } from './signed-bytes.ts'
import type { Suite } from './suite.ts'
import { decodeCommitData, REASONS } from './warrants.ts'

export const PSK_NONCE_BYTES = 64

/** A commit as its author wrote it. */
export interface CommitContent {
  sender: number
  proposals: ProposalOrRef[]
  hasPath: boolean
  authenticatedData: Uint8Array
}

/** What an allowed commit does. */
export interface Plan {
  sender: number
  hasPath: boolean
  adds: { keyPackage: KeyPackage; pseudonym: string }[]
  /** `add`: the index in `adds` of the key package that resumes this leaf. */
  removes: { leaf: number; pseudonym: string; why: RemovalReason; add?: number }[]
  /** The new GroupContext, when the commit changes it. */
  context: { extensions: Extension[]; meeting: MeetingContext } | null
}

export interface Court {
  epoch: Epoch
  secrets: GroupSecrets
  suite: Suite
  demand: Demand
}

interface Sorted {
  adds: KeyPackage[]
  removes: number[]
  psks: PreSharedKeyID[]
  contexts: Extension[][]
}

export async function judgeCommit(court: Court, commit: CommitContent): Promise<Plan> {
  const { epoch, demand } = court
  const { sender, hasPath } = commit
  const sorted = sortProposals(commit.proposals, demand)
  const data = decodeCommitData(commit.authenticatedData)
  demand(data !== undefined, 'authenticated-data')
  demand(hasPath || (sorted.removes.length === 0 && commit.proposals.length > 0), 'path-missing')
  const senderKey = leafAt(epoch.state.ratchetTree, sender)?.signaturePublicKey
  if (senderKey === undefined) throw new MlsError('commit-invalid')
  const context = await judgeContext(court, sorted.contexts, senderKey)
  const byHost =
    isHost(epoch.context, senderKey) || (context !== null && isRootHost(context.meeting, senderKey))
  judgePsk(court, sorted)
  const adds = judgeAdds(court, sorted.adds)
  if (context !== null)
    judgeRecording({ before: epoch.context, after: context.meeting, adds: adds.length }, demand)
  const warrants = data?.warrants ?? []
  const removes = await judgeRemoves(court, { sorted, warrants, sender, byHost, adds })
  if (removes.some(({ why }) => why === 'removed')) {
    demand((context?.meeting ?? epoch.context).policy.lobby, 'lobby-required')
  }
  const resumed = removes.filter(({ why }) => why === 'resumed').length
  const door = epoch.context.policy
  if (adds.length > resumed + (await countHosts(court, adds))) {
    demand(!door.lobby || byHost, 'not-host')
    demand(!door.lock, 'locked')
  }
  return { sender, hasPath, adds, removes, context }
}

/** By-reference, unknown and unwanted proposals end here. */
function sortProposals(proposals: ProposalOrRef[], demand: Demand): Sorted {
  const sorted: Sorted = { adds: [], removes: [], psks: [], contexts: [] }
  for (const entry of proposals) {
    demand(entry.proposalOrRefType === 'proposal', 'proposal-by-reference')
    if (entry.proposalOrRefType === 'proposal') sortProposal(entry.proposal, sorted, demand)
  }
  return sorted
}

function sortProposal(proposal: Proposal, sorted: Sorted, demand: Demand): void {
  switch (proposal.proposalType) {
    case 'add':
      sorted.adds.push(proposal.add.keyPackage)
      break
    case 'remove':
      sorted.removes.push(proposal.remove.removed)
      break
    case 'psk':
      sorted.psks.push(proposal.psk.preSharedKeyId)
      break
    case 'group_context_extensions':
      sorted.contexts.push(proposal.groupContextExtensions.extensions)
      break
    default:
      demand(false, 'proposal-type')
  }
}

/** Only a host changes the context, and only what may change [GRP2]. */
async function judgeContext(
  court: Court,
  proposed: Extension[][],
  senderKey: Uint8Array,
): Promise<Plan['context']> {
  const { epoch, secrets, suite, demand } = court
  const [extensions] = proposed
  if (extensions === undefined) return null
  const meeting = readContext(extensions)
  if (meeting === undefined || proposed.length > 1) throw new MlsError('context-invalid')
  const bytes = extensions[0]?.extensionData ?? new Uint8Array()
  demand(equal(bytes, encodeMeetingContext(meeting)), 'context-invalid')
  demand(await hostsHold(meeting, secrets.groupId, suite.signature), 'host-forged')
  demand(isHost(epoch.context, senderKey) || isRootHost(meeting, senderKey), 'not-host')
  const { room, hostHash, serverKey, descriptorVersion } = epoch.context
  const kept =
    meeting.room === room && equal(meeting.hostHash, hostHash) && equal(meeting.serverKey, serverKey)
  demand(kept && meeting.descriptorVersion >= descriptorVersion, 'context-invalid')
  return { extensions, meeting }
}

/** Exactly one external PSK, of this group, with each commit that adds; none otherwise [GRP4]. */
function judgePsk({ secrets, demand }: Court, { adds, psks }: Sorted): void {
  if (adds.length === 0) {
    demand(psks.length === 0, 'psk-invalid')
    return
  }
  demand(psks.length > 0, 'psk-missing')
  demand(psks.length <= 1 && psks.every((psk) => isGroupPsk(psk, secrets.groupId)), 'psk-invalid')
}

export function isGroupPsk(psk: PreSharedKeyID, groupId: Uint8Array): boolean {
  return namesGroupPsk(psk, groupId) && psk.pskNonce.length === PSK_NONCE_BYTES
}

export function namesGroupPsk(psk: PreSharedKeyID, groupId: Uint8Array): boolean {
  return psk.psktype === 'external' && equal(psk.pskId, pskIdOf(groupId))
}

interface JudgedAdd {
  keyPackage: KeyPackage
  pseudonym: string
  resumption: Resumption | null
  vouch: HostVouch | null
}

function judgeAdds({ epoch, secrets, suite, demand }: Court, adds: KeyPackage[]): JudgedAdd[] {
  const used = new Set(epoch.used)
  return adds.map((keyPackage) => {
    const judged = judgeKeyPackage(keyPackage, { suite, admission: secrets.admission, used }, demand)
    used.add(judged.pseudonym)
    return { keyPackage, ...judged }
  })
}

/** Whom the room's host key itself lets in [GRP6]: its holder is shut out by no lobby and no lock. */
async function countHosts(court: Court, adds: JudgedAdd[]): Promise<number> {
  const proofs = await Promise.all(adds.map(({ keyPackage, vouch }) => isVouched(court, keyPackage, vouch)))
  return proofs.filter((proven) => proven).length
}

/** Whether the room's host key signed for this key package. */
export async function isVouched(
  { epoch, secrets, suite }: Pick<Court, 'epoch' | 'secrets' | 'suite'>,
  keyPackage: KeyPackage,
  vouch: HostVouch | null,
): Promise<boolean> {
  if (vouch === null || !isRootKey(epoch.context, vouch.hostKey)) return false
  const data = hostKnockData(keyPackage.initKey, keyPackage.leafNode.signaturePublicKey)
  const signed = signedBytes('host knock', secrets.groupId, data)
  return suite.signature.verify(vouch.hostKey, signed, vouch.signature)
}

interface RemovalCase {
  sorted: Sorted
  warrants: Warrant[]
  sender: number
  byHost: boolean
  adds: JudgedAdd[]
}

async function judgeRemoves(court: Court, c: RemovalCase): Promise<Plan['removes']> {
  const { demand, epoch } = court
  const { removes } = c.sorted
  demand(c.warrants.length >= removes.length, 'warrant-missing')
  demand(c.warrants.length <= removes.length, 'authenticated-data')
  demand(new Set(removes).size === removes.length && !removes.includes(c.sender), 'remove-invalid')
  const resumed = new Set<number>()
  const judged: Plan['removes'] = []
  for (const [i, leaf] of removes.entries()) {
    const node = leafAt(epoch.state.ratchetTree, leaf)
    if (node === undefined) throw new MlsError('remove-invalid')
    const warrant = c.warrants[i] ?? { by: 'host' }
    await judgeWarrant(court, { ...c, warrant, leaf, leafKey: node.signaturePublicKey })
    if (warrant.by === 'resume') {
      demand(!resumed.has(warrant.newKeyPackage), 'warrant-invalid')
      resumed.add(warrant.newKeyPackage)
    }
    const add = warrant.by === 'resume' ? { add: warrant.newKeyPackage } : {}
    judged.push({ leaf, pseudonym: pseudonymOf(node) ?? '', why: REASONS[warrant.by], ...add })
  }
  return judged
}

interface WarrantCase extends RemovalCase {
  warrant: Warrant
  leaf: number
  leafKey: Uint8Array
}

/** A Remove without a host needs the leaver's, the server's or the resuming member's own signature [GRP7]. */
async function judgeWarrant(court: Court, c: WarrantCase): Promise<void> {
  const { epoch, secrets, suite, demand } = court
  const { warrant, leaf, leafKey } = c
  const verify = async (key: Uint8Array, label: string, data: Uint8Array, signature: Uint8Array) =>
    demand(
      await suite.signature.verify(key, signedBytes(label, secrets.groupId, data), signature),
      'warrant-invalid',
    )
  switch (warrant.by) {
    case 'host':
      demand(c.byHost, 'warrant-missing')
      return
    case 'leaver':
      return verify(leafKey, 'leave', leaveData(leaf), warrant.signature)
    case 'server':
      return verify(epoch.context.serverKey, 'gone', goneData(epochNumber(epoch), leaf), warrant.signature)
    case 'resume': {
      const add = c.adds[warrant.newKeyPackage]
      const resumption = add?.resumption
      demand(resumption?.leaf === leaf, 'resume-invalid')
      if (add === undefined || resumption == null) return
      demand(await resumes(court, add.keyPackage, { ...resumption, leafKey }), 'resume-invalid')
    }
  }
}

/** Whether the key of a leaf signed for this key package's return [GRP10]. */
export function resumes(
  { secrets, suite }: Pick<Court, 'secrets' | 'suite'>,
  keyPackage: KeyPackage,
  claim: Resumption & { leafKey: Uint8Array },
): Promise<boolean> {
  const data = resumeData(claim.leaf, keyPackage.initKey)
  return suite.signature.verify(claim.leafKey, signedBytes('resume', secrets.groupId, data), claim.signature)
}
