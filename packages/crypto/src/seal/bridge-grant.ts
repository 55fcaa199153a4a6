/**
 * The grant [TEL2]: what a host's client seals to a telephone bridge so that it may join one meeting.
 *
 *   format (1 byte: 1) ‖ HPKE encapsulation (1,120) ‖ HPKE ciphertext
 *
 * HPKE (RFC 9180, base mode, X-Wing) with info = fields("huisclos/1 bridge grant", room, group id), so that a grant opens
 * for no other meeting. Inside: a signature (64) by the room's host key over fields(the same label, the bridge's
 * fingerprint, content), then the content, JSON padded with spaces to 512 bytes. The signature keeps whoever knows the
 * bridge's public key from inviting it, and the bridge from handing the host's word on to another one. Never holds the
 * link's secret: what it holds opens this group alone.
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
  toBytes,
  utf8,
  wipe,
} from '../bytes.ts'
import type { BridgeCard } from '../link/bridge-card.ts'
import { bridgeFingerprint } from '../link/bridge-card.ts'
import { hostKeyFromSeed, verifySignature } from '../link/host-key.ts'
import { isRoom } from '../link/meeting-link.ts'
import type { BridgeKey } from './bridge-key.ts'
import { ENCAPSULATION_BYTES, importPublicKey, importSeed, sealSuite } from './recording-key.ts'
import { SealError } from './seal-error.ts'

/** Of the sealed form; a larger one is not looked at. */
export const MAX_GRANT_BYTES = 4096
const GRANT_ID_BYTES = 16

const FORMAT = 1
const BLOCK_BYTES = 512
const SIGNATURE_BYTES = 64
const OVERHEAD_BYTES = 1 + ENCAPSULATION_BYTES + SIGNATURE_BYTES + 16
const LABEL = utf8('huisclos/1 bridge grant')

const bytes = (sizeBytes: number) =>
  z.string().check(z.refine((text) => decodeBase64url(text)?.length === sizeBytes))

const Content = z.strictObject({
  version: z.literal(1),
  id: bytes(GRANT_ID_BYTES),
  room: z.string().check(z.refine(isRoom)),
  group: z.string().check(
    z.maxLength(342),
    z.refine((text) => (decodeBase64url(text)?.length ?? 0) > 0),
  ),
  expiresAt: z.int().check(z.minimum(0)),
  psk: bytes(32),
  admission: bytes(32),
  hostKey: bytes(32),
  serverKey: bytes(32),
  descriptorVersion: z.int().check(z.minimum(1), z.maximum(0xffff_ffff)),
  lobby: z.boolean(),
  recording: z.boolean(),
  pin: z.string().check(z.regex(/^\d{9,16}$/)),
})
type Wire = z.infer<typeof Content>

/** Of one meeting: the room's id and the MLS group's. */
export type GrantPlace = { room: string; group: Uint8Array }

/** What LINK2 gives for this group, what the joiner must find there [GRP5], and the PIN that callers enter [TEL4]. */
export type BridgeGrant = GrantPlace & {
  /** Random: a grant is taken once. */
  id: Bytes
  /** Unix milliseconds; not taken later. */
  expiresAt: number
  psk: Bytes
  admission: Bytes
  hostKey: Bytes
  serverKey: Bytes
  descriptorVersion: number
  lobby: boolean
  recording: boolean
  pin: string
}

/**
 * - `malformed`: not a grant at all
 * - `does-not-open`: sealed to another bridge, for another meeting, or altered
 * - `content-invalid`: opens, and is not what we write, or names another meeting than it was sealed for
 * - `signature-invalid`: not by the host key that it names, or meant for another bridge
 */
export type GrantRefusal = 'malformed' | 'does-not-open' | 'content-invalid' | 'signature-invalid'
export type OpenedGrant = { ok: true; grant: BridgeGrant } | { ok: false; code: GrantRefusal }

/** `hostSeed`: of the room's host key. Throws `bad-input` and `bad-recording-key` (a card nothing can be sealed to). */
export async function sealBridgeGrant(
  card: BridgeCard,
  hostSeed: Uint8Array,
  grant: Omit<BridgeGrant, 'hostKey'>,
): Promise<Bytes> {
  const host = hostKeyFromSeed(hostSeed)
  const body = encodeContent({ ...grant, hostKey: host.publicKey })
  const signature = ed25519.sign(statement(card, body), host.seed)
  const recipientPublicKey = await importPublicKey(card.sealKey)
  const sealed = await sealSuite
    .seal({ recipientPublicKey, info: infoOf(grant) }, concat(signature, body), Uint8Array.of(FORMAT))
    .catch(() => {
      throw new SealError('bad-recording-key')
    })
  return concat(Uint8Array.of(FORMAT), new Uint8Array(sealed.enc), new Uint8Array(sealed.ct))
}

/** Never throws on anything in `sealed`; `place` is where the server says that it belongs. */
export async function openBridgeGrant(
  key: BridgeKey,
  sealed: Uint8Array,
  place: GrantPlace,
): Promise<OpenedGrant> {
  if (sealed.length > MAX_GRANT_BYTES || sealed.length < OVERHEAD_BYTES || sealed[0] !== FORMAT)
    return { ok: false, code: 'malformed' }
  const plaintext = await decrypt(key.sealSeed, sealed, place)
  if (!plaintext) return { ok: false, code: 'does-not-open' }
  const body = plaintext.subarray(SIGNATURE_BYTES)
  const grant = decodeContent(body)
  const isSigned =
    grant !== undefined &&
    verifySignature(plaintext.subarray(0, SIGNATURE_BYTES), statement(key.card, body), grant.hostKey)
  wipe(plaintext)
  if (!grant || grant.room !== place.room || !equal(grant.group, place.group))
    return { ok: false, code: 'content-invalid' }
  return isSigned ? { ok: true, grant } : { ok: false, code: 'signature-invalid' }
}

/** As far as JavaScript allows. */
export function eraseGrant(grant: BridgeGrant): void {
  for (const secret of [grant.psk, grant.admission]) wipe(secret)
  grant.pin = ''
}

async function decrypt(seed: Uint8Array, sealed: Uint8Array, place: GrantPlace): Promise<Bytes | undefined> {
  const recipientKey = await importSeed(seed)
  const enc = toBytes(sealed.slice(1, 1 + ENCAPSULATION_BYTES))
  const ciphertext = toBytes(sealed.slice(1 + ENCAPSULATION_BYTES))
  try {
    const info = infoOf(place)
    return new Uint8Array(
      await sealSuite.open({ recipientKey, enc, info }, ciphertext, Uint8Array.of(FORMAT)),
    )
  } catch {
    return undefined
  }
}

function encodeContent(grant: BridgeGrant): Bytes {
  const { room, expiresAt, descriptorVersion, lobby, recording, pin } = grant
  const wire: Wire = {
    version: 1,
    id: encodeBase64url(grant.id),
    room,
    group: encodeBase64url(grant.group),
    expiresAt,
    psk: encodeBase64url(grant.psk),
    admission: encodeBase64url(grant.admission),
    hostKey: encodeBase64url(grant.hostKey),
    serverKey: encodeBase64url(grant.serverKey),
    descriptorVersion,
    lobby,
    recording,
    pin,
  }
  if (!Content.safeParse(wire).success) throw new SealError('bad-input')
  const json = utf8(JSON.stringify(wire))
  const padded = new Uint8Array(Math.ceil(json.length / BLOCK_BYTES) * BLOCK_BYTES).fill(0x20)
  padded.set(json)
  return padded
}

function decodeContent(body: Uint8Array): BridgeGrant | undefined {
  const wire = body.length % BLOCK_BYTES === 0 ? Content.safeParse(parseJson(decodeUtf8(body))) : undefined
  if (!wire?.success) return undefined
  const { version: _, id, group, psk, admission, hostKey, serverKey, ...plain } = wire.data
  return {
    ...plain,
    id: decoded(id),
    group: decoded(group),
    psk: decoded(psk),
    admission: decoded(admission),
    hostKey: decoded(hostKey),
    serverKey: decoded(serverKey),
  }
}

/** Only after the schema. */
const decoded = (text: string): Bytes => decodeBase64url(text) ?? new Uint8Array()

const infoOf = ({ room, group }: GrantPlace): Bytes => encodeFields(LABEL, utf8(room), group)

const statement = (card: BridgeCard, body: Uint8Array): Bytes =>
  encodeFields(LABEL, bridgeFingerprint(card), body)
