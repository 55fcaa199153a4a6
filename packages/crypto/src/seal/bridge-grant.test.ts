import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, encodeHex, random, utf8 } from '../bytes.ts'
import { hostKeyFromSeed } from '../link/host-key.ts'
import type { BridgeGrant } from './bridge-grant.ts'
import { eraseGrant, MAX_GRANT_BYTES, openBridgeGrant, sealBridgeGrant } from './bridge-grant.ts'
import { bridgeKeyFromSeed, newBridgeSeed } from './bridge-key.ts'

const shown = { name: 'Cabinet Lune', number: '+33 1 84 88 00 00' }
const bridge = await bridgeKeyFromSeed(newBridgeSeed(), shown)
const other = await bridgeKeyFromSeed(newBridgeSeed(), shown)
const hostSeed = random(32)
const place = { room: 'abcdefghijklmnop', group: random(16) }
const plain = (): Omit<BridgeGrant, 'hostKey'> => ({
  ...place,
  id: random(16),
  expiresAt: 1_800_000_000_000,
  psk: random(32),
  admission: random(32),
  serverKey: random(32),
  descriptorVersion: 3,
  lobby: false,
  recording: true,
  pin: '246813579',
})
const grant = plain()
const sealed = await sealBridgeGrant(bridge.card, hostSeed, grant)
const codeOf = async (...asked: Parameters<typeof openBridgeGrant>) => {
  const opened = await openBridgeGrant(...asked)
  return opened.ok ? 'opened' : opened.code
}

describe('[TEL2] a grant', () => {
  test('opens for the bridge that it is sealed to, with the host’s key', async () => {
    const { publicKey: hostKey } = hostKeyFromSeed(hostSeed)
    expect(await openBridgeGrant(bridge, sealed, place)).toEqual({ ok: true, grant: { ...grant, hostKey } })
  })

  test('survives whatever it says', async () => {
    const bytes = (size: number) =>
      fc.uint8Array({ minLength: size, maxLength: size }).map((array) => concat(array))
    const grants = fc.record({
      id: bytes(16),
      expiresAt: fc.nat(),
      psk: bytes(32),
      admission: bytes(32),
      serverKey: bytes(32),
      descriptorVersion: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      lobby: fc.boolean(),
      recording: fc.boolean(),
      pin: fc.stringMatching(/^[0-9]{9,16}$/),
      group: fc.uint8Array({ minLength: 1, maxLength: 255 }).map((array) => concat(array)),
    })
    await fc.assert(
      fc.asyncProperty(grants, async (some) => {
        const said = { ...some, room: place.room }
        const opened = await openBridgeGrant(bridge, await sealBridgeGrant(bridge.card, hostSeed, said), said)
        expect(opened).toMatchObject({ ok: true, grant: said })
      }),
      { numRuns: 15 },
    )
  })

  test('opens for no other bridge, room or group', async () => {
    expect(await codeOf(other, sealed, place)).toBe('does-not-open')
    expect(await codeOf(bridge, sealed, { ...place, room: 'ponmlkjihgfedcba' })).toBe('does-not-open')
    expect(await codeOf(bridge, sealed, { ...place, group: random(16) })).toBe('does-not-open')
  })

  test('cannot be handed on: the host’s word names the bridge that it is for', async () => {
    const forger = { ...bridge, card: { ...bridge.card, signKey: other.card.signKey } }
    expect(await codeOf(forger, sealed, place)).toBe('signature-invalid')
  })

  test('with any byte changed is refused, and never thrown on', async () => {
    for (let i = 0; i < sealed.length; i += 41) {
      const copy = sealed.slice()
      copy[i]! ^= 1 << (i % 8)
      expect(await codeOf(bridge, copy, place), `byte ${i}`).toMatch(/malformed|does-not-open/)
    }
    expect(await codeOf(bridge, sealed.slice(0, 100), place)).toBe('malformed')
    expect(await codeOf(bridge, new Uint8Array(MAX_GRANT_BYTES + 1).fill(1), place)).toBe('malformed')
    const noise = fc.uint8Array({ minLength: 1201, maxLength: 1400 })
    await fc.assert(
      fc.asyncProperty(noise, async (bytes) => {
        bytes[0] = 1
        expect(await codeOf(bridge, bytes, place)).toBe('does-not-open')
      }),
      { numRuns: 20 },
    )
  })

  test('shows whoever relays it neither key nor PIN, nor how long the PIN is', async () => {
    const hex = encodeHex(sealed)
    for (const secret of [grant.psk, grant.admission, grant.id, utf8(grant.pin), utf8(grant.room)])
      expect(hex).not.toContain(encodeHex(secret))
    const longer = await sealBridgeGrant(bridge.card, hostSeed, { ...grant, pin: '1234567890123456' })
    expect(longer).toHaveLength(sealed.length)
    expect(sealed.length).toBeLessThanOrEqual(MAX_GRANT_BYTES)
  })

  test('is not made of what would be refused', async () => {
    for (const change of [{ pin: '12345678' }, { psk: random(31) }, { room: 'x' }, { expiresAt: -1 }])
      await expect(sealBridgeGrant(bridge.card, hostSeed, { ...grant, ...change })).rejects.toThrow(
        'bad-input',
      )
  })

  test('is erased at the end', () => {
    const ended = { ...plain(), hostKey: random(32) }
    eraseGrant(ended)
    expect([...ended.psk, ...ended.admission].every((byte) => byte === 0)).toBe(true)
    expect(ended.pin).toBe('')
  })
})
