/** Epoch 0 of a meeting: a group of one, whose creator writes the GroupContext [GRP1]. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { equal } from '../bytes.ts'
import type { HostEntry, MeetingContext } from './group-engine.ts'
import type { Epoch, GroupSecrets } from './group-state.ts'
import { CLIENT_CONFIG } from './group-state.ts'
import type { OwnKeyPackage } from './key-package.ts'
import { pseudonymOf } from './key-package.ts'
import {
  decodeMeetingContext,
  encodeMeetingContext,
  hashHostKey,
  hostsHold,
  isHosted,
  MEETING_CONTEXT_EXTENSION,
  signHost,
} from './meeting-context.ts'
import { MlsError } from './mls-error.ts'
import { createGroup } from './mls-library.ts'
import type { Suite } from './suite.ts'

/** Throws `context-invalid`, `host-forged`, or `bad-argument` for a seed that is not the room's. */
export async function createEpoch(a: {
  suite: Suite
  own: OwnKeyPackage
  secrets: GroupSecrets
  context: MeetingContext
  hostSeed?: Uint8Array | undefined
}): Promise<Epoch> {
  const { suite, own, secrets } = a
  const { leafNode } = own.publicPackage
  const entry =
    a.hostSeed &&
    (await claimHost(
      leafNode.signaturePublicKey,
      { ...a.context, groupId: secrets.groupId },
      a.hostSeed,
      suite,
    ))
  const context = { ...a.context, hosts: entry === undefined ? a.context.hosts : [entry, ...a.context.hosts] }
  const extensionData = encodeMeetingContext(context)
  if (decodeMeetingContext(extensionData) === undefined) throw new MlsError('context-invalid')
  // An order comes by a commit, so that a fresh epoch follows it [REC1].
  if (context.policy.recordingKey !== null || context.policy.recordingPaused)
    throw new MlsError('context-invalid')
  // Without a host nobody could open the door again.
  if (context.policy.lobby && !isHosted(context.hostHash)) throw new MlsError('context-invalid')
  if (!(await hostsHold(context, secrets.groupId, suite.signature))) throw new MlsError('host-forged')
  const extensions = [{ extensionType: MEETING_CONTEXT_EXTENSION, extensionData }]
  const { publicPackage, privatePackage } = own
  const state = await createGroup(
    secrets.groupId,
    publicPackage,
    privatePackage,
    extensions,
    suite,
    CLIENT_CONFIG,
  )
  return { state, context, used: new Set([pseudonymOf(leafNode) ?? '']), change: null }
}

/** A host entry for a leaf's key, signed with the room's host seed. */
export function claimHost(
  leafKey: Uint8Array,
  room: { hostHash: Uint8Array; groupId: Uint8Array },
  hostSeed: Uint8Array,
  suite: Suite,
): Promise<HostEntry> {
  const host = hostKeyOf(hostSeed)
  if (!equal(hashHostKey(host.publicKey), room.hostHash)) throw new MlsError('bad-argument')
  return signHost(leafKey, room.groupId, host, suite.signature)
}

/** Throws `bad-argument` for what is no Ed25519 seed. */
export function hostKeyOf(hostSeed: Uint8Array): { publicKey: Uint8Array; signKey: Uint8Array } {
  if (hostSeed.length !== 32) throw new MlsError('bad-argument')
  return { publicKey: ed25519.getPublicKey(hostSeed), signKey: hostSeed }
}
