/**
 * The room descriptor [LINK3]: what the host says of the room, shown before joining. Sealed, it is
 *
 *   format (1) ‖ version (4, big-endian) ‖ nonce (12) ‖ AES-256-GCM(signature (64) ‖ JSON, padded with spaces)
 *
 * with room and version as associated data, so that the server can neither read, change, move nor rejuvenate it.
 * The signature is the host key's, whose hash the link carries. A meeting that nobody hosts has none.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import * as z from 'zod/mini'
import type { Bytes } from '../bytes.ts'
import {
  concat,
  decodeBase64url,
  decodeUtf8,
  encodeBase64url,
  encodeFields,
  equal,
  parseJson,
  random,
  toBytes,
  uint,
  utf8,
} from '../bytes.ts'
import type { BridgeCard } from './bridge-card.ts'
import { decodeBridgeCard, encodeBridgeCard } from './bridge-card.ts'
import type { HostKey } from './host-key.ts'
import { hostHash, verifySignature } from './host-key.ts'
import { LinkError } from './link-error.ts'
import { isRoom } from './meeting-link.ts'

export const MAX_TITLE_CHARS = 120
/** Of the sealed form; a larger one is not looked at. */
export const MAX_DESCRIPTOR_BYTES = 8192

const FORMAT = 1
const VERSION_BYTES = 4
const NONCE_BYTES = 12
const HEAD_BYTES = 1 + VERSION_BYTES + NONCE_BYTES
const TAG_BYTES = 16
const SIGNATURE_BYTES = 64
/** Enough for any descriptor with a title in plain letters. */
const BLOCK_BYTES = 1024
const LABEL = utf8('huisclos/1 descriptor')

/** All of it is the host's to say; none of it can be turned on by the server. */
const Policy = z.strictObject({
  lobby: z.boolean(),
  audioLevel: z.boolean(),
  bridges: z.boolean(),
  recording: z.boolean(),
})
export type RoomPolicy = z.infer<typeof Policy>

const PublicKey = z.string().check(z.refine((text) => decodeBase64url(text)?.length === 32))

const Content = z.strictObject({
  format: z.literal(FORMAT),
  version: z.int().check(z.minimum(1), z.maximum(0xffff_ffff)),
  title: z.string().check(z.refine((title) => [...title].length <= MAX_TITLE_CHARS)),
  hostKey: PublicKey,
  lobbyKey: z.nullable(PublicKey),
  policy: Policy,
  /** TEL2. Absent: no bridge is named, and none may join. */
  bridge: z.optional(z.string().check(z.refine((text) => decodeBridgeCard(text) !== undefined))),
})

/** `version` grows with each change, from 1. Keys are 32 bytes; no lobby key means no knocking by name. */
export type RoomDescriptor = {
  version: number
  title: string
  hostKey: Bytes
  lobbyKey: Bytes | null
  policy: RoomPolicy
  /** The one telephone bridge that may join; never without `policy.bridges` [TEL2]. */
  bridge?: BridgeCard
}

/** `key` is the link's `descriptor` secret. */
export type SealDescriptor = {
  key: Uint8Array
  room: string
  host: HostKey
  descriptor: Omit<RoomDescriptor, 'hostKey'>
}

/** `seenVersion`: the highest version this client has seen of this room, 0 for none. */
export type OpenDescriptor = {
  sealed: Uint8Array
  key: Uint8Array
  room: string
  hostHash: Uint8Array
  seenVersion: number
}

/**
 * - `descriptor-damaged`: does not open or is not what we write: the link is damaged or the server lied
 * - `host-mismatch`: not signed by the host whose hash the link carries
 * - `descriptor-rolled-back`: older than one seen before
 */
export type DescriptorRefusal = 'descriptor-damaged' | 'host-mismatch' | 'descriptor-rolled-back'

export type OpenedDescriptor =
  | { ok: true; descriptor: RoomDescriptor }
  | { ok: false; code: DescriptorRefusal }

/** Throws `bad-input` and `bad-descriptor`. */
export async function sealDescriptor({ key, room, host, descriptor }: SealDescriptor): Promise<Bytes> {
  if (!isRoom(room)) throw new LinkError('bad-input')
  const { version, title, lobbyKey, policy, bridge } = descriptor
  if (bridge && !policy.bridges) throw new LinkError('bad-descriptor')
  const content = Content.safeParse({
    format: FORMAT,
    version,
    title,
    hostKey: encodeBase64url(host.publicKey),
    lobbyKey: lobbyKey && encodeBase64url(lobbyKey),
    policy,
    ...(bridge ? { bridge: encodeBridgeCard(bridge) } : {}),
  })
  if (!content.success || !title.isWellFormed()) throw new LinkError('bad-descriptor')
  const body = padded(utf8(JSON.stringify(content.data)))
  const signature = ed25519.sign(statement(room, body), host.seed)
  const iv = random(NONCE_BYTES)
  const parameters = { name: 'AES-GCM', iv, additionalData: associated(room, version) }
  const aesKey = await importKey(key, 'encrypt')
  const ciphertext = await crypto.subtle.encrypt(parameters, aesKey, concat(signature, body))
  return concat(Uint8Array.of(FORMAT), uint(version, VERSION_BYTES), iv, new Uint8Array(ciphertext))
}

/** Never throws on anything in `sealed`. */
export async function openDescriptor(input: OpenDescriptor): Promise<OpenedDescriptor> {
  const { sealed, key, room, seenVersion } = input
  const version = readVersion(sealed)
  const plaintext = version !== undefined && (await decrypt(sealed, key, associated(room, version)))
  if (!plaintext) return refuse('descriptor-damaged')
  const signature = plaintext.subarray(0, SIGNATURE_BYTES)
  const body = plaintext.subarray(SIGNATURE_BYTES)
  const descriptor = readContent(body)
  if (!descriptor || descriptor.version !== version) return refuse('descriptor-damaged')
  if (!equal(hostHash(descriptor.hostKey), input.hostHash)) return refuse('host-mismatch')
  if (!verifySignature(signature, statement(room, body), descriptor.hostKey)) return refuse('host-mismatch')
  if (version < seenVersion) return refuse('descriptor-rolled-back')
  return { ok: true, descriptor }
}

/** Spaces after the JSON, so that the stored size does not give the title's length away. */
function padded(json: Bytes): Bytes {
  const out = new Uint8Array(Math.ceil(json.length / BLOCK_BYTES) * BLOCK_BYTES).fill(0x20)
  out.set(json)
  return out
}

function readVersion(sealed: Uint8Array): number | undefined {
  if (sealed.length > MAX_DESCRIPTOR_BYTES || sealed.length < HEAD_BYTES + SIGNATURE_BYTES + TAG_BYTES)
    return undefined
  if (sealed[0] !== FORMAT) return undefined
  return new DataView(sealed.buffer, sealed.byteOffset).getUint32(1)
}

async function decrypt(
  sealed: Uint8Array,
  key: Uint8Array,
  additionalData: Bytes,
): Promise<Bytes | undefined> {
  const aesKey = await importKey(key, 'decrypt')
  const iv = toBytes(sealed.subarray(1 + VERSION_BYTES, HEAD_BYTES))
  try {
    const parameters = { name: 'AES-GCM', iv, additionalData }
    return new Uint8Array(
      await crypto.subtle.decrypt(parameters, aesKey, toBytes(sealed.subarray(HEAD_BYTES))),
    )
  } catch {
    return undefined
  }
}

function readContent(body: Uint8Array): RoomDescriptor | undefined {
  const content = Content.safeParse(parseJson(decodeUtf8(body)))
  if (!content.success) return undefined
  const { version, title, policy } = content.data
  const bridge = content.data.bridge === undefined ? undefined : decodeBridgeCard(content.data.bridge)
  if (bridge && !policy.bridges) return undefined
  const hostKey = decodeBase64url(content.data.hostKey)
  const lobbyKey = content.data.lobbyKey === null ? null : decodeBase64url(content.data.lobbyKey)
  if (!hostKey || lobbyKey === undefined) return undefined
  return { version, title, hostKey, lobbyKey, policy, ...(bridge ? { bridge } : {}) }
}

async function importKey(key: Uint8Array, usage: 'encrypt' | 'decrypt') {
  if (key.length !== 32) throw new LinkError('bad-input')
  return crypto.subtle.importKey('raw', toBytes(key), 'AES-GCM', false, [usage])
}

function associated(room: string, version: number): Bytes {
  return encodeFields(LABEL, utf8(room), uint(version, VERSION_BYTES))
}

function statement(room: string, body: Uint8Array): Bytes {
  return encodeFields(LABEL, utf8(room), body)
}

function refuse(code: DescriptorRefusal): OpenedDescriptor {
  return { ok: false, code }
}
