import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, encodeBase64url, random } from '../bytes.ts'
import { bridgeKeyFromSeed, newBridgeSeed } from '../seal/bridge-key.ts'
import type { BridgeCard } from './bridge-card.ts'
import {
  bridgeFingerprint,
  decodeBridgeCard,
  encodeBridgeCard,
  isBridge,
  proveBridge,
} from './bridge-card.ts'
import { openDescriptor, sealDescriptor } from './descriptor.ts'
import { newHostKey } from './host-key.ts'
import { newMeetingLink } from './meeting-link.ts'

const sized = (size: number) =>
  fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => concat(bytes))
const text = (most: number) =>
  fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .filter((shown) => [...shown].length <= most && !/\p{C}/u.test(shown))
const cards: fc.Arbitrary<BridgeCard> = fc.record({
  sealKey: sized(1216),
  signKey: sized(32),
  mailbox: sized(32),
  name: text(64).map((name) => name || 'x'),
  number: text(32),
})
const key = await bridgeKeyFromSeed(newBridgeSeed(), { name: 'Cabinet Lune', number: '+33 1 84 88 00 00' })

describe('[TEL2] the card of a bridge', () => {
  test('survives its text', () => {
    fc.assert(
      fc.property(cards, (card) => {
        expect(decodeBridgeCard(encodeBridgeCard(card))).toEqual(card)
      }),
      { numRuns: 30 },
    )
  })

  test('has one text, and anything else is a value', () => {
    fc.assert(
      fc.property(fc.string(), (other) => {
        expect(decodeBridgeCard(other)).toBeUndefined()
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), (bytes) => {
        expect(decodeBridgeCard(encodeBase64url(bytes))).toBeUndefined()
      }),
    )
    const good = encodeBridgeCard(key.card)
    expect(decodeBridgeCard(`${good}A`)).toBeUndefined()
    expect(decodeBridgeCard(good.repeat(2))).toBeUndefined()
  })

  test.each([
    { name: '' },
    { name: 'x'.repeat(65) },
    { name: 'Cabinet\u202e' },
    { number: '1'.repeat(33) },
    { signKey: random(31) },
  ])('is not written with %o', (change) => {
    expect(() => encodeBridgeCard({ ...key.card, ...change })).toThrow('bad-input')
  })

  test('has a fingerprint of its keys, not of its texts', () => {
    const print = bridgeFingerprint(key.card)
    expect(print).toHaveLength(16)
    expect(bridgeFingerprint({ ...key.card, name: 'Autre' })).toEqual(print)
    for (const part of ['sealKey', 'signKey', 'mailbox'] as const) {
      const changed = { ...key.card, [part]: random(key.card[part].length) }
      expect(bridgeFingerprint(changed)).not.toEqual(print)
    }
  })
})

describe('[TEL3] the proof that a leaf is the bridge’s', () => {
  const place = { groupId: random(16), leafKey: random(32) }
  const proof = proveBridge(key.signSeed, place)

  test('holds for that leaf of that group alone', () => {
    expect(isBridge(key.card, place, proof)).toBe(true)
    expect(isBridge(key.card, { ...place, groupId: random(16) }, proof)).toBe(false)
    expect(isBridge(key.card, { ...place, leafKey: random(32) }, proof)).toBe(false)
  })

  test('holds for that bridge alone, and malformed it is false', async () => {
    const other = await bridgeKeyFromSeed(newBridgeSeed(), { name: 'Autre', number: '' })
    expect(isBridge(other.card, place, proof)).toBe(false)
    expect(isBridge(key.card, place, proof.slice(1))).toBe(false)
  })
})

describe('[TEL2] a room’s descriptor', () => {
  const host = newHostKey()
  const { room, hostHash } = newMeetingLink(host.publicKey)
  const secret = random(32)
  const policy = { lobby: false, audioLevel: false, bridges: true, recording: false }
  const descriptor = { version: 1, title: 'Conseil', lobbyKey: null, policy, bridge: key.card }

  test('names the bridge', async () => {
    const sealed = await sealDescriptor({ key: secret, room, host, descriptor })
    const opened = await openDescriptor({ sealed, key: secret, room, hostHash, seenVersion: 0 })
    expect(opened.ok && opened.descriptor.bridge).toEqual(key.card)
  })

  test('names none where its policy forbids bridges', async () => {
    const forbidding = { ...descriptor, policy: { ...policy, bridges: false } }
    await expect(sealDescriptor({ key: secret, room, host, descriptor: forbidding })).rejects.toThrow(
      'bad-descriptor',
    )
  })
})
