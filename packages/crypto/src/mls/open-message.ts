/**
 * What a message of the group is, and the epoch after it [GRP7] [LIB1]. The envelope is opened and judged first, then
 * the library applies the commit under a callback that lets nothing else through, then the trees are compared.
 * Nothing is changed here: whoever calls keeps the old epoch unless it takes the new one.
 */

import { equal } from '../bytes.ts'
import type { RemovalReason } from './group-engine.ts'
import type { Epoch } from './group-state.ts'
import { eraseSpent, eraseState, ownLeaf, remember } from './group-state.ts'
import type { Court, Plan } from './judge-commit.ts'
import { judgeCommit, namesGroupPsk } from './judge-commit.ts'
import { judgeTree } from './judge-tree.ts'
import { decodeMessage } from './key-package.ts'
import type { MlsCode } from './mls-error.ts'
import { MlsError } from './mls-error.ts'
import type { PrivateMessage, PskIndex } from './mls-library.ts'
import { decryptSenderData, processPrivateMessage, unprotectPrivateMessage } from './mls-library.ts'

const MAX_MESSAGE_BYTES = 1 << 20

export type Outcome =
  | { kind: 'commit'; next: Epoch }
  | {
      kind: 'application'
      next: Epoch
      leaf: number
      epoch: number
      data: Uint8Array
      consumed: Uint8Array[]
    }
  | { kind: 'removed'; by: number; why: RemovalReason }
  | { kind: 'refused'; code: MlsCode }
  | { kind: 'unauthentic' }

const UNAUTHENTIC: Outcome = { kind: 'unauthentic' }

export async function openMessage(court: Court, bytes: Uint8Array): Promise<Outcome> {
  const message = bytes.length > MAX_MESSAGE_BYTES ? undefined : decodeMessage(bytes)
  if (message === undefined) return UNAUTHENTIC
  if (message.wireformat === 'mls_public_message') return { kind: 'refused', code: 'wire-format' }
  if (message.wireformat !== 'mls_private_message') return UNAUTHENTIC
  const { privateMessage } = message
  if (!equal(privateMessage.groupId, court.secrets.groupId)) return UNAUTHENTIC
  if (privateMessage.contentType === 'application') return openApplication(court, privateMessage)
  return openHandshake(court, privateMessage)
}

async function openApplication({ epoch, suite }: Court, message: PrivateMessage): Promise<Outcome> {
  const { state } = epoch
  const past = state.historicalReceiverData.get(message.epoch)
  const secret = past?.senderDataSecret ?? state.keySchedule.senderDataSecret
  if (past === undefined && message.epoch !== state.groupContext.epoch) return UNAUTHENTIC
  try {
    const sender = await decryptSenderData(message, secret, suite)
    const result = await processPrivateMessage(state, message, NO_PSKS, suite, () => 'reject')
    if (sender === undefined || result.kind !== 'applicationMessage') return UNAUTHENTIC
    const { newState, consumed } = result
    const next = { ...epoch, state: newState }
    const data = result.message.slice()
    return { kind: 'application', next, leaf: sender.leafIndex, epoch: Number(message.epoch), data, consumed }
  } catch {
    return UNAUTHENTIC
  }
}

async function openHandshake(court: Court, message: PrivateMessage): Promise<Outcome> {
  const opened = await openEnvelope(court, message)
  if (opened === undefined) return UNAUTHENTIC
  const { content } = opened.content
  try {
    if (content.contentType !== 'commit' || content.sender.senderType !== 'member') {
      throw new MlsError('proposal-message')
    }
    const plan = await judgeCommit(court, {
      sender: content.sender.leafIndex,
      proposals: content.commit.proposals,
      hasPath: content.commit.path !== undefined,
      authenticatedData: content.authenticatedData,
    })
    // Not left to the library, which takes a member whose place was refilled at once for one that stays.
    const own = plan.removes.find(({ leaf }) => leaf === ownLeaf(court.epoch))
    if (own !== undefined) return { kind: 'removed', by: plan.sender, why: own.why }
    return { kind: 'commit', next: await applyCommit(court, message, plan) }
  } catch (error) {
    return { kind: 'refused', code: error instanceof MlsError ? error.code : 'engine-fault' }
  }
}

/** Decrypts and verifies the signature; `undefined` when no member of this epoch wrote it. */
async function openEnvelope({ epoch, suite }: Court, message: PrivateMessage) {
  const { keySchedule, secretTree, ratchetTree, groupContext, clientConfig } = epoch.state
  if (message.epoch !== groupContext.epoch) return
  try {
    const { senderDataSecret } = keySchedule
    const { keyRetentionConfig } = clientConfig
    return await unprotectPrivateMessage(
      senderDataSecret,
      message,
      secretTree,
      ratchetTree,
      groupContext,
      keyRetentionConfig,
      suite,
    )
  } catch {
    return
  }
}

const NO_PSKS: PskIndex = { findPsk: () => undefined }

async function applyCommit(court: Court, message: PrivateMessage, plan: Plan): Promise<Epoch> {
  const { epoch, suite, secrets, demand } = court
  const psks: PskIndex = { findPsk: (id) => (namesGroupPsk(id, secrets.groupId) ? secrets.psk : undefined) }
  const result = await processPrivateMessage(epoch.state, message, psks, suite, (incoming) =>
    incoming.kind === 'commit' && incoming.senderLeafIndex === plan.sender ? 'accept' : 'reject',
  ).catch(() => undefined)
  if (result?.kind !== 'newState' || result.actionTaken === 'reject') throw new MlsError('commit-invalid')
  const after = result.newState
  // The state before stays whole, should this commit be refused or struck [ORD3].
  eraseSpent(result.consumed, [epoch.state, after])
  try {
    const added = judgeTree({ before: epoch.state, after, plan, suite, demand })
    return nextEpoch(epoch, plan, { state: after, added })
  } catch (error) {
    eraseState(after, [epoch.state])
    throw error
  }
}

/** The epoch that an allowed commit makes. */
export function nextEpoch(epoch: Epoch, plan: Plan, a: { state: Epoch['state']; added: number[] }): Epoch {
  return {
    state: a.state,
    context: plan.context?.meeting ?? epoch.context,
    used: remember(
      epoch.used,
      plan.adds.map(({ pseudonym }) => pseudonym),
    ),
    change: {
      by: plan.sender,
      added: a.added,
      removed: plan.removes.map(({ add, ...removed }) => {
        const resumedAs = add === undefined ? undefined : a.added[add]
        return resumedAs === undefined ? removed : { ...removed, resumedAs }
      }),
      contextChanged: plan.context !== null,
    },
  }
}
