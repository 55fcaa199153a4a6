import { createHash, createPrivateKey, createPublicKey, diffieHellman, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, decodeHex, encodeHex, random, utf8 } from '../bytes.ts'
import {
  decodeHostKey,
  deriveLobbyKey,
  deriveOwnerToken,
  encodeHostKey,
  hostHash,
  hostKeyFromSeed,
  newHostKey,
  signAsHost,
  verifyHostEntry,
  verifySignature,
} from './host-key.ts'

const host = newHostKey()
const groupId = random(16)
const leafSignatureKey = random(32)
const room = 'abcdefghijklmnop'
const spki = (prefix: string, key: Uint8Array) =>
  createPublicKey({ key: Buffer.concat([Buffer.from(prefix, 'hex'), key]), format: 'der', type: 'spki' })

describe('a host key', () => {
  test('[RFC 8032 §7.1] gives the published public key', () => {
    const seed = decodeHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')!
    expect(encodeHex(hostKeyFromSeed(seed).publicKey)).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    )
  })

  test('[LINK1] its hash is the first 16 bytes of SHA-512 of the public key', () => {
    const expected = createHash('sha512').update(host.publicKey).digest('hex').slice(0, 32)
    expect(encodeHex(hostHash(host.publicKey))).toBe(expected)
    expect(() => hostHash(random(31))).toThrow(/^bad-input$/)
  })

  test('comes back from the text that carries it to another device', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const hostKey = hostKeyFromSeed(seed)
        expect(decodeHostKey(` ${encodeHostKey(hostKey)}\n`)).toEqual({ ok: true, hostKey })
      }),
      { numRuns: 20 },
    )
  })

  test('mistyped, cut or of a later version is refused', () => {
    const text = encodeHostKey(host)
    for (let i = 0; i < text.length; i++) {
      const other = text[i] === 'b' ? 'c' : 'b'
      expect(decodeHostKey(text.slice(0, i) + other + text.slice(i + 1)).ok).toBe(false)
      expect(decodeHostKey(text.slice(0, i)).ok).toBe(false)
    }
    expect(decodeHostKey(`Ag${text.slice(2)}`)).toEqual({ ok: false, code: 'bad-version' })
    expect(decodeHostKey(`${text}${text}`)).toEqual({ ok: false, code: 'damaged' })
  })

  test('any text decodes to a value', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(decodeHostKey(text).ok).toBe(false)
      }),
    )
  })

  test('of another size is refused by a code that repeats nothing', () => {
    expect(() => hostKeyFromSeed(random(31))).toThrow(/^bad-input$/)
    expect(() => encodeHostKey({ seed: random(33) })).toThrow(/^bad-input$/)
    expect(() => deriveOwnerToken(random(31), room)).toThrow(/^bad-input$/)
    expect(() => signAsHost(random(64), groupId, leafSignatureKey)).toThrow(/^bad-input$/)
  })
})

describe('what a host key gives', () => {
  test('[LINK3] the owner token is the same on each device and another for each room and host', () => {
    const sameElsewhere = decodeHostKey(encodeHostKey(host))
    const seed = sameElsewhere.ok ? sameElsewhere.hostKey.seed : random(32)
    expect(deriveOwnerToken(seed, room)).toEqual(deriveOwnerToken(host.seed, room))
    const tokens = [
      deriveOwnerToken(host.seed, room),
      deriveOwnerToken(host.seed, 'bbbbbbbbbbbbbbbb'),
      deriveOwnerToken(newHostKey().seed, room),
      deriveLobbyKey(host.seed, room).privateKey,
      host.seed,
      host.publicKey,
    ]
    expect(new Set(tokens.map(encodeHex)).size).toBe(tokens.length)
    expect(tokens[0]).toHaveLength(32)
  })

  test('[GRP6] the lobby key is an X25519 pair that another implementation can use', () => {
    const lobby = deriveLobbyKey(host.seed, room)
    const other = deriveLobbyKey(newHostKey().seed, room)
    const agree = (privateKey: Uint8Array, publicKey: Uint8Array) =>
      diffieHellman({
        privateKey: createPrivateKey({
          key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), privateKey]),
          format: 'der',
          type: 'pkcs8',
        }),
        publicKey: spki('302a300506032b656e032100', publicKey),
      }).toString('hex')
    expect(agree(lobby.privateKey, other.publicKey)).toBe(agree(other.privateKey, lobby.publicKey))
  })
})

describe('[GRP2] a host entry', () => {
  const entry = {
    signerKey: host.publicKey,
    groupId,
    leafSignatureKey,
    signature: signAsHost(host.seed, groupId, leafSignatureKey),
  }

  test('holds for its signer, group and leaf', () => {
    expect(verifyHostEntry(entry)).toBe(true)
  })

  test('is a signature over ("huisclos/1 host", group id, key), each with its length ahead', () => {
    const label = utf8('huisclos/1 host')
    const lengths = [label, groupId, leafSignatureKey].map(({ length }) => Uint8Array.of(0, 0, 0, length))
    const message = concat(lengths[0]!, label, lengths[1]!, groupId, lengths[2]!, leafSignatureKey)
    expect(verify(null, message, spki('302a300506032b6570032100', host.publicKey), entry.signature)).toBe(
      true,
    )
  })

  test('does not hold with any bit of it flipped', () => {
    for (const name of ['signerKey', 'groupId', 'leafSignatureKey', 'signature'] as const) {
      for (let i = 0; i < entry[name].length; i++) {
        const copy = entry[name].slice()
        copy[i]! ^= 1 << (i % 8)
        expect(verifyHostEntry({ ...entry, [name]: copy }), `${name} ${i}`).toBe(false)
      }
    }
  })

  test('does not hold when bytes move between group id and key', () => {
    const moved = {
      groupId: concat(groupId, leafSignatureKey.subarray(0, 1)),
      leafSignatureKey: leafSignatureKey.slice(1),
    }
    expect(verifyHostEntry({ ...entry, ...moved })).toBe(false)
  })

  test('passes on: a host leaf may make another leaf a host', () => {
    const leaf = newHostKey()
    const next = {
      ...entry,
      signerKey: leaf.publicKey,
      signature: signAsHost(leaf.seed, groupId, leafSignatureKey),
    }
    expect(verifyHostEntry(next)).toBe(true)
    expect(verifyHostEntry({ ...next, signerKey: host.publicKey })).toBe(false)
  })

  test('is refused, never thrown at, when malformed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 70 }),
        fc.uint8Array({ maxLength: 40 }),
        (signature, signerKey) => {
          expect(verifyHostEntry({ ...entry, signature })).toBe(false)
          expect(verifyHostEntry({ ...entry, signerKey })).toBe(false)
        },
      ),
    )
  })

  test('a key of small order, under which one signature would fit everything, is refused', () => {
    const identity = new Uint8Array(32)
    identity[0] = 1
    expect(verifySignature(concat(identity, new Uint8Array(32)), utf8('anything'), identity)).toBe(false)
  })
})
