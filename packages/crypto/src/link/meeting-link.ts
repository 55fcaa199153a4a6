/**
 * A meeting's link [LINK1]: `https://host/m/<room>#<fragment>`. The fragment, in base64url, is a version byte, the
 * secret of 32 bytes and the 16-byte hash of the host's public key. It is the meeting's key: whoever handles
 * one keeps it in memory only, and nothing here puts it into an error.
 */
import type { Bytes } from '../bytes.ts'
import {
  concat,
  decodeBase32,
  decodeBase64url,
  encodeBase32,
  encodeBase64url,
  equal,
  random,
} from '../bytes.ts'
import { HOST_HASH_BYTES, hostHash } from './host-key.ts'
import { LinkError } from './link-error.ts'

export const ROOM_BYTES = 10
export const SECRET_BYTES = 32
const VERSION = 1
const FRAGMENT_BYTES = 1 + SECRET_BYTES + HOST_HASH_BYTES
/** Far beyond any link of ours; longer texts are not looked at. */
const MAX_LINK_CHARS = 2048

/** `room` is the 16-letter id as it stands in the address; `hostHash` is all zeros when nobody hosts. */
export type MeetingLink = { room: string; secret: Bytes; hostHash: Bytes }

/**
 * - `bad-room`: the address has no room id of ours
 * - `no-secret`: nothing after `#`, as when a messenger dropped it
 * - `damaged`: cut, or not what we write
 * - `bad-version`: written by a later version of this program
 */
export type LinkRefusal = 'bad-room' | 'no-secret' | 'damaged' | 'bad-version'

export type DecodedLink = { ok: true; link: MeetingLink } | { ok: false; code: LinkRefusal }

/** A new room with its secret; with a host's public key, its hash goes into the link. */
export function newMeetingLink(hostPublicKey?: Uint8Array): MeetingLink {
  return { ...newMeetingSecrets(), hostHash: hostPublicKey ? hostHash(hostPublicKey) : noHost() }
}

/** 80 random bits as a room id, and a secret of 32 random bytes. */
export function newMeetingSecrets(): { room: string; secret: Bytes } {
  return { room: encodeBase32(random(ROOM_BYTES)), secret: random(SECRET_BYTES) }
}

/** Whether this text is a room id: 16 lower-case letters and digits of base32 (RFC 4648). */
export function isRoom(room: string): boolean {
  return room.length === 16 && decodeBase32(room)?.length === ROOM_BYTES
}

/** Whether the link names a host; without one, nobody vouches for who is in the meeting. */
export function hasHost(link: Pick<MeetingLink, 'hostHash'>): boolean {
  return !equal(link.hostHash, noHost())
}

/** The whole link under `origin`, such as `https://meet.example.org`. Throws `bad-input`. */
export function encodeLink(origin: string, link: MeetingLink): string {
  if (!isRoom(link.room)) throw new LinkError('bad-input')
  return `${origin.replace(/\/+$/, '')}/m/${link.room}#${encodeFragment(link)}`
}

/** What stands after `#`. Throws `bad-input`. */
export function encodeFragment({ secret, hostHash }: Pick<MeetingLink, 'secret' | 'hostHash'>): string {
  if (secret.length !== SECRET_BYTES || hostHash.length !== HOST_HASH_BYTES) throw new LinkError('bad-input')
  return encodeBase64url(concat(Uint8Array.of(VERSION), secret, hostHash))
}

/** Reads a whole link, or path and fragment alone (`/m/<room>#…`). Whether its host is ours is not looked at. */
export function decodeLink(text: string): DecodedLink {
  if (text.length > MAX_LINK_CHARS) return { ok: false, code: 'damaged' }
  const hash = text.indexOf('#')
  const address = hash < 0 ? text : text.slice(0, hash)
  const room = /\/m\/([^/?#]*)\/?(?:\?.*)?$/.exec(address.trim())?.[1]
  if (room === undefined || !isRoom(room)) return { ok: false, code: 'bad-room' }
  const fragment = decodeFragment(hash < 0 ? '' : text.slice(hash + 1).trim())
  return fragment.ok ? { ok: true, link: { room, ...fragment.values } } : fragment
}

type DecodedFragment =
  | { ok: true; values: Pick<MeetingLink, 'secret' | 'hostHash'> }
  | { ok: false; code: LinkRefusal }

function decodeFragment(fragment: string): DecodedFragment {
  if (fragment === '') return { ok: false, code: 'no-secret' }
  const bytes = decodeBase64url(fragment)
  if (!bytes) return { ok: false, code: 'damaged' }
  if (bytes[0] !== VERSION) return { ok: false, code: 'bad-version' }
  if (bytes.length !== FRAGMENT_BYTES) return { ok: false, code: 'damaged' }
  const values = { secret: bytes.slice(1, 1 + SECRET_BYTES), hostHash: bytes.slice(1 + SECRET_BYTES) }
  return { ok: true, values }
}

function noHost(): Bytes {
  return new Uint8Array(HOST_HASH_BYTES)
}
