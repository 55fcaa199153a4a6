/** Attacks that are run straight against ts-mls as well: each one's control is the library without our rules. */

import { joinGroup } from 'ts-mls/clientState.js'
import {
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  joinGroupExternal,
} from 'ts-mls/createCommit.js'
import { createProposal } from 'ts-mls/createMessage.js'
import { processPrivateMessage, processPublicMessage } from 'ts-mls/processMessages.js'
import { expect, test } from 'vitest'
import { random } from '../bytes.ts'
import {
  addOf,
  groupPsk,
  rawCommit,
  rawGroup,
  rawJoin,
  rawKeyPackage,
  rawMember,
  removeOf,
  suite,
  usedAfter,
} from './attack-fixtures.ts'
import { contextProposal } from './commit-proposals.ts'
import type { World } from './engine-fixtures.ts'
import { admit, engine, makeWorld, relay } from './engine-fixtures.ts'
import type { Epoch } from './group-state.ts'
import { CLIENT_CONFIG, ownLeaf } from './group-state.ts'
import type { OwnKeyPackage } from './key-package.ts'
import { decodeMessage, encodeKeyPackageMessage } from './key-package.ts'
import type { MLSMessage, Proposal } from './mls-library.ts'
import {
  applyProposals,
  createConfirmationTag,
  createContentCommitSignature,
  encodeMlsMessage,
  protect,
  treeHashRoot,
} from './mls-library.ts'
import { deriveAfterRemoval, deriveWithoutPath, exportBaseKey, privateOf } from './removed-fixtures.ts'
import { encodeCommitData } from './warrants.ts'

const anyone = { findPsk: () => undefined }

/** A host, a victim that keeps the rules at leaf 1, and two bare members at 2 and 3. */
async function makeScene() {
  const world = makeWorld()
  const [host, victim] = [engine(), engine()]
  await host.create({ ...world, hostSeed: world.hostSeed })
  await admit(world, host, victim)
  const naive = await rawMember(world, host, [victim])
  const own = await rawKeyPackage(world)
  const made = await relay(host, { adds: [encodeKeyPackageMessage(own.publicPackage)] }, [victim])
  const mallory = await rawJoin(world, own, made.welcome as Uint8Array)
  return { world, host, victim, naive: await advance(naive, made.commit, world), mallory }
}

/** What the library alone makes of a commit. */
async function advance(epoch: Epoch, commit: Uint8Array, world: World): Promise<Epoch> {
  const psks = { findPsk: () => world.psk }
  const result = await processPrivateMessage(epoch.state, privateOf(commit), psks, suite)
  return { ...epoch, state: result.newState }
}

test('[GRP7] a proposal, and a commit that refers to it, are refused', async () => {
  const { world, victim, naive, mallory } = await makeScene()
  const proposed = await createProposal(mallory.state, false, removeOf(1), suite)
  const proposal = encodeMlsMessage(proposed.message as MLSMessage)
  expect(await victim.process(proposal)).toMatchObject({ kind: 'refused', code: 'proposal-message' })
  const authenticatedData = encodeCommitData(random(16), [{ by: 'host' }])
  const made = await createCommit({ state: proposed.newState, cipherSuite: suite }, { authenticatedData })
  const commit = encodeMlsMessage(made.commit)
  expect(await victim.process(commit)).toMatchObject({ kind: 'refused', code: 'proposal-by-reference' })
  // The library alone takes both, and leaf 1 is gone.
  const followed = await advance(await advance(naive, proposal, world), commit, world)
  expect(followed.state.ratchetTree[2]).toBeUndefined()
})

test('[GRP7] an external commit is refused', async () => {
  const { world, victim, mallory } = await makeScene()
  const info = await createGroupInfoWithExternalPubAndRatchetTree(mallory.state, [], suite)
  const { publicPackage, privatePackage } = await rawKeyPackage(world, { admission: random(32) })
  const entry = await joinGroupExternal(
    info,
    publicPackage,
    privatePackage,
    false,
    suite,
    undefined,
    CLIENT_CONFIG,
  )
  const { publicMessage } = entry
  const bytes = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage })
  expect(await victim.process(bytes)).toMatchObject({ kind: 'refused', code: 'wire-format' })
  const taken = await processPublicMessage(mallory.state, publicMessage, anyone, suite)
  expect(taken.newState.groupContext.epoch).toBe(mallory.state.groupContext.epoch + 1n)
})

test('[GRP7] a commit sent as a public message is refused', async () => {
  const { victim, naive, mallory } = await makeScene()
  const context = { state: mallory.state, cipherSuite: suite }
  const { commit } = await createCommit(context, { wireAsPublicMessage: true })
  expect(await victim.process(encodeMlsMessage(commit))).toMatchObject({
    kind: 'refused',
    code: 'wire-format',
  })
  if (commit.wireformat !== 'mls_public_message') throw new Error('not public')
  const taken = await processPublicMessage(naive.state, commit.publicMessage, anyone, suite)
  expect(taken.newState.groupContext.epoch).toBe(naive.state.groupContext.epoch + 1n)
})

test('[GRP7] a ReInit is refused; the library alone stops the group for it', async () => {
  const { world, victim, naive, mallory } = await makeScene()
  const reinit: Proposal = {
    proposalType: 'reinit',
    reinit: { groupId: random(16), version: 'mls10', cipherSuite: suite.name, extensions: [] },
  }
  const authenticatedData = encodeCommitData(random(16), [])
  const context = { state: mallory.state, cipherSuite: suite }
  const made = await createCommit(context, { extraProposals: [reinit], authenticatedData })
  const commit = encodeMlsMessage(made.commit)
  const code = expect.stringMatching(/^(proposal-type|path-missing)$/)
  expect(await victim.process(commit)).toMatchObject({ kind: 'refused', code })
  expect((await advance(naive, commit, world)).state.groupActiveState.kind).toBe('suspendedPendingReinit')
})

/** A Remove without a path, as ts-mls made it up to 1.6.2: every part is right but that nobody made a fresh secret. */
async function pathlessRemove({ state }: Epoch, leaf: number) {
  const proposals = [{ proposalOrRefType: 'proposal' as const, proposal: removeOf(leaf) }]
  const applied = await applyProposals(
    state,
    proposals,
    state.privatePath.leafIndex as never,
    anyone,
    true,
    suite,
  )
  const authenticatedData = encodeCommitData(random(16), [{ by: 'host' }])
  const signed = await createContentCommitSignature(
    state.groupContext,
    'mls_private_message',
    { proposals, path: undefined },
    { senderType: 'member', leafIndex: state.privatePath.leafIndex },
    authenticatedData,
    state.signaturePrivateKey,
    suite.signature,
  )
  const treeHash = await treeHashRoot(applied.tree, suite.hash)
  const { framedContent, signature } = signed
  const derived = await deriveWithoutPath(state, { framedContent, signature, treeHash })
  const tagKey = derived.secrets.keySchedule.confirmationKey
  const confirmationTag = await createConfirmationTag(
    tagKey,
    derived.context.confirmedTranscriptHash,
    suite.hash,
  )
  const { privateMessage } = await protect(
    state.keySchedule.senderDataSecret,
    authenticatedData,
    state.groupContext,
    state.secretTree,
    { ...framedContent, auth: { contentType: 'commit', signature, confirmationTag } },
    state.privatePath.leafIndex,
    state.clientConfig.paddingConfig,
    suite,
  )
  const commit = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage })
  return { commit, baseKey: await exportBaseKey(derived.secrets.keySchedule.exporterSecret) }
}

test('[GRP7] a lone Remove without a path evicts nobody, and is refused', async () => {
  const { victim, naive, mallory } = await makeScene()
  const { commit, baseKey } = await pathlessRemove(mallory, ownLeaf(naive))
  expect(await victim.process(commit)).toMatchObject({ kind: 'refused', code: 'path-missing' })
  // The control: the member who was "removed" holds the new epoch's base key.
  expect(await deriveAfterRemoval(naive, commit)).toEqual(baseKey)
})

test('[GRP7] a member removed by this engine cannot go on deriving', async () => {
  const { host, victim, naive } = await makeScene()
  const warrant = { by: 'host' as const }
  const { commit, view } = await relay(host, { removes: [{ leaf: ownLeaf(naive), warrant }] }, [victim])
  expect(await deriveAfterRemoval(naive, commit)).not.toEqual(view.baseKey)
})

test('[GRP9] a removal that closes the door opens for all; as the library would seal it, for nobody', async () => {
  const { world, host, victim } = await makeScene()
  const made = await relay(host, { removes: [{ leaf: 2, warrant: { by: 'host' } }] }, [victim])
  expect(made.answers[0]).toMatchObject({ kind: 'commit', view: { context: { policy: { lobby: true } } } })
  const group = await rawGroup(world)
  const own = [await rawKeyPackage(world), await rawKeyPackage(world)] as [OwnKeyPackage, OwnKeyPackage]
  const adds = own.map(addOf)
  const first = await rawCommit(group, world, {
    proposals: [...adds, groupPsk(world)],
    used: usedAfter(group, adds),
  })
  const guest = await rawJoin(world, own[0], first.welcome as Uint8Array)
  const context = { ...group.context, policy: { ...group.context.policy, lobby: true } }
  const extraProposals = [removeOf(2), contextProposal(context)]
  const sealed = await createCommit({ state: first.next, cipherSuite: suite }, { extraProposals })
  await expect(advance(guest, encodeMlsMessage(sealed.commit), world)).rejects.toThrow()
})

test('[GRP5] a tree whose nodes differ in unmerged leaves is sound; the library alone refuses it', async () => {
  const world = makeWorld()
  const members = Array.from({ length: 8 }, () => engine())
  const [first, , , , fifth] = members as [ReturnType<typeof engine>, ...ReturnType<typeof engine>[]]
  await first.create({ ...world, hostSeed: world.hostSeed })
  for (const [i, member] of members.entries())
    if (i > 0) await admit(world, first, member, members.slice(1, i))
  const staying = members.filter((_, i) => i !== 1 && i !== 5)
  const removes = [1, 5].map((leaf) => ({ leaf, warrant: { by: 'host' as const } }))
  const others = (by: unknown) => staying.filter((member) => member !== by)
  await relay(first, { removes }, others(first))
  await relay(first, {}, others(first))
  await relay(fifth as ReturnType<typeof engine>, {}, others(fifth))
  const [left, right] = [engine(), engine()]
  await admit(world, first, left, others(first))
  await admit(world, first, right, [...others(first), left])
  const own = await rawKeyPackage(world)
  const { welcome } = await relay(first, { adds: [encodeKeyPackageMessage(own.publicPackage)] }, [])
  const message = decodeMessage(welcome as Uint8Array)
  if (message?.wireformat !== 'mls_welcome') throw new Error('no welcome')
  const { publicPackage, privatePackage } = own
  const psks = { findPsk: () => world.psk }
  const byLibrary = joinGroup(
    message.welcome,
    publicPackage,
    privatePackage,
    psks,
    suite,
    undefined,
    undefined,
  )
  await expect(byLibrary).rejects.toThrow(/unmerged/)
  expect(ownLeaf(await rawJoin(world, own, welcome as Uint8Array))).toBe(8)
})
