import { decodeUtf8, utf8 } from '@huisclos/crypto/bytes'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { callerSource, MAX_CALLERS } from '../media-adapter.ts'
import { cleanName, cleanText } from './clean-text.ts'
import type { GroupMessage } from './group-message.ts'
import { decodeGroupMessage, encodeGroupMessage, SignedProfile } from './group-message.ts'
import { decodeProfile, encodeProfile, openProfile, signProfile, tellApart } from './profile.ts'

const b64 = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => Buffer.from(b).toString('base64url'))
const leaf = fc.integer({ min: 0, max: 1023 })
const message: fc.Arbitrary<GroupMessage> = fc.oneof(
  fc.record({ k: fc.constant('challenge' as const), nonce: b64(16) }),
  fc.record({ k: fc.constant('answer' as const), nonce: b64(16) }),
  fc.record({
    k: fc.constant('beat' as const),
    seen: fc.array(fc.tuple(leaf, fc.nat()), { maxLength: 20 }),
    counters: fc.array(fc.tuple(leaf, fc.bigInt({ min: 0n, max: 1n << 62n }).map(String)), { maxLength: 4 }),
    ask: fc.boolean(),
  }),
  fc.record({
    k: fc.constant('chat' as const),
    id: b64(8),
    text: fc.string({ minLength: 1, maxLength: 200 }),
  }),
  fc.record({ k: fc.constant('compare' as const), epoch: fc.nat() }),
  fc.record({ k: fc.constant('mute-please' as const), leaf }),
  fc.record({ k: fc.constant('farewell' as const), signature: b64(64) }),
  fc.record({
    k: fc.constant('caller' as const),
    do: fc.constantFrom('mute' as const, 'remove' as const, 'admit' as const),
    to: b64(16),
    caller: fc.integer({ min: 0, max: MAX_CALLERS - 1 }),
  }),
)

test('[ROS4] messages survive encoding', () => {
  void fc.assert(
    fc.property(fc.nat(), message, (n, m) => {
      expect(decodeGroupMessage(encodeGroupMessage(n, m))).toEqual({ ok: true, n, message: m })
    }),
  )
})

test('[ROS4] anything else is a value, never an error', () => {
  void fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(decodeGroupMessage(bytes).ok).toBe(false)
    }),
  )
  const odd = (m: unknown) => decodeGroupMessage(utf8(JSON.stringify({ n: 7, m })))
  expect(odd({ k: 'poll', question: '?' })).toEqual({ ok: false, code: 'unknown-kind', n: 7 })
  expect(odd({ k: 'compare', epoch: -1 })).toEqual({ ok: false, code: 'malformed', n: 7 })
  expect(odd({ k: 'compare', epoch: 1, more: 1 })).toEqual({ ok: false, code: 'malformed', n: 7 })
  expect(odd({ k: 'chat', id: 'AAAAAAAAAAA', text: 'x'.repeat(4_001) }).ok).toBe(false)
})

test('[TEL3] a bridge with as many callers as there may be fits its profile, and one more does not', () => {
  const full = (callers: number) => ({
    number: 1,
    name: 'Cabinet Lune',
    hand: false,
    streams: Array.from({ length: callers }, (_, id) => ({
      producer: `c29a6bf0-6f5b-4c57-9f0c-0000000000${String(id).padStart(2, '0')}`,
      stream: id,
      source: callerSource(id),
      muted: false,
    })),
    records: null,
    consents: [],
    bridge: {
      proof: Buffer.alloc(64).toString('base64url'),
      failed: 0,
      callers: Array.from({ length: callers }, (_, id) => ({
        id,
        label: '+33 6 •• •• •• 42',
        hand: false,
        waiting: false,
      })),
    },
  })
  const encoded = (callers: number) => utf8(JSON.stringify(full(callers)))
  expect(decodeProfile(encoded(MAX_CALLERS))?.bridge?.callers).toHaveLength(MAX_CALLERS)
  expect(decodeProfile(encoded(MAX_CALLERS + 1))).toBeNull()
  const body = Buffer.from(encoded(MAX_CALLERS)).toString('base64url')
  const signed = { leaf: 1, body, signature: Buffer.alloc(64).toString('base64url') }
  expect(SignedProfile.safeParse(signed).success).toBe(true)
})

test('[WEB1] names lose control and bidi characters and what is beyond 64', () => {
  expect(cleanName(' Anna\u0000\u202e \n Bella\u200f ')).toBe('Anna Bella')
  expect([...cleanName('👩🏽‍🚀'.repeat(40))].length).toBeLessThanOrEqual(64)
  expect(cleanName('\ud800x')).toBe('\ufffdx')
  void fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const name = cleanName(text)
      expect(cleanName(name)).toBe(name)
      expect(name).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u)
    }),
  )
})

test('[WEB1] texts keep their lines', () => {
  expect(cleanText('a\r\nb\u0007\u202ec\td\n')).toBe('a\nbc\td')
})

test('[WEB1] equal names are told apart, whatever they are called', () => {
  expect(tellApart(['Anna', 'anna', 'Anna (2)', '', 'Anna', ''])).toEqual([
    'Anna',
    'anna (2)',
    'Anna (2) (2)',
    '',
    'Anna (3)',
    '',
  ])
  void fc.assert(
    fc.property(fc.array(fc.constantFrom('A', 'a', 'A (2)', 'A (3)', 'B')), (names) => {
      const told = tellApart(names).map((name) => name.toLowerCase())
      expect(new Set(told).size).toBe(names.length)
    }),
  )
})

const profile = { number: 1, name: 'Anna', hand: false, streams: [], records: null, consents: [] }
const sign = async (label: string, data: Uint8Array) =>
  Uint8Array.from({ length: 64 }, (_, i) => (data[i % data.length] ?? 0) ^ label.length)
const verify = async (_leaf: number, label: string, data: Uint8Array, signature: Uint8Array) =>
  Buffer.from(await sign(label, data)).equals(signature)

test('[ROS4] a profile is signed with its leaf, and no other leaf can show it', async () => {
  const signed = await signProfile(profile, 3, sign)
  expect(await openProfile(signed, verify)).toEqual(profile)
  expect(await openProfile({ ...signed, leaf: 4 }, verify)).toBe(null)
  expect(await openProfile({ ...signed, signature: 'A'.repeat(86) }, verify)).toBe(null)
})

test('[ROS4] a profile of another shape is none', () => {
  expect(decodeProfile(encodeProfile({ ...profile, name: '\u202eAnna' }))?.name).toBe('Anna')
  expect(decodeProfile(utf8('{"number":1}'))).toBe(null)
  expect(decodeUtf8(encodeProfile(profile))).toContain('Anna')
})

const callers = fc.uniqueArray(fc.integer({ min: 0, max: MAX_CALLERS - 1 }), { maxLength: 8 }).chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record({
        id: fc.constant(id),
        label: fc.string({ unit: 'binary', maxLength: 20 }),
        hand: fc.boolean(),
        waiting: fc.boolean(),
      }),
    ),
  ),
)

test('[TEL3] a bridge’s profile survives encoding, with its callers’ labels cleaned by whoever reads them', () => {
  void fc.assert(
    fc.property(b64(64), fc.nat(1_000_000), callers, (proof, failed, list) => {
      const bridge = { proof, failed, callers: list }
      const read = decodeProfile(encodeProfile({ ...profile, bridge }))
      const labels = list.map(({ label }) => cleanName(label))
      expect(read?.bridge).toEqual({ ...bridge, callers: list.map((c, i) => ({ ...c, label: labels[i] })) })
    }),
  )
})

test('[TEL3] a bridge’s profile of another shape is none', () => {
  const caller = { id: 0, label: '', hand: false, waiting: false }
  const proof = Buffer.alloc(64).toString('base64url')
  const odd = (bridge: object) => decodeProfile(utf8(JSON.stringify({ ...profile, bridge })))
  expect(odd({ proof, failed: 0, callers: [caller] })).not.toBe(null)
  for (const change of [
    { proof: proof.slice(4) },
    { failed: -1 },
    { callers: [caller, caller] },
    { callers: [{ ...caller, id: MAX_CALLERS }] },
    { callers: [{ ...caller, label: 'x'.repeat(65) }] },
    { more: 1 },
  ])
    expect(odd({ proof, failed: 0, callers: [caller], ...change })).toBe(null)
})
