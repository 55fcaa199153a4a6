/**
 * The public half of a recording key as a file [REC6]: what whoever starts recordings needs, with no secret in it. It is
 * also read out of a key file and out of a share, whose other fields are neither looked at nor passed on.
 */
import * as z from 'zod/mini'
import type { Bytes } from '../bytes.ts'
import { decodeBase64url, encodeBase64url, parseJson } from '../bytes.ts'
import { RECORDING_KEY_BYTES } from './recording-key.ts'
import { isKeyOwner } from './recording-order.ts'

/** Of a key file, the longest that is read. */
export const MAX_KEY_FILE_CHARS = 16 * 1024

const PublicHalfFile = z.object({
  huisclos: z.enum(['recording key', 'recording public key', 'recording key share']),
  version: z.literal(1),
  publicKey: z.string().check(z.maxLength(2048)),
  owner: z.string().check(z.refine(isKeyOwner)),
})
const LaterFile = z.object({ huisclos: z.string(), version: z.int().check(z.gt(1)) })

export type PublicHalf = { publicKey: Bytes; owner: string }
export type ReadPublicHalf =
  | ({ ok: true } & PublicHalf)
  | { ok: false; why: 'damaged' | 'later-version' | 'not-a-key' }

export function encodePublicKeyFile({ publicKey, owner }: { publicKey: Uint8Array; owner: string }): string {
  const file = { huisclos: 'recording public key', version: 1, publicKey: encodeBase64url(publicKey), owner }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** `not-a-key`: nothing in it says that it is one. `damaged`: it says so, and cannot be one. */
export function readPublicKeyFile(text: string): ReadPublicHalf {
  const json = text.length > MAX_KEY_FILE_CHARS ? undefined : parseJson(text)
  if (LaterFile.safeParse(json).success) return { ok: false, why: 'later-version' }
  if (typeof json !== 'object' || json === null || !('huisclos' in json))
    return { ok: false, why: 'not-a-key' }
  const file = PublicHalfFile.safeParse(json)
  const publicKey = file.success ? decodeBase64url(file.data.publicKey) : undefined
  if (!file.success || publicKey?.length !== RECORDING_KEY_BYTES) return { ok: false, why: 'damaged' }
  return { ok: true, publicKey, owner: file.data.owner }
}
