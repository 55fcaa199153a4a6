/**
 * The one door to ts-mls 1.6.4 [LIB1]: nothing else imports it. Single modules are imported rather than its index,
 * whose crypto provider names packages that are not installed. `processMessage` and `joinGroup` stay outside: the
 * first fails on commits with a PSK, the second refuses valid trees and hides who signed a Welcome.
 */
import { encode } from 'ts-mls/codec/tlsEncoder.js'
import { varLenTypeEncoder } from 'ts-mls/codec/variableLength.js'
import type { Extension } from 'ts-mls/extension.js'
import { extensionEncoder } from 'ts-mls/extension.js'

export type { Capabilities } from 'ts-mls/capabilities.js'
export type { ClientConfig } from 'ts-mls/clientConfig.js'
export type { ClientState } from 'ts-mls/clientState.js'
export {
  addHistoricalReceiverData,
  applyProposals,
  createGroup,
  nextEpochContext,
} from 'ts-mls/clientState.js'
export { createGroupInfoWithRatchetTree } from 'ts-mls/createCommit.js'
export { createApplicationMessage } from 'ts-mls/createMessage.js'
export type { CiphersuiteImpl, CiphersuiteName } from 'ts-mls/crypto/ciphersuite.js'
export { getCiphersuiteFromName } from 'ts-mls/crypto/ciphersuite.js'
export { makeHashImpl } from 'ts-mls/crypto/implementation/default/makeHashImpl.js'
export { makeKdf } from 'ts-mls/crypto/implementation/default/makeKdfImpl.js'
export { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js'
export type { Signature } from 'ts-mls/crypto/signature.js'
export type { Extension } from 'ts-mls/extension.js'
export { createConfirmationTag, createContentCommitSignature } from 'ts-mls/framedContent.js'
export type { GroupInfo } from 'ts-mls/groupInfo.js'
export {
  ratchetTreeFromExtension,
  verifyGroupInfoConfirmationTag,
  verifyGroupInfoSignature,
} from 'ts-mls/groupInfo.js'
export type { KeyPackage, PrivateKeyPackage } from 'ts-mls/keyPackage.js'
export { makeKeyPackageRef, signKeyPackage, verifyKeyPackage } from 'ts-mls/keyPackage.js'
export { deriveKeySchedule, initializeEpoch, mlsExporter } from 'ts-mls/keySchedule.js'
export type { LeafNode, LeafNodeKeyPackage } from 'ts-mls/leafNode.js'
export {
  encodeLeafNode,
  signLeafNodeKeyPackage,
  verifyLeafNodeSignature,
  verifyLeafNodeSignatureKeyPackage,
} from 'ts-mls/leafNode.js'
export type { MLSMessage } from 'ts-mls/message.js'
export { decodeMlsMessage, encodeMlsMessage } from 'ts-mls/message.js'
export { protect, unprotectPrivateMessage } from 'ts-mls/messageProtection.js'
export { defaultPaddingConfig } from 'ts-mls/paddingConfig.js'
export { encodeParentHashInput } from 'ts-mls/parentHash.js'
export { getCommitSecret, pathToPathSecrets, pathToRoot } from 'ts-mls/pathSecrets.js'
export type { PreSharedKeyID } from 'ts-mls/presharedkey.js'
export { mergePrivateKeyPaths, toPrivateKeyPath, updateLeafKey } from 'ts-mls/privateKeyPath.js'
export type { PrivateMessage } from 'ts-mls/privateMessage.js'
export { decryptSenderData } from 'ts-mls/privateMessage.js'
export { processPrivateMessage } from 'ts-mls/processMessages.js'
export type { Proposal } from 'ts-mls/proposal.js'
export type { ProposalOrRef } from 'ts-mls/proposalOrRefType.js'
export type { PskIndex } from 'ts-mls/pskIndex.js'
export { accumulatePskSecret } from 'ts-mls/pskIndex.js'
export type { RatchetTree } from 'ts-mls/ratchetTree.js'
export type { SecretTree } from 'ts-mls/secretTree.js'
export { allSecretTreeValues, createSecretTree } from 'ts-mls/secretTree.js'
export { encodeTreeHashInput, treeHashRoot } from 'ts-mls/treeHash.js'
export {
  directPath,
  leafToNodeIndex,
  leafWidth,
  left,
  right,
  root,
  toLeafIndex,
  toNodeIndex,
} from 'ts-mls/treemath.js'
export type { PathSecret, UpdatePath } from 'ts-mls/updatePath.js'
export { createUpdatePath, firstCommonAncestor } from 'ts-mls/updatePath.js'
export type { Welcome } from 'ts-mls/welcome.js'
export {
  decryptGroupInfo,
  decryptGroupSecrets,
  encryptGroupInfo,
  encryptGroupSecrets,
} from 'ts-mls/welcome.js'
/** The bytes of a list of extensions, for comparing. */
export const encodeExtensions: (extensions: Extension[]) => Uint8Array = encode(
  varLenTypeEncoder(extensionEncoder),
)
