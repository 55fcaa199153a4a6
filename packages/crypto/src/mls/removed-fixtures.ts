/**
 * What a removed member that kept everything can do with the commit that removed it, for tests: open it, and derive the
 * next epoch as far as there is no fresh secret in it [GRP7].
 */

import { suite } from './attack-fixtures.ts'
import type { Epoch } from './group-state.ts'
import { CLIENT_CONFIG } from './group-state.ts'
import { decodeMessage } from './key-package.ts'
import type { ClientState, createContentCommitSignature, PrivateMessage } from './mls-library.ts'
import {
  applyProposals,
  initializeEpoch,
  mlsExporter,
  nextEpochContext,
  treeHashRoot,
  unprotectPrivateMessage,
} from './mls-library.ts'

const anyone = { findPsk: () => undefined }

export function privateOf(bytes: Uint8Array): PrivateMessage {
  const message = decodeMessage(bytes)
  if (message?.wireformat !== 'mls_private_message') throw new Error('no private message')
  return message.privateMessage
}

type FramedCommit = Awaited<ReturnType<typeof createContentCommitSignature>>['framedContent']

/** All that the next epoch's keys need when there is no path: the last init secret and the commit. */
export async function deriveWithoutPath(
  state: ClientState,
  c: { framedContent: FramedCommit; signature: Uint8Array; treeHash: Uint8Array },
) {
  const context = await nextEpochContext(
    state.groupContext,
    'mls_private_message',
    c.framedContent,
    c.signature,
    c.treeHash,
    state.confirmationTag,
    suite.hash,
  )
  const zeros = new Uint8Array(64)
  return {
    context,
    secrets: await initializeEpoch(state.keySchedule.initSecret, zeros, context, zeros, suite.kdf),
  }
}

/** A removed member that kept everything opens the commit that removes it and goes on deriving. */
export async function deriveAfterRemoval({ state }: Epoch, commit: Uint8Array): Promise<Uint8Array> {
  const { senderDataSecret } = state.keySchedule
  const { keyRetentionConfig } = CLIENT_CONFIG
  const opened = await unprotectPrivateMessage(
    senderDataSecret,
    privateOf(commit),
    state.secretTree,
    state.ratchetTree,
    state.groupContext,
    keyRetentionConfig,
    suite,
  )
  const { content, auth } = opened.content
  if (content.contentType !== 'commit' || content.sender.senderType !== 'member') throw new Error('no commit')
  const { proposals } = content.commit
  const applied = await applyProposals(
    state,
    proposals,
    content.sender.leafIndex as never,
    anyone,
    false,
    suite,
  )
  const treeHash = await treeHashRoot(applied.tree, suite.hash)
  const framed = { framedContent: content, signature: auth.signature, treeHash }
  const { secrets } = await deriveWithoutPath(state, framed)
  return exportBaseKey(secrets.keySchedule.exporterSecret)
}

export function exportBaseKey(exporterSecret: Uint8Array): Promise<Uint8Array> {
  return mlsExporter(exporterSecret, 'SFrame 1.0 Base Key', new Uint8Array(), 32, suite)
}
