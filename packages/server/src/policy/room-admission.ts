/**
 * Who may make rooms, and what a write to a room needs (SIG8, LINK3): an operator's token where the setting asks for
 * one, quotas, the owner token for every further write, and never a descriptor older than the one stored.
 */
import { generateKeyPairSync } from 'node:crypto'
import type { ErrorCode, RoomId, RoomPut } from '@huisclos/protocol'
import type { RoomRecord, Store } from '../storage/store.ts'
import type { RoomQuota } from './room-quota.ts'
import { hashesTo, hashesToOneOf, secretFrom } from './secret-match.ts'

export interface AdmissionSettings {
  readonly create: 'anyone' | 'token'
  /** SHA-256 of each operator's token. */
  readonly operatorTokenHashes: readonly Uint8Array[]
  readonly totalRooms: number
  readonly linkDays: number
}

export interface RoomWrite {
  room: RoomId
  body: RoomPut
  /** As sent; undefined when missing. */
  ownerToken: string | undefined
  operatorToken: string | undefined
  address: string
}

export type WriteOutcome = { ok: true; created: boolean } | { ok: false; code: ErrorCode }

const DAY_MS = 86_400_000
const LONGEST_LIFE_DAYS = 366

export class RoomAdmission {
  readonly #settings: AdmissionSettings
  readonly #store: Store
  readonly #quota: RoomQuota

  constructor(settings: AdmissionSettings, store: Store, quota: RoomQuota) {
    this.#settings = settings
    this.#store = store
    this.#quota = quota
  }

  /** Makes, brings back or changes a room. `now` in Unix milliseconds. */
  async write(write: RoomWrite, now: number): Promise<WriteOutcome> {
    const expiresAt = this.#expiry(write.body, now)
    if (expiresAt === null) return { ok: false, code: 'bad-message' }
    const present = await this.#store.get(write.room, now)
    const fault = present === null ? await this.#faultInCreation(write, now) : faultInChange(write, present)
    if (fault !== null) return { ok: false, code: fault }
    await this.#store.put({
      room: write.room,
      accessHash: Buffer.from(write.body.accessHash, 'base64url'),
      ownerHash: Buffer.from(write.body.ownerHash, 'base64url'),
      descriptor: write.body.descriptor,
      descriptorVersion: write.body.descriptorVersion,
      expiresAt,
      serverKey: present?.serverKey ?? newServerKey(),
    })
    return { ok: true, created: present === null }
  }

  #expiry({ expiresAt }: RoomPut, now: number): number | null {
    if (expiresAt === undefined) return now + this.#settings.linkDays * DAY_MS
    return expiresAt > now && expiresAt <= now + LONGEST_LIFE_DAYS * DAY_MS ? expiresAt : null
  }

  async #faultInCreation(write: RoomWrite, now: number): Promise<ErrorCode | null> {
    if (this.#settings.create === 'token' && !this.#isOperator(write.operatorToken)) return 'create-refused'
    if (write.ownerToken !== undefined && !ownsBy(write.ownerToken, write.body.ownerHash))
      return 'owner-refused'
    if ((await this.#store.count()) >= this.#settings.totalRooms) return 'create-refused'
    return this.#quota.take(write.address, now) ? null : 'create-refused'
  }

  #isOperator(token: string | undefined): boolean {
    const secret = secretFrom(token)
    return secret !== null && hashesToOneOf(secret, this.#settings.operatorTokenHashes)
  }
}

function faultInChange({ body, ownerToken }: RoomWrite, present: RoomRecord): ErrorCode | null {
  const token = secretFrom(ownerToken)
  if (token === null || !hashesTo(token, present.ownerHash)) return 'owner-refused'
  if (!ownsBy(ownerToken, body.ownerHash)) return 'owner-refused'
  const isOlder = body.descriptorVersion < present.descriptorVersion
  const differs = body.descriptor !== present.descriptor
  return isOlder || (differs && body.descriptorVersion === present.descriptorVersion) ? 'owner-refused' : null
}

/** The owner of a room stays its owner: nobody else's hash can be written. */
function ownsBy(ownerToken: string | undefined, ownerHash: string): boolean {
  const token = secretFrom(ownerToken)
  return token !== null && hashesTo(token, Buffer.from(ownerHash, 'base64url'))
}

function newServerKey(): Buffer {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' })
}
