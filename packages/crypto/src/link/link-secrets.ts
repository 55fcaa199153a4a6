/**
 * What a link's secret gives [LINK2], by HKDF-SHA-512 (RFC 5869). Only `access` may reach the server; `root`
 * never leaves the client, and whoever is given one group's values holds nothing for the next meeting.
 */
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha512 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../bytes.ts'
import { toBytes, utf8 } from '../bytes.ts'
import { LinkError } from './link-error.ts'
import { isRoom, SECRET_BYTES } from './meeting-link.ts'

const SECRET_OUT_BYTES = 32

/** 32 bytes each: what opens the room at the server, the descriptor's key, and the root of every group. */
export type LinkSecrets = { access: Bytes; descriptor: Bytes; root: Bytes }

/** 32 bytes each: the external PSK of this group's Adds [GRP4], and the key that admits key packages. */
export type GroupSecrets = { psk: Bytes; admission: Bytes }

/** salt = the room id as it is written; info = "huisclos/1 " + label. Throws `bad-input`. */
export function deriveLinkSecrets(secret: Uint8Array, room: string): LinkSecrets {
  if (secret.length !== SECRET_BYTES || !isRoom(room)) throw new LinkError('bad-input')
  const salt = utf8(room)
  return {
    access: derive(secret, salt, 'access'),
    descriptor: derive(secret, salt, 'descriptor'),
    root: derive(secret, salt, 'root'),
  }
}

/** salt = the MLS group id; info = "huisclos/1 " + label. Throws `bad-input`. */
export function deriveGroupSecrets(root: Uint8Array, groupId: Uint8Array): GroupSecrets {
  if (root.length !== SECRET_OUT_BYTES || groupId.length === 0) throw new LinkError('bad-input')
  return { psk: derive(root, groupId, 'psk'), admission: derive(root, groupId, 'admission') }
}

function derive(secret: Uint8Array, salt: Uint8Array, label: string): Bytes {
  return toBytes(hkdf(sha512, secret, salt, utf8(`huisclos/1 ${label}`), SECRET_OUT_BYTES))
}
