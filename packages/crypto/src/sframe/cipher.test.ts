import { createCipheriv, createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, encodeHex, random, uint, utf8 } from '../bytes.ts'
import { nonceOf, open, seal } from './cipher.ts'
import { deriveKeyMaterial, deriveKeys } from './derive.ts'
import { encodeHeader } from './header.ts'
import { SframeError } from './sframe-error.ts'
import { isSuiteId, MEETING_SUITE, suiteOf } from './suites.ts'

const SUITES = [1, 2, 3, 4, 5]
const baseKey = new Uint8Array(32).map((_, i) => i)
const metadata = utf8('metadata')
const pair = async (suite: number, kid: bigint, base: Uint8Array = baseKey) => ({
  sealing: await deriveKeys(suite, kid, base, 'seal'),
  opening: await deriveKeys(suite, kid, base, 'open'),
})

/** RFC 9605 §4.4 once more, by another implementation of HKDF, AES and HMAC. */
function sealByNode(
  suite: number,
  kid: bigint,
  ctr: bigint,
  metadata: Uint8Array,
  plaintext: Uint8Array,
): string {
  const { hash, keyBytes, tagBytes } = suiteOf(suite)
  const digest = hash.blockLen === 128 ? 'sha512' : 'sha256'
  const derive = (label: string, size: number) =>
    Buffer.from(hkdfSync(digest, baseKey, '', concat(utf8(label), uint(kid, 8), uint(suite, 2)), size))
  const key = derive('SFrame 1.0 Secret key ', keyBytes)
  const nonce = derive('SFrame 1.0 Secret salt ', 12)
  for (const [i, byte] of uint(ctr, 12).entries()) nonce[i]! ^= byte
  const header = encodeHeader({ kid, ctr })
  const aad = concat(header, metadata)
  if (suite >= 4) {
    const gcm = createCipheriv(suite === 4 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce)
    gcm.setAAD(aad)
    const body = Buffer.concat([gcm.update(plaintext), gcm.final()])
    return Buffer.concat([header, body, gcm.getAuthTag()]).toString('hex')
  }
  const stream = createCipheriv('aes-128-ctr', key.subarray(0, 16), Buffer.concat([nonce, Buffer.alloc(4)]))
  const body = Buffer.concat([stream.update(plaintext), stream.final()])
  const mac = createHmac('sha256', key.subarray(16))
  for (const size of [aad.length, body.length, tagBytes]) mac.update(uint(size, 8))
  const tag = mac.update(nonce).update(aad).update(body).digest().subarray(0, tagBytes)
  return Buffer.concat([header, body, tag]).toString('hex')
}

describe.each(SUITES)('[RFC 9605 §4.4] suite %i', (suite) => {
  test('agrees with another implementation', async () => {
    const cases = fc.record({
      kid: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      ctr: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      metadata: fc.uint8Array({ maxLength: 30 }),
      plaintext: fc.uint8Array({ maxLength: 200 }),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ kid, ctr, metadata, plaintext }) => {
        const { sealing, opening } = await pair(suite, kid)
        const sealed = await seal(sealing, ctr, metadata, plaintext)
        expect(encodeHex(sealed)).toBe(sealByNode(suite, kid, ctr, metadata, plaintext))
        expect(await open(opening, metadata, sealed)).toEqual({ ok: true, ctr, plaintext })
      }),
      { numRuns: 40 },
    )
  })

  test('refuses every flipped bit of header, ciphertext, tag and metadata', async () => {
    const { sealing, opening } = await pair(suite, 0x40301n)
    const sealed = await seal(sealing, 300n, metadata, utf8('speech'))
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const opened = await open(opening, metadata, flipped(sealed, bit))
      expect(opened.ok, `bit ${bit}`).toBe(false)
    }
    for (let bit = 0; bit < 8 * metadata.length; bit++) {
      expect(await open(opening, flipped(metadata, bit), sealed)).toEqual({ ok: false, code: 'bad-tag' })
    }
  })

  test('refuses every cut or longer ciphertext', async () => {
    const { sealing, opening } = await pair(suite, 9n)
    const sealed = await seal(sealing, 9n, metadata, utf8('speech'))
    for (let size = 0; size < sealed.length; size++) {
      expect((await open(opening, metadata, sealed.subarray(0, size))).ok).toBe(false)
    }
    expect((await open(opening, metadata, concat(sealed, Uint8Array.of(0)))).ok).toBe(false)
  })

  test('opens with no other KID and no other base key', async () => {
    const { sealing } = await pair(suite, 9n)
    const sealed = await seal(sealing, 1n, metadata, utf8('speech'))
    const other = await pair(suite, 10n)
    expect(await open(other.opening, metadata, sealed)).toEqual({ ok: false, code: 'no-key' })
    const stranger = await pair(suite, 9n, random(32))
    expect(await open(stranger.opening, metadata, sealed)).toEqual({ ok: false, code: 'bad-tag' })
  })

  test('seals empty content', async () => {
    const { sealing, opening } = await pair(suite, 9n)
    const sealed = await seal(sealing, 1n, new Uint8Array(0), new Uint8Array(0))
    expect(sealed).toHaveLength(3 - 1 + suiteOf(suite).tagBytes)
    expect(await open(opening, new Uint8Array(0), sealed)).toEqual({
      ok: true,
      ctr: 1n,
      plaintext: new Uint8Array(0),
    })
  })

  test('never throws on what arrives', async () => {
    const { opening } = await pair(suite, 9n)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        expect((await open(opening, metadata, bytes)).ok).toBe(false)
      }),
    )
  })
})

test('[KEY1] meetings use AES_256_GCM_SHA512_128 with its full tag', () => {
  expect(suiteOf(MEETING_SUITE)).toMatchObject({
    id: 5,
    name: 'AES_256_GCM_SHA512_128',
    keyBytes: 32,
    tagBytes: 16,
  })
})

test.each([0, 6, 0xf000, -1, 4.5, Number.NaN])('suite %d is an error, never another suite', async (suite) => {
  expect(isSuiteId(suite)).toBe(false)
  expect(() => suiteOf(suite)).toThrow(SframeError)
  await expect(deriveKeys(suite, 1n, baseKey, 'seal')).rejects.toThrow('unknown-suite')
})

test('names of inherited properties are no suites', () => {
  expect(isSuiteId('toString' as unknown as number)).toBe(false)
})

test('[RFC 9605 §4.4.1] a key serves one direction only', async () => {
  const { sealing, opening } = await pair(5, 9n)
  const sealed = await seal(sealing, 1n, metadata, utf8('speech'))
  await expect(seal(opening, 1n, metadata, utf8('speech'))).rejects.toThrow()
  expect(await open(sealing, metadata, sealed)).toEqual({ ok: false, code: 'bad-tag' })
})

test('a base key that is empty or cut is refused', async () => {
  for (const size of [0, 1, 15]) {
    await expect(deriveKeys(5, 1n, new Uint8Array(size), 'seal')).rejects.toThrow('bad-base-key')
  }
})

test('[KEY2] nonces of one KID differ for every counter, and salts for every KID', () => {
  const counter = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  const { salt } = deriveKeyMaterial(5, 1n, baseKey)
  fc.assert(
    fc.property(counter, counter, (a, b) => {
      expect(encodeHex(nonceOf(salt, a)) === encodeHex(nonceOf(salt, b))).toBe(a === b)
    }),
  )
  const salts = new Set(
    Array.from({ length: 200 }, (_, i) => encodeHex(deriveKeyMaterial(5, BigInt(i), baseKey).salt)),
  )
  expect(salts.size).toBe(200)
})

test('an error is its code alone: no key is in it', async () => {
  const error = await deriveKeys(5, 1n, utf8('secret'), 'seal').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SframeError)
  expect({ ...(error as SframeError) }).toEqual({ name: 'SframeError', code: 'bad-base-key' })
  expect((error as SframeError).message).toBe('bad-base-key')
})

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice()
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}
