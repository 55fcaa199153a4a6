import { createHash, randomBytes } from 'node:crypto'
import type { RoomPut } from '@huisclos/protocol'
import { RoomId } from '@huisclos/protocol'
import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../storage/memory-store.ts'
import type { AdmissionSettings, RoomWrite } from './room-admission.ts'
import { RoomAdmission } from './room-admission.ts'
import { household, RoomQuota } from './room-quota.ts'
import { hashesTo, hashesToOneOf, secretFrom, sha256 } from './secret-match.ts'

const NOW = 1_800_000_000_000
const DAY = 86_400_000
const room = RoomId.parse('abcdefgh23456723')
const secret = () => randomBytes(32).toString('base64url')
const hash = (text: string) => createHash('sha256').update(text, 'base64url').digest('base64url')

function world(changes: Partial<AdmissionSettings> = {}, perHour = 100) {
  const store = createMemoryStore()
  const settings = {
    create: 'anyone',
    operatorTokenHashes: [],
    totalRooms: 5,
    linkDays: 30,
    ...changes,
  } as const
  const admission = new RoomAdmission(settings, store, new RoomQuota(perHour))
  const owner = secret()
  const access = secret()
  const write = (body: Partial<RoomPut> = {}, more: Partial<RoomWrite> = {}, now = NOW) =>
    admission.write(
      {
        room,
        body: {
          accessHash: hash(access),
          ownerHash: hash(owner),
          descriptor: 'AAAA',
          descriptorVersion: 1,
          ...body,
        },
        ownerToken: undefined,
        operatorToken: undefined,
        address: '192.0.2.1',
        ...more,
      },
      now,
    )
  return { store, owner, access, write }
}

describe('making rooms', () => {
  test('[SIG8] anyone may where the setting says so; the record has hashes and lives 30 days', async () => {
    const { write, store, access } = world()
    expect(await write()).toEqual({ ok: true, created: true })
    const record = await store.get(room, NOW)
    expect(record?.accessHash.toString('base64url')).toBe(hash(access))
    expect(record?.expiresAt).toBe(NOW + 30 * DAY)
    expect(await store.get(room, NOW + 30 * DAY)).toBeNull()
  })

  test('[SIG8] else only holders of an operator’s token', async () => {
    const token = secret()
    const { write } = world({
      create: 'token',
      operatorTokenHashes: [sha256(Buffer.from(token, 'base64url'))],
    })
    expect(await write()).toEqual({ ok: false, code: 'create-refused' })
    expect(await write({}, { operatorToken: secret() })).toEqual({ ok: false, code: 'create-refused' })
    expect(await write({}, { operatorToken: 'short' })).toEqual({ ok: false, code: 'create-refused' })
    expect(await write({}, { operatorToken: token })).toEqual({ ok: true, created: true })
  })

  test('[SIG8] with no operator’s token configured nobody may', async () => {
    const { write } = world({ create: 'token' })
    expect(await write({}, { operatorToken: secret() })).toEqual({ ok: false, code: 'create-refused' })
  })

  test('[SIG8] an address has so many an hour, the server so many in all', async () => {
    const hourly = world({}, 2)
    const one = (i: number) => ({ room: RoomId.parse(`abcdefgh2345672${i + 2}`) })
    expect(await hourly.write({}, one(0))).toMatchObject({ ok: true })
    expect(await hourly.write({}, one(1))).toMatchObject({ ok: true })
    expect(await hourly.write({}, one(2))).toEqual({ ok: false, code: 'create-refused' })
    expect(await hourly.write({}, { ...one(2), address: '192.0.2.2' })).toMatchObject({ ok: true })
    expect(await hourly.write({}, one(3), NOW + 3_600_000)).toMatchObject({ ok: true })
    const total = world({ totalRooms: 1 })
    expect(await total.write({}, one(0))).toMatchObject({ ok: true })
    expect(await total.write({}, one(1))).toEqual({ ok: false, code: 'create-refused' })
  })

  test.each([
    ['in the past', -1],
    ['more than a year ahead', 400 * DAY],
  ])('[SIG8] an expiry %s is refused', async (_what, ahead) => {
    expect(await world().write({ expiresAt: NOW + ahead })).toEqual({ ok: false, code: 'bad-message' })
  })
})

describe('changing rooms', () => {
  test('[LINK3] only with the owner token, and the owner stays the owner', async () => {
    const { write, owner, store } = world()
    await write()
    const next = { descriptor: 'BBBB', descriptorVersion: 2 }
    const refused = { ok: false, code: 'owner-refused' }
    expect(await write(next)).toEqual(refused)
    expect(await write(next, { ownerToken: secret() })).toEqual(refused)
    const thief = secret()
    expect(await write({ ...next, ownerHash: hash(thief) }, { ownerToken: thief })).toEqual(refused)
    expect(await write({ ...next, ownerHash: hash(thief) }, { ownerToken: owner })).toEqual(refused)
    expect((await store.get(room, NOW))?.descriptor).toBe('AAAA')
    expect(await write(next, { ownerToken: owner })).toEqual({ ok: true, created: false })
    expect((await store.get(room, NOW))?.descriptor).toBe('BBBB')
  })

  test('[LINK3] a descriptor older than the one stored is refused, and another one under the same version', async () => {
    const { write, owner } = world()
    await write({ descriptorVersion: 5 })
    const by = { ownerToken: owner }
    expect(await write({ descriptorVersion: 4 }, by)).toEqual({ ok: false, code: 'owner-refused' })
    expect(await write({ descriptorVersion: 5, descriptor: 'CCCC' }, by)).toEqual({
      ok: false,
      code: 'owner-refused',
    })
    expect(await write({ descriptorVersion: 5 }, by)).toEqual({ ok: true, created: false })
  })

  test('[GRP7] the key that signs warrants stays while the room is known', async () => {
    const { write, owner, store } = world()
    await write()
    const before = (await store.get(room, NOW))?.serverKey
    await write({ descriptorVersion: 2 }, { ownerToken: owner })
    expect((await store.get(room, NOW))?.serverKey).toEqual(before)
  })

  test('[SIG8] the owner’s further writes are not counted against the quota', async () => {
    const { write, owner } = world({}, 1)
    for (let version = 1; version < 10; version += 1) {
      expect(await write({ descriptorVersion: version }, { ownerToken: owner })).toMatchObject({ ok: true })
    }
  })
})

describe('comparing secrets', () => {
  test('[SIG4] by hash, and only the right one', () => {
    const bytes = randomBytes(32)
    expect(hashesTo(bytes, sha256(bytes))).toBe(true)
    expect(hashesTo(randomBytes(32), sha256(bytes))).toBe(false)
    expect(hashesToOneOf(bytes, [sha256(randomBytes(32)), sha256(bytes)])).toBe(true)
    expect(hashesToOneOf(bytes, [])).toBe(false)
  })

  test('[SIG4] what is no 32-byte secret is none', () => {
    expect(secretFrom(undefined)).toBeNull()
    expect(secretFrom('x'.repeat(42))).toBeNull()
    expect(secretFrom('x'.repeat(44))).toBeNull()
    expect(secretFrom(`${'x'.repeat(42)}+`)).toBeNull()
    expect(secretFrom('A'.repeat(43))).toHaveLength(32)
  })
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('[SIG8] %s counts as %s', (address, key) => {
  expect(household(address)).toBe(key)
})
