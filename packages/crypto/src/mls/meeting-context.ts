/**
 * The GroupContext extension 0xF010: what all members of a meeting agree on [GRP2]. Owns its encoding and the chain
 * of host entries. The decoder answers `undefined` to anything that is not the one encoding of a context.
 */
import { sha512 } from '@noble/hashes/sha2.js'
import { concat, decodeFields, decodeUtf8, encodeFields, equal, uint, utf8 } from '../bytes.ts'
import type { HostEntry, MeetingContext, MeetingPolicy } from './group-engine.ts'
import type { Signature } from './mls-library.ts'
import { signedBytes } from './signed-bytes.ts'

export const MEETING_CONTEXT_EXTENSION = 0xf010
const MAX_HOSTS = 128

const VERSION = 1
const HEAD_FIELDS = 7
const FLAGS = ['lobby', 'lock', 'audioLevel', 'bridges', 'recording', 'recordingPaused'] as const

/** fields(version, room, host hash, descriptor version, server key, flags, order to record, then each host). */
export function encodeMeetingContext(context: MeetingContext): Uint8Array {
  const { policy } = context
  const flags = FLAGS.reduce((bits, flag, i) => bits | (policy[flag] ? 1 << i : 0), 0)
  return encodeFields(
    uint(VERSION, 1),
    utf8(context.room),
    context.hostHash,
    uint(context.descriptorVersion, 8),
    context.serverKey,
    uint(flags, 1),
    policy.recordingKey ?? new Uint8Array(),
    ...context.hosts.map(({ key, signerKey, signature }) => concat(key, signerKey, signature)),
  )
}

export function decodeMeetingContext(bytes: Uint8Array): MeetingContext | undefined {
  const fields = decodeFields(bytes)
  if (fields === undefined || fields.length < HEAD_FIELDS || fields.length > HEAD_FIELDS + MAX_HOSTS) return
  const [version, room, hostHash, descriptorVersion, serverKey, flags, recordingKey, ...hosts] = fields as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  const text = decodeUtf8(room)
  if (version.length !== 1 || version[0] !== VERSION || text === undefined || !/^[a-z2-7]{16}$/.test(text))
    return
  if (hostHash.length !== 16 || descriptorVersion.length !== 8 || serverKey.length !== 32) return
  const policy = decodePolicy(flags, recordingKey)
  const counted = Number(new DataView(descriptorVersion.slice().buffer).getBigUint64(0))
  const entries = (hosts as Uint8Array[]).map(decodeHost)
  if (policy === undefined || !Number.isSafeInteger(counted) || entries.includes(undefined)) return
  return {
    room: text,
    hostHash: hostHash.slice(),
    descriptorVersion: counted,
    serverKey: serverKey.slice(),
    policy,
    hosts: entries as HostEntry[],
  }
}

function decodePolicy(flags: Uint8Array, recordingKey: Uint8Array): MeetingPolicy | undefined {
  const bits = flags[0]
  if (flags.length !== 1 || bits === undefined || bits >= 1 << FLAGS.length) return
  if (recordingKey.length > 2048) return
  return {
    lobby: (bits & 1) !== 0,
    lock: (bits & 2) !== 0,
    audioLevel: (bits & 4) !== 0,
    bridges: (bits & 8) !== 0,
    recording: (bits & 16) !== 0,
    recordingPaused: (bits & 32) !== 0,
    recordingKey: recordingKey.length === 0 ? null : recordingKey.slice(),
  }
}

function decodeHost(bytes: Uint8Array): HostEntry | undefined {
  if (bytes.length !== 128) return
  return { key: bytes.slice(0, 32), signerKey: bytes.slice(32, 64), signature: bytes.slice(64) }
}

/** First 16 bytes of SHA-512 of a room's host key [LINK1]. */
export function hashHostKey(hostKey: Uint8Array): Uint8Array {
  return sha512(hostKey).slice(0, 16)
}

/** Zeros in a link: nobody hosts. */
export function isHosted(hostHash: Uint8Array): boolean {
  return hostHash.some((byte) => byte !== 0)
}

export async function signHost(
  key: Uint8Array,
  groupId: Uint8Array,
  signer: { publicKey: Uint8Array; signKey: Uint8Array },
  signature: Signature,
): Promise<HostEntry> {
  const signed = await signature.sign(signer.signKey, signedBytes('host', groupId, key))
  return { key, signerKey: signer.publicKey, signature: signed }
}

/** Whether every entry is signed by the room's host key or by an entry before it, no key appearing twice. */
export async function hostsHold(
  context: MeetingContext,
  groupId: Uint8Array,
  s: Signature,
): Promise<boolean> {
  const listed: Uint8Array[] = []
  for (const entry of context.hosts) {
    if (listed.some((key) => equal(key, entry.key))) return false
    if (!isRootKey(context, entry.signerKey) && !listed.some((key) => equal(key, entry.signerKey)))
      return false
    if (!(await s.verify(entry.signerKey, signedBytes('host', groupId, entry.key), entry.signature)))
      return false
    listed.push(entry.key)
  }
  return true
}

/** Whether a leaf's signature key is listed. The list itself must have passed `hostsHold`. */
export function isHost(context: MeetingContext, key: Uint8Array): boolean {
  return context.hosts.some((entry) => equal(entry.key, key))
}

/** Whether the room's host key itself vouches for a leaf: the host who comes back, or comes late. */
export function isRootHost(context: MeetingContext, key: Uint8Array): boolean {
  return context.hosts.some((entry) => equal(entry.key, key) && isRootKey(context, entry.signerKey))
}

/** Whether this is the room's host key. */
export function isRootKey(context: MeetingContext, key: Uint8Array): boolean {
  return isHosted(context.hostHash) && equal(hashHostKey(key), context.hostHash)
}

/** The entries of leaves that are still here, and those that vouch for them. */
export function pruneHosts(hosts: HostEntry[], present: (key: Uint8Array) => boolean): HostEntry[] {
  const kept: HostEntry[] = []
  for (const entry of hosts.toReversed()) {
    if (present(entry.key) || kept.some((later) => equal(later.signerKey, entry.key))) kept.push(entry)
  }
  return kept.reverse()
}
