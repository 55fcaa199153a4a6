/**
 * A hosted meeting as one line of text, to be pasted on the host's other device:
 * `huisclos1.<room>.<fragment>.<host key>.<expiry in base 36>`. It holds the link's secret and the host's seed: whoever
 * reads it is host. Not an address on purpose, so that no browser opens it and remembers it.
 */

import { encodeBase64url } from '@huisclos/crypto/bytes'
import { decodeHostKey, decodeLink, encodeFragment, encodeHostKey, hostHash } from '@huisclos/crypto/link'
import type { OwnMeeting } from './meeting-shelf.ts'

const PREFIX = 'huisclos1'
const MAX_CHARS = 512

export function encodeHostExport({ link, hostSeed, expiresAt }: OwnMeeting): string {
  const hostKey = encodeHostKey({ seed: new Uint8Array(hostSeed) })
  return [PREFIX, link.room, encodeFragment(link), hostKey, expiresAt.toString(36)].join('.')
}

/** Null for anything that is not such a text, is damaged, or whose host key is not the one that the link names. */
export function decodeHostExport(text: string): OwnMeeting | null {
  const compact = text.replace(/\s+/g, '')
  if (compact.length > MAX_CHARS) return null
  const [prefix, room, fragment, hostText, expiry, ...rest] = compact.split('.')
  if (prefix !== PREFIX || rest.length > 0) return null
  const link = decodeLink(`/m/${room}#${fragment}`)
  const host = decodeHostKey(hostText ?? '')
  const expiresAt = Number.parseInt(expiry ?? '', 36)
  if (!link.ok || !host.ok || !Number.isSafeInteger(expiresAt)) return null
  const named = encodeBase64url(link.link.hostHash)
  if (named !== encodeBase64url(hostHash(host.hostKey.publicKey))) return null
  return { link: link.link, hostSeed: host.hostKey.seed, title: '', expiresAt, descriptorVersion: 1 }
}
