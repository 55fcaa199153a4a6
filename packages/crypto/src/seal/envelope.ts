/**
 * Envelopes [REC2]: what a member of the meeting seals for the recording's owner, one or more per epoch.
 *
 *   format (1 byte: 1) ‖ key tag (8) ‖ HPKE encapsulation (1,120) ‖ HPKE ciphertext
 *
 * HPKE (RFC 9180, base mode, X-Wing) with info = fields("huisclos/1 recording", recording id, group id, epoch (8)), so
 * that an envelope opens for no other recording, group or epoch. Inside: the sealer's signature (64) by its leaf key
 * over the content, then the content. The signature is what keeps the server, which may learn the public key, from
 * writing an envelope of its own. The key tag says which key it is for to whoever has that public key already.
 */
import { sha512 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../bytes.ts'
import { concat, encodeFields, equal, toBytes, uint, utf8 } from '../bytes.ts'
import { verifySignature } from '../link/host-key.ts'
import { signedBytes } from '../mls/signed-bytes.ts'
import type { EnvelopeContent, EnvelopePlace } from './envelope-content.ts'
import { decodeEnvelopeContent, encodeEnvelopeContent } from './envelope-content.ts'
import type { RecordingKey } from './recording-key.ts'
import { ENCAPSULATION_BYTES, importPublicKey, importSeed, sealSuite } from './recording-key.ts'
import { SealError } from './seal-error.ts'

/** What 65,536 characters of base64url carry. */
export const MAX_ENVELOPE_BYTES = 49_152
/** The label that the sealer's leaf key signs under: `engine.sign(ENVELOPE_LABEL, data)`. */
export const ENVELOPE_LABEL = 'recording envelope'

const FORMAT = 1
const TAG_BYTES = 8
const HEAD_BYTES = 1 + TAG_BYTES
const SIGNATURE_BYTES = 64
const OVERHEAD_BYTES = HEAD_BYTES + ENCAPSULATION_BYTES + SIGNATURE_BYTES + 16

/** The group engine's `sign` under `ENVELOPE_LABEL`, for the sealer's own leaf: 64 bytes. */
export type SignEnvelope = (data: Uint8Array) => Promise<Uint8Array>

/**
 * - `malformed`: not an envelope at all, or an altered head
 * - `other-key`: sealed to another recording key
 * - `does-not-open`: altered, or of another recording, group or epoch
 * - `content-invalid`: opens, and is not what we write, or names another place than it was sealed for
 * - `signature-invalid`: not signed by the leaf that it says sealed it
 */
export type EnvelopeRefusal =
  | 'malformed'
  | 'other-key'
  | 'does-not-open'
  | 'content-invalid'
  | 'signature-invalid'

export type OpenedEnvelope = { ok: true; content: EnvelopeContent } | { ok: false; code: EnvelopeRefusal }

/** Throws `bad-recording-key`, `bad-input`, and `too-large` where `sealEnvelopes` would split. */
export async function sealEnvelope(
  publicKey: Uint8Array,
  content: EnvelopeContent,
  sign: SignEnvelope,
): Promise<Bytes> {
  const recipientPublicKey = await importPublicKey(publicKey)
  const body = encodeEnvelopeContent(content)
  if (body.length + OVERHEAD_BYTES > MAX_ENVELOPE_BYTES) throw new SealError('too-large')
  const signature = await sign(body)
  if (!isSigned(content, body, signature)) throw new SealError('bad-input')
  const head = concat(Uint8Array.of(FORMAT), keyTag(publicKey, content.recording))
  const info = infoOf(content)
  const sealed = await sealSuite
    .seal({ recipientPublicKey, info }, concat(signature, body), head)
    .catch(() => {
      throw new SealError('bad-recording-key')
    })
  return concat(head, new Uint8Array(sealed.enc), new Uint8Array(sealed.ct))
}

/** Never throws on anything in `sealed`; `expect` is where the recording says that it stands. */
export async function openEnvelope(
  key: RecordingKey,
  sealed: Uint8Array,
  expect: EnvelopePlace,
): Promise<OpenedEnvelope> {
  if (sealed.length > MAX_ENVELOPE_BYTES || sealed.length < OVERHEAD_BYTES || sealed[0] !== FORMAT)
    return { ok: false, code: 'malformed' }
  if (!isSealedTo(key.publicKey, expect.recording, sealed)) return { ok: false, code: 'other-key' }
  const plaintext = await decrypt(key.seed, sealed, expect)
  if (!plaintext) return { ok: false, code: 'does-not-open' }
  const body = plaintext.subarray(SIGNATURE_BYTES)
  const content = decodeEnvelopeContent(body)
  if (!content || !isAt(content, expect)) return { ok: false, code: 'content-invalid' }
  if (!isSigned(content, body, plaintext.subarray(0, SIGNATURE_BYTES)))
    return { ok: false, code: 'signature-invalid' }
  return { ok: true, content }
}

/** Whether an envelope names this public key, without the private one. Says nothing of who made it. */
export function isSealedTo(publicKey: Uint8Array, recording: Uint8Array, sealed: Uint8Array): boolean {
  return equal(sealed.subarray(1, HEAD_BYTES), keyTag(publicKey, recording))
}

/** Of the public key and the recording together: two recordings for one key show the server no common value. */
function keyTag(publicKey: Uint8Array, recording: Uint8Array): Bytes {
  const fields = encodeFields(utf8('huisclos/1 recording key tag'), recording, publicKey)
  return toBytes(sha512(fields)).slice(0, TAG_BYTES)
}

async function decrypt(
  seed: Uint8Array,
  sealed: Uint8Array,
  place: EnvelopePlace,
): Promise<Bytes | undefined> {
  const recipientKey = await importSeed(seed)
  const head = toBytes(sealed.slice(0, HEAD_BYTES))
  const enc = toBytes(sealed.slice(HEAD_BYTES, HEAD_BYTES + ENCAPSULATION_BYTES))
  const ciphertext = toBytes(sealed.slice(HEAD_BYTES + ENCAPSULATION_BYTES))
  try {
    const opened = await sealSuite.open({ recipientKey, enc, info: infoOf(place) }, ciphertext, head)
    return new Uint8Array(opened)
  } catch {
    return undefined
  }
}

function infoOf({ recording, group, epoch }: EnvelopePlace): Bytes {
  return encodeFields(utf8('huisclos/1 recording'), recording, group, uint(epoch, 8))
}

function isAt(content: EnvelopeContent, { recording, group, epoch }: EnvelopePlace): boolean {
  return content.epoch === epoch && equal(content.recording, recording) && equal(content.group, group)
}

function isSigned(content: EnvelopeContent, body: Uint8Array, signature: Uint8Array): boolean {
  const sealer = content.roster.find(({ leaf }) => leaf === content.sealer)
  if (!sealer) return false
  return verifySignature(signature, signedBytes(ENVELOPE_LABEL, content.group, body), sealer.signatureKey)
}
