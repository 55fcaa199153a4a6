/**
 * The host's key of a room [LINK1, LINK3, GRP2]: an Ed25519 seed (RFC 8032) that stays with the host, what is
 * derived from it, and its signature on the leaf keys of a group's hosts. The seed can be carried to another
 * device as text; it must never reach the server.
 */
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha512 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../bytes.ts'
import {
  concat,
  decodeBase64url,
  encodeBase64url,
  encodeFields,
  equal,
  random,
  toBytes,
  utf8,
} from '../bytes.ts'
import { LinkError } from './link-error.ts'

export const HOST_HASH_BYTES = 16
export const HOST_SEED_BYTES = 32
const PUBLIC_KEY_BYTES = 32
const EXPORT_VERSION = 1
const CHECKSUM_BYTES = 4
const MANIFEST_LABEL = utf8('huisclos/1 recording manifest')

/** 32 bytes each. */
export type HostKey = { seed: Bytes; publicKey: Bytes }

/** X25519, 32 bytes each: names of those who knock are sealed to the public half [GRP6]. */
export type LobbyKey = { privateKey: Bytes; publicKey: Bytes }

export type DecodedHostKey = { ok: true; hostKey: HostKey } | { ok: false; code: 'bad-version' | 'damaged' }

export function newHostKey(): HostKey {
  return hostKeyFromSeed(random(HOST_SEED_BYTES))
}

/** Throws `bad-input`. */
export function hostKeyFromSeed(seed: Uint8Array): HostKey {
  if (seed.length !== HOST_SEED_BYTES) throw new LinkError('bad-input')
  return { seed: new Uint8Array(seed), publicKey: toBytes(ed25519.getPublicKey(seed)) }
}

/** The first 16 bytes of SHA-512 of the public key, as it stands in the link. Throws `bad-input`. */
export function hostHash(publicKey: Uint8Array): Bytes {
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new LinkError('bad-input')
  return toBytes(sha512(publicKey)).slice(0, HOST_HASH_BYTES)
}

/** The host key as text to carry to another device: secret, in base64url with a version and a checksum. */
export function encodeHostKey({ seed }: Pick<HostKey, 'seed'>): string {
  if (seed.length !== HOST_SEED_BYTES) throw new LinkError('bad-input')
  const body = concat(Uint8Array.of(EXPORT_VERSION), seed)
  return encodeBase64url(concat(body, checksum(body)))
}

export function decodeHostKey(text: string): DecodedHostKey {
  const bytes = text.length > 256 ? undefined : decodeBase64url(text.trim())
  if (!bytes || bytes.length === 0) return { ok: false, code: 'damaged' }
  if (bytes[0] !== EXPORT_VERSION) return { ok: false, code: 'bad-version' }
  const body = bytes.subarray(0, 1 + HOST_SEED_BYTES)
  if (!equal(bytes.subarray(body.length), checksum(body))) return { ok: false, code: 'damaged' }
  return { ok: true, hostKey: hostKeyFromSeed(body.subarray(1)) }
}

/**
 * What lets this host write the room's descriptor [LINK3]: 32 bytes, the same on each device that has the key,
 * another for each room. The server stores its hash. salt = room id, info = "huisclos/1 owner".
 */
export function deriveOwnerToken(seed: Uint8Array, room: string): Bytes {
  return fromSeed(seed, room, 'owner')
}

/** The room's lobby key, the same on each device that has the host key. info = "huisclos/1 lobby". */
export function deriveLobbyKey(seed: Uint8Array, room: string): LobbyKey {
  const privateKey = fromSeed(seed, room, 'lobby')
  return { privateKey, publicKey: toBytes(x25519.getPublicKey(privateKey)) }
}

/** What makes one leaf of one group a host; see `signAsHost`. `signature` is 64 bytes. */
export type HostEntry = {
  signerKey: Uint8Array
  groupId: Uint8Array
  leafSignatureKey: Uint8Array
  signature: Uint8Array
}

/**
 * Makes a leaf a host of a group [GRP2]: 64 bytes over ("huisclos/1 host", group id, leaf signature key), each
 * field with its length ahead. `signerSeed` is the room's host key or the key of a leaf that is a host already.
 */
export function signAsHost(signerSeed: Uint8Array, groupId: Uint8Array, leafSignatureKey: Uint8Array): Bytes {
  if (signerSeed.length !== HOST_SEED_BYTES) throw new LinkError('bad-input')
  return toBytes(ed25519.sign(hostStatement(groupId, leafSignatureKey), signerSeed))
}

/** Whether `signerKey` made this leaf a host. That the signer may do so is for the caller to know. */
export function verifyHostEntry({ signerKey, groupId, leafSignatureKey, signature }: HostEntry): boolean {
  return verifySignature(signature, hostStatement(groupId, leafSignatureKey), signerKey)
}

/**
 * A host's word for a finished recording [REC4]: 64 bytes over "huisclos/1 recording manifest" ‖ statement, by the room's
 * host key. Whether the statement is one to sign is for the caller to know.
 */
export function signManifest(seed: Uint8Array, statement: Uint8Array): Bytes {
  if (seed.length !== HOST_SEED_BYTES) throw new LinkError('bad-input')
  return toBytes(ed25519.sign(concat(MANIFEST_LABEL, statement), seed))
}

export function verifyManifest(signature: Uint8Array, statement: Uint8Array, hostKey: Uint8Array): boolean {
  return verifySignature(signature, concat(MANIFEST_LABEL, statement), hostKey)
}

/** Strict Ed25519 (RFC 8032, no ZIP 215 leniency); `false` for anything malformed. */
export function verifySignature(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

function hostStatement(groupId: Uint8Array, leafSignatureKey: Uint8Array): Bytes {
  return encodeFields(utf8('huisclos/1 host'), groupId, leafSignatureKey)
}

function fromSeed(seed: Uint8Array, room: string, label: string): Bytes {
  if (seed.length !== HOST_SEED_BYTES || room === '') throw new LinkError('bad-input')
  return toBytes(hkdf(sha512, seed, utf8(room), utf8(`huisclos/1 ${label}`), 32))
}

function checksum(body: Uint8Array): Bytes {
  return toBytes(sha512(body)).slice(0, CHECKSUM_BYTES)
}
