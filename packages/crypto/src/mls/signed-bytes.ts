/**
 * The bytes under signatures of ours that are not MLS's own: host entries [GRP2], warrants [GRP7], resumption
 * [GRP10] and what a member signs with its leaf key [ROS4]. Each begins with its label and the group id, so that no
 * signature serves another purpose or another group; the first byte is 0, which no MLS label's length is.
 */
import { concat, uint, utf8 } from '../bytes.ts'

/** lp("huisclos/1 " + label) ‖ lp(group id) ‖ data, where lp(x) is x after its length in two bytes. */
export function signedBytes(label: string, groupId: Uint8Array, data: Uint8Array): Uint8Array {
  const prefix = utf8(`huisclos/1 ${label}`)
  return concat(uint(prefix.length, 2), prefix, uint(groupId.length, 2), groupId, data)
}

/** What a leaver signs under the label `leave`. */
export function leaveData(leaf: number): Uint8Array {
  return uint(leaf, 4)
}

/** What the server signs under the label `gone`. */
export function goneData(epoch: number | bigint, leaf: number): Uint8Array {
  return concat(uint(epoch, 8), uint(leaf, 4))
}

/** What the room's host key signs, under the label `host knock`, for the key package its holder knocks with. */
export function hostKnockData(initKey: Uint8Array, signatureKey: Uint8Array): Uint8Array {
  return concat(initKey, signatureKey)
}

/** What a former leaf signs, under the label `resume`, for the key package it returns with. */
export function resumeData(leaf: number, initKey: Uint8Array): Uint8Array {
  return concat(uint(leaf, 4), initKey)
}
