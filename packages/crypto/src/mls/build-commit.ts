/**
 * Our own commits (RFC 9420 §12.4.1), put together from the library's parts: its `createCommit` seals the path under
 * the old GroupContext, so that nobody can open a commit that has both a path and a new context [GRP9], and it gives
 * no way to ask for a path [GRP2]. Never a public message, never a proposal by reference.
 */
import { wipe } from '../bytes.ts'
import { MlsError } from './mls-error.ts'
import type {
  ClientState,
  Extension,
  KeyPackage,
  PathSecret,
  PreSharedKeyID,
  Proposal,
  ProposalOrRef,
  PskIndex,
  RatchetTree,
  SecretTree,
  UpdatePath,
} from './mls-library.ts'
import {
  addHistoricalReceiverData,
  applyProposals,
  createConfirmationTag,
  createContentCommitSignature,
  createGroupInfoWithRatchetTree,
  createSecretTree,
  createUpdatePath,
  encodeMlsMessage,
  encryptGroupInfo,
  encryptGroupSecrets,
  firstCommonAncestor,
  getCommitSecret,
  initializeEpoch,
  leafToNodeIndex,
  leafWidth,
  makeKeyPackageRef,
  mergePrivateKeyPaths,
  nextEpochContext,
  pathToPathSecrets,
  protect,
  toLeafIndex,
  toNodeIndex,
  toPrivateKeyPath,
  treeHashRoot,
  updateLeafKey,
} from './mls-library.ts'
import type { Suite } from './suite.ts'

export interface CommitParts {
  state: ClientState
  proposals: Proposal[]
  psks: PskIndex
  authenticatedData: Uint8Array
  /** A path even where the proposals ask for none. */
  withPath: boolean
  /** Extensions of the GroupInfo that joiners get. */
  groupInfoExtensions: Extension[]
  suite: Suite
}

export interface BuiltCommit {
  commit: Uint8Array
  welcome: Uint8Array | null
  /** The state in the epoch that the commit makes. */
  next: ClientState
  /** The secret tree of the epoch it was made in, after sealing it. */
  secretTree: SecretTree
}

export async function buildCommit(parts: CommitParts): Promise<BuiltCommit> {
  const { state, suite } = parts
  const self = toLeafIndex(state.privatePath.leafIndex)
  const proposals = parts.proposals.map(byValue)
  const applied = await applyProposals(state, proposals, self, parts.psks, true, suite)
  if (applied.additionalResult.kind !== 'memberCommit') throw new MlsError('proposal-type')
  const { addedLeafNodes, extensions } = applied.additionalResult
  const context = extensions.length > 0 ? { ...state.groupContext, extensions } : state.groupContext
  const renewed = await renewPath(parts, {
    needed: applied.needsUpdatePath || parts.withPath,
    tree: applied.tree,
    context,
    added: addedLeafNodes.map(([leaf]) => leafToNodeIndex(leaf)),
  })
  const signed = await signCommit(parts, {
    content: { proposals, path: renewed.path },
    context,
    tree: renewed.tree,
  })
  const { initSecret } = state.keySchedule
  const { groupContext } = signed
  const secrets = await initializeEpoch(
    initSecret,
    renewed.commitSecret,
    groupContext,
    applied.pskSecret,
    suite.kdf,
  )
  const sealed = await sealCommit(parts, { ...signed, confirmationKey: secrets.keySchedule.confirmationKey })
  const next: ClientState = {
    ...state,
    groupContext,
    confirmationTag: sealed.confirmationTag,
    ratchetTree: renewed.tree,
    privatePath: renewed.privatePath,
    keySchedule: secrets.keySchedule,
    secretTree: await createSecretTree(leafWidth(renewed.tree.length), secrets.encryptionSecret, suite.kdf),
    historicalReceiverData: addHistoricalReceiverData(state)[0],
    unappliedProposals: {},
    groupActiveState: { kind: 'active' },
  }
  const welcome = await buildWelcome(parts, {
    next,
    joiners: addedLeafNodes.map(([leaf, keyPackage]) => ({ leaf, keyPackage })),
    secrets,
    pathSecrets: renewed.pathSecrets,
    psks: applied.pskIds,
  })
  const spent = [renewed.commitSecret, applied.pskSecret, secrets.encryptionSecret, secrets.joinerSecret]
  for (const secret of [...spent, secrets.welcomeSecret]) wipe(secret)
  for (const { secret } of renewed.pathSecrets) wipe(secret)
  return { commit: sealed.commit, welcome, next, secretTree: sealed.secretTree }
}

function byValue(proposal: Proposal): ProposalOrRef {
  return { proposalOrRefType: 'proposal', proposal }
}

interface SignedCommit {
  framedContent: Awaited<ReturnType<typeof createContentCommitSignature>>['framedContent']
  signature: Uint8Array
  /** Of the epoch to come. */
  groupContext: ClientState['groupContext']
}

async function signCommit(
  { state, suite, authenticatedData }: CommitParts,
  a: {
    content: { proposals: ProposalOrRef[]; path: UpdatePath | undefined }
    context: ClientState['groupContext']
    tree: RatchetTree
  },
): Promise<SignedCommit> {
  const { signature, framedContent } = await createContentCommitSignature(
    state.groupContext,
    'mls_private_message',
    a.content,
    { senderType: 'member', leafIndex: state.privatePath.leafIndex },
    authenticatedData,
    state.signaturePrivateKey,
    suite.signature,
  )
  const groupContext = await nextEpochContext(
    a.context,
    'mls_private_message',
    framedContent,
    signature,
    await treeHashRoot(a.tree, suite.hash),
    state.confirmationTag,
    suite.hash,
  )
  return { framedContent, signature, groupContext }
}

async function sealCommit(
  { state, suite, authenticatedData }: CommitParts,
  a: SignedCommit & { confirmationKey: Uint8Array },
) {
  const { confirmedTranscriptHash } = a.groupContext
  const confirmationTag = await createConfirmationTag(a.confirmationKey, confirmedTranscriptHash, suite.hash)
  const sealed = await protect(
    state.keySchedule.senderDataSecret,
    authenticatedData,
    state.groupContext,
    state.secretTree,
    { ...a.framedContent, auth: { contentType: 'commit', signature: a.signature, confirmationTag } },
    state.privatePath.leafIndex,
    state.clientConfig.paddingConfig,
    suite,
  )
  const { privateMessage } = sealed
  const commit = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage })
  return { commit, confirmationTag, secretTree: sealed.tree }
}

interface Renewed {
  tree: RatchetTree
  path: UpdatePath | undefined
  pathSecrets: PathSecret[]
  privatePath: ClientState['privatePath']
  commitSecret: Uint8Array
}

/** A fresh path from own leaf to the root, sealed under the context of the epoch to come (RFC 9420 §12.4.1). */
async function renewPath(
  { state, suite }: CommitParts,
  a: {
    needed: boolean
    tree: RatchetTree
    context: ClientState['groupContext']
    added: ReturnType<typeof leafToNodeIndex>[]
  },
): Promise<Renewed> {
  const { privatePath } = state
  if (!a.needed) {
    const commitSecret = new Uint8Array(suite.kdf.size)
    return { tree: a.tree, path: undefined, pathSecrets: [], privatePath, commitSecret }
  }
  const self = toLeafIndex(privatePath.leafIndex)
  const { signaturePrivateKey } = state
  const [tree, path, pathSecrets, leafKey] = await createUpdatePath(
    a.tree,
    self,
    a.context,
    signaturePrivateKey,
    suite,
    a.added,
  )
  const withLeaf = updateLeafKey(privatePath, await suite.hpke.exportPrivateKey(leafKey))
  const fresh = await toPrivateKeyPath(pathToPathSecrets(pathSecrets), self, suite)
  // The list runs from the root down, so that the last one begins the chain up to the commit secret.
  const lowest = pathSecrets.at(-1)
  const commitSecret =
    lowest === undefined
      ? new Uint8Array(suite.kdf.size)
      : await getCommitSecret(tree, toNodeIndex(lowest.nodeIndex), lowest.secret, suite.kdf)
  return { tree, path, pathSecrets, privatePath: mergePrivateKeyPaths(withLeaf, fresh), commitSecret }
}

async function buildWelcome(
  { state, suite, groupInfoExtensions }: CommitParts,
  a: {
    next: ClientState
    joiners: { leaf: number; keyPackage: KeyPackage }[]
    secrets: { welcomeSecret: Uint8Array; joinerSecret: Uint8Array }
    pathSecrets: PathSecret[]
    psks: PreSharedKeyID[]
  },
): Promise<Uint8Array | null> {
  if (a.joiners.length === 0) return null
  const { groupContext, confirmationTag, ratchetTree } = a.next
  const info = await createGroupInfoWithRatchetTree(
    groupContext,
    confirmationTag,
    state,
    ratchetTree,
    groupInfoExtensions,
    suite,
  )
  const encryptedGroupInfo = await encryptGroupInfo(info, a.secrets.welcomeSecret, suite)
  const self = toLeafIndex(state.privatePath.leafIndex)
  const secretsFor = async ({ leaf, keyPackage }: { leaf: number; keyPackage: KeyPackage }) => {
    const meeting = firstCommonAncestor(ratchetTree, toLeafIndex(leaf), self)
    const pathSecret = a.pathSecrets.find(({ nodeIndex }) => nodeIndex === meeting)?.secret
    const groupSecrets = { joinerSecret: a.secrets.joinerSecret, pathSecret, psks: a.psks }
    const initKey = await suite.hpke.importPublicKey(keyPackage.initKey)
    const { enc, ct } = await encryptGroupSecrets(initKey, encryptedGroupInfo, groupSecrets, suite.hpke)
    const newMember = await makeKeyPackageRef(keyPackage, suite.hash)
    return { newMember, encryptedGroupSecrets: { kemOutput: enc, ciphertext: ct } }
  }
  const secrets = await Promise.all(a.joiners.map(secretsFor))
  const welcome = { cipherSuite: groupContext.cipherSuite, secrets, encryptedGroupInfo }
  return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome })
}
