/**
 * The `Store` port: what is kept of a room when nobody is in it (SIG8, SIG9). Hashes, an opaque descriptor, an expiry
 * and the server's key of that room; never an access value, an owner token or a name.
 */
import type { RoomId } from '@huisclos/protocol'

export interface RoomRecord {
  readonly room: RoomId
  /** SHA-256 of LINK2's `access`, 32 bytes. */
  readonly accessHash: Buffer
  /** SHA-256 of the owner token, 32 bytes. */
  readonly ownerHash: Buffer
  /** base64url, opaque. */
  readonly descriptor: string | null
  readonly descriptorVersion: number
  /** Unix milliseconds. */
  readonly expiresAt: number
  /** Ed25519 private key, PKCS #8 DER: signs this room's warrants of absence (GRP7). */
  readonly serverKey: Buffer
}

export interface Store {
  /** The record, or null when there is none or it has expired. `now` in Unix milliseconds. */
  get(room: RoomId, now: number): Promise<RoomRecord | null>
  put(record: RoomRecord): Promise<void>
  /** How many records there are, expired ones that were not removed yet included. */
  count(): Promise<number>
  removeExpired(now: number): Promise<void>
  close(): Promise<void>
}
