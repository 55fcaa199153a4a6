/**
 * One epoch as the engine holds it: the library's state, the decoded context, and the pseudonyms that were ever in
 * the group [GRP4]. Owns the views of it and its erasure, which in JavaScript is best effort [LIB1].
 */
import { encodeBase64url, equal, utf8, wipe } from '../bytes.ts'
import type { EpochChange, EpochView, MeetingContext, MemberView } from './group-engine.ts'
import { pseudonymOf } from './key-package.ts'
import { decodeMeetingContext, isHost, MEETING_CONTEXT_EXTENSION } from './meeting-context.ts'
import { MlsError } from './mls-error.ts'
import type { ClientConfig, ClientState, Extension, LeafNode, RatchetTree } from './mls-library.ts'
import { allSecretTreeValues, defaultPaddingConfig, encodeLeafNode, mlsExporter } from './mls-library.ts'
import type { Suite } from './suite.ts'

/** Leaves are numbered below this [KEY2]. */
export const MAX_LEAVES = 1024
/** Pseudonyms that a group remembers: four times as many as it can hold at once. */
export const MAX_USED = 4096

export interface Epoch {
  state: ClientState
  context: MeetingContext
  /** Pseudonyms ever in this group, oldest first. */
  used: ReadonlySet<string>
  change: EpochChange | null
}

/** What is shared by all epochs of one group. */
export interface GroupSecrets {
  groupId: Uint8Array
  psk: Uint8Array
  admission: Uint8Array
}

/** The library's settings [LIB1]: one former epoch for late messages, our own judgement of credentials. */
export const CLIENT_CONFIG: ClientConfig = {
  keyRetentionConfig: {
    retainKeysForEpochs: 1,
    retainKeysForGenerations: 64,
    maximumForwardRatchetSteps: 1024,
  },
  lifetimeConfig: { maximumTotalLifetime: 900n, validateLifetimeOnReceive: false },
  keyPackageEqualityConfig: {
    compareKeyPackages: (a, b) => equal(a.leafNode.signaturePublicKey, b.leafNode.signaturePublicKey),
    compareKeyPackageToLeafNode: (a, b) => equal(a.leafNode.signaturePublicKey, b.signaturePublicKey),
  },
  paddingConfig: defaultPaddingConfig,
  authService: {
    validateCredential: async (credential, signatureKey) =>
      credential.credentialType === 'basic' && 'identity' in credential && signatureKey.length === 32,
  },
}

export function leafAt(tree: RatchetTree, leaf: number): LeafNode | undefined {
  const node = tree[2 * leaf]
  return node?.nodeType === 'leaf' ? node.leaf : undefined
}

/** Every occupied leaf with its index, in tree order. */
export function leavesOf(tree: RatchetTree): [number, LeafNode][] {
  return tree.flatMap((node, i) =>
    node?.nodeType === 'leaf' ? [[i / 2, node.leaf] as [number, LeafNode]] : [],
  )
}

export function sameLeaf(a: LeafNode, b: LeafNode): boolean {
  return a === b || equal(encodeLeafNode(a), encodeLeafNode(b))
}

export function ownLeaf(epoch: Epoch): number {
  return epoch.state.privatePath.leafIndex
}

export function epochNumber(epoch: Epoch): number {
  return Number(epoch.state.groupContext.epoch)
}

/** The meeting's extension, if it is the only one of a GroupContext. */
export function readContext(extensions: Extension[]): MeetingContext | undefined {
  const [extension, ...others] = extensions
  if (extension?.extensionType !== MEETING_CONTEXT_EXTENSION || others.length > 0) return
  return decodeMeetingContext(extension.extensionData)
}

/** Pseudonyms ever in the group after these came in, the oldest forgotten beyond the limit [GRP4]. */
export function remember(used: Iterable<string>, added: string[]): ReadonlySet<string> {
  return new Set([...used, ...added].slice(-MAX_USED))
}

/** The external PSK's id [GRP4], told apart by group. */
export function pskIdOf(groupId: Uint8Array): Uint8Array {
  return utf8(`huisclos/1 psk ${encodeBase64url(groupId)}`)
}

export async function viewOf(epoch: Epoch, suite: Suite): Promise<EpochView> {
  const { state, context, change } = epoch
  const { exporterSecret, epochAuthenticator } = state.keySchedule
  return structuredClone({
    groupId: state.groupContext.groupId.slice(),
    epoch: epochNumber(epoch),
    self: ownLeaf(epoch),
    baseKey: await mlsExporter(exporterSecret, 'SFrame 1.0 Base Key', new Uint8Array(), 32, suite),
    authenticator: epochAuthenticator.slice(),
    members: membersOf(epoch),
    context,
    change,
  })
}

function membersOf({ state, context }: Epoch): MemberView[] {
  return leavesOf(state.ratchetTree).map(([leaf, node]) => {
    const pseudonym = pseudonymOf(node)
    if (pseudonym === undefined) throw new MlsError('engine-fault')
    const signatureKey = node.signaturePublicKey.slice()
    return { leaf, pseudonym, signatureKey, host: isHost(context, signatureKey) }
  })
}

/** Overwrites what `old` holds and none of `kept` shares. */
export function eraseState(old: ClientState, kept: ClientState[]): void {
  eraseSpent(secretsOf(old), kept)
}

/** Overwrites spent keys that no state needs any more. */
export function eraseSpent(spent: Uint8Array[], kept: ClientState[]): void {
  const shared = new Set(kept.flatMap(secretsOf))
  for (const secret of spent) if (!shared.has(secret)) wipe(secret)
}

function secretsOf(state: ClientState): Uint8Array[] {
  const past = [...state.historicalReceiverData.values()]
  return [
    state.signaturePrivateKey,
    ...Object.values(state.keySchedule),
    ...Object.values(state.privatePath.privateKeys),
    ...allSecretTreeValues(state.secretTree),
    ...past.flatMap((data) => [
      data.senderDataSecret,
      data.resumptionPsk,
      ...allSecretTreeValues(data.secretTree),
    ]),
  ].filter((secret) => secret instanceof Uint8Array)
}
