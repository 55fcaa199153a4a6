/**
 * Joining by a Welcome [GRP5] (RFC 9420 §12.4.3.1), put together from the library's parts: its `joinGroup` does not
 * say who signed, and refuses sound trees whose nodes differ in unmerged leaves. Any doubt is an MlsError; the caller
 * then erases everything.
 */
import { decodeBase64url, decodeFields, encodeBase64url, encodeFields, equal, wipe } from '../bytes.ts'
import { checkRatchetTree } from './check-ratchet-tree.ts'
import type { Expectation, MeetingContext } from './group-engine.ts'
import type { Epoch, GroupSecrets } from './group-state.ts'
import { CLIENT_CONFIG, leafAt, leavesOf, MAX_USED, readContext, sameLeaf } from './group-state.ts'
import { isGroupPsk } from './judge-commit.ts'
import { isRecordingSound } from './judge-recording.ts'
import { judgeMembers } from './judge-tree.ts'
import type { OwnKeyPackage } from './key-package.ts'
import { decodeMessage, PSEUDONYM_BYTES, pseudonymOf } from './key-package.ts'
import { hostsHold, isHost } from './meeting-context.ts'
import { MlsError } from './mls-error.ts'
import type { ClientState, GroupInfo, RatchetTree, Welcome } from './mls-library.ts'
import {
  accumulatePskSecret,
  createSecretTree,
  decryptGroupInfo,
  decryptGroupSecrets,
  deriveKeySchedule,
  firstCommonAncestor,
  leafToNodeIndex,
  leafWidth,
  makeKeyPackageRef,
  mergePrivateKeyPaths,
  pathToRoot,
  ratchetTreeFromExtension,
  toLeafIndex,
  toPrivateKeyPath,
  verifyGroupInfoConfirmationTag,
  verifyGroupInfoSignature,
} from './mls-library.ts'
import type { Demand } from './refusal.ts'
import type { Suite } from './suite.ts'

/** Extension of the GroupInfo: pseudonyms that were ever in the group, so that a newcomer refuses them too. */
export const USED_EXTENSION = 0xf012

export interface WelcomeCase {
  bytes: Uint8Array
  own: OwnKeyPackage
  secrets: GroupSecrets
  expect: Expectation
  /** Signature keys of the group that this member comes back to [GRP10]; they may open the door to it. */
  formerKeys: Uint8Array[]
  /** We hold the room's host key: any member may open the door to us [GRP6]. */
  isHost: boolean
  suite: Suite
  demand: Demand
}

export async function openWelcome(c: WelcomeCase): Promise<Epoch> {
  const { suite, secrets, demand } = c
  const welcome = await readWelcome(c)
  const opened = await decryptSecrets(welcome, c)
  const { joinerSecret, pathSecret, pskSecret } = opened
  try {
    const info = await attempt(() => decryptGroupInfo(welcome, joinerSecret, pskSecret, suite), 'welcome-psk')
    const { groupContext } = info
    demand(equal(groupContext.groupId, secrets.groupId), 'welcome-group')
    demand(groupContext.cipherSuite === suite.name && groupContext.version === 'mls10', 'welcome-group')
    const context = await readMeeting(info, c)
    const tree = await readTree(info, c)
    judgeSigner(info, tree, { ...c, context })
    const leaf = findOwnLeaf(tree, c)
    const used = readUsed(info, tree)
    const tagged = await verifyGroupInfoConfirmationTag(info, joinerSecret, pskSecret, suite)
    demand(tagged, 'welcome-invalid')
    const state = await enter(info, { ...c, tree, leaf, joinerSecret, pathSecret, pskSecret })
    return { state, context, used, change: null }
  } finally {
    for (const secret of [joinerSecret, pathSecret, pskSecret]) if (secret !== undefined) wipe(secret)
  }
}

async function attempt<T>(
  step: () => Promise<T | undefined>,
  code: 'welcome-invalid' | 'welcome-psk' | 'welcome-signer',
): Promise<T> {
  const value = await step().catch(() => undefined)
  if (value === undefined) throw new MlsError(code)
  return value
}

async function readWelcome({ bytes, own, suite }: WelcomeCase): Promise<Welcome> {
  const message = decodeMessage(bytes)
  if (message?.wireformat !== 'mls_welcome') throw new MlsError('welcome-not-ours')
  const reference = await makeKeyPackageRef(own.publicPackage, suite.hash)
  const ours = message.welcome.secrets.some(({ newMember }) => equal(newMember, reference))
  if (!ours) throw new MlsError('welcome-not-ours')
  return message.welcome
}

/** The Welcome must ask for the group's PSK and nothing else. */
async function decryptSecrets(welcome: Welcome, { own, suite, secrets, demand }: WelcomeCase) {
  demand(welcome.cipherSuite === suite.name, 'welcome-group')
  const reference = await makeKeyPackageRef(own.publicPackage, suite.hash)
  const { initPrivateKey } = own.privatePackage
  const { joinerSecret, pathSecret, psks } = await attempt(async () => {
    const key = await suite.hpke.importPrivateKey(initPrivateKey)
    return decryptGroupSecrets(key, reference, welcome, suite.hpke)
  }, 'welcome-invalid')
  demand(psks.length === 1 && psks.every((psk) => isGroupPsk(psk, secrets.groupId)), 'welcome-psk')
  const known = { findPsk: () => secrets.psk }
  const start = new Uint8Array(suite.kdf.size)
  const [pskSecret] = await attempt(() => accumulatePskSecret(psks, known, suite, start), 'welcome-psk')
  return { joinerSecret, pathSecret, pskSecret }
}

async function readMeeting(
  info: GroupInfo,
  { expect, suite, secrets, demand }: WelcomeCase,
): Promise<MeetingContext> {
  const context = readContext(info.groupContext.extensions)
  if (context === undefined) throw new MlsError('welcome-context')
  demand(context.room === expect.room && equal(context.hostHash, expect.hostHash), 'welcome-context')
  demand(equal(context.serverKey, expect.serverKey), 'welcome-context')
  demand(context.descriptorVersion === expect.descriptorVersion, 'welcome-context')
  // A host may have closed the door since [GRP9]; nobody may have opened it behind the descriptor's back.
  demand(context.policy.lobby || !expect.lobby, 'welcome-context')
  demand(expect.recording || !context.policy.recording, 'welcome-context')
  const { recordingKey, recording } = context.policy
  demand(isRecordingSound(context.policy) && (recording || recordingKey === null), 'welcome-context')
  demand(await hostsHold(context, secrets.groupId, suite.signature), 'host-forged')
  return context
}

async function readTree(info: GroupInfo, { suite, demand }: WelcomeCase): Promise<RatchetTree> {
  const tree = await attempt(async () => ratchetTreeFromExtension(info), 'welcome-invalid')
  const signer = leafAt(tree, info.signer)
  if (signer === undefined) throw new MlsError('welcome-signer')
  const signed = await attempt(
    () => verifyGroupInfoSignature(info, signer.signaturePublicKey, suite.signature),
    'welcome-signer',
  )
  demand(signed, 'welcome-signer')
  demand(
    await attempt(() => checkRatchetTree(tree, info.groupContext, suite), 'welcome-invalid'),
    'welcome-invalid',
  )
  judgeMembers(tree, suite, demand)
  return tree
}

/** With the lobby on, only a host lets people in [GRP5]; who returns may be let in by members it knew [GRP10]. */
function judgeSigner(info: GroupInfo, tree: RatchetTree, c: WelcomeCase & { context: MeetingContext }): void {
  if (!c.context.policy.lobby || c.isHost) return
  const key = leafAt(tree, info.signer)?.signaturePublicKey ?? new Uint8Array()
  const known = c.formerKeys.some((former) => equal(former, key))
  c.demand(isHost(c.context, key) || known, 'welcome-signer')
}

function findOwnLeaf(tree: RatchetTree, { own }: WelcomeCase): number {
  const found = leavesOf(tree).find(([, leaf]) => sameLeaf(leaf, own.publicPackage.leafNode))
  if (found === undefined) throw new MlsError('welcome-invalid')
  return found[0]
}

/** Fields of 16 bytes each, in one extension. */
export function encodeUsed(used: Iterable<string>): Uint8Array {
  return encodeFields(...[...used].map((pseudonym) => decodeBase64url(pseudonym) ?? new Uint8Array()))
}

export function decodeUsed(bytes: Uint8Array): string[] | undefined {
  const fields = decodeFields(bytes)
  if (fields === undefined || fields.length > MAX_USED) return
  return fields.every(({ length }) => length === PSEUDONYM_BYTES) ? fields.map(encodeBase64url) : undefined
}

function readUsed(info: GroupInfo, tree: RatchetTree): ReadonlySet<string> {
  const extension = info.extensions.find(({ extensionType }) => extensionType === USED_EXTENSION)
  const used = new Set(decodeUsed(extension?.extensionData ?? new Uint8Array([0])))
  const present = leavesOf(tree).every(([, leaf]) => used.has(pseudonymOf(leaf) ?? ''))
  // A list that is full may have forgotten the oldest, who may still be here.
  if (!present && used.size < MAX_USED) throw new MlsError('welcome-invalid')
  return used
}

interface Entrance extends WelcomeCase {
  tree: RatchetTree
  leaf: number
  joinerSecret: Uint8Array
  pathSecret: Uint8Array | undefined
  pskSecret: Uint8Array
}

async function enter(info: GroupInfo, c: Entrance): Promise<ClientState> {
  const { suite, tree, own } = c
  const leaf = toLeafIndex(c.leaf)
  const leafOnly = {
    leafIndex: leaf,
    privateKeys: { [leafToNodeIndex(leaf)]: own.privatePackage.hpkePrivateKey },
  }
  const shared = firstCommonAncestor(tree, leaf, toLeafIndex(info.signer))
  const privatePath =
    c.pathSecret === undefined
      ? leafOnly
      : mergePrivateKeyPaths(
          await toPrivateKeyPath(await pathToRoot(tree, shared, c.pathSecret, suite.kdf), leaf, suite),
          leafOnly,
        )
  const { groupContext, confirmationTag } = info
  const [keySchedule, encryptionSecret] = await deriveKeySchedule(
    c.joinerSecret,
    c.pskSecret,
    groupContext,
    suite.kdf,
  )
  const secretTree = await createSecretTree(leafWidth(tree.length), encryptionSecret, suite.kdf)
  wipe(encryptionSecret)
  return {
    groupContext,
    ratchetTree: tree,
    privatePath,
    signaturePrivateKey: own.privatePackage.signaturePrivateKey,
    confirmationTag,
    unappliedProposals: {},
    keySchedule,
    secretTree,
    historicalReceiverData: new Map(),
    groupActiveState: { kind: 'active' },
    clientConfig: CLIENT_CONFIG,
  }
}
