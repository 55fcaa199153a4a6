import { readFileSync } from 'node:fs'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeHex, random } from '../bytes.ts'
import { rawCommit, rawGroup, suite } from './attack-fixtures.ts'
import { makeWorld } from './engine-fixtures.ts'
import type { Warrant } from './group-engine.ts'
import { eraseState, MAX_USED, pskIdOf, remember, viewOf } from './group-state.ts'
import { MLS_CODES, MlsError } from './mls-error.ts'
import { goneData, leaveData, resumeData, signedBytes } from './signed-bytes.ts'
import { meetingSuite } from './suite.ts'
import { decodeCommitData, encodeCommitData } from './warrants.ts'

describe('[LIB1] erasure', () => {
  test('[LIB1] a former state is zeroed but for what the next one shares', async () => {
    const world = makeWorld()
    const { state } = await rawGroup(world)
    const { next } = await rawCommit(
      { state, context: world.context, used: new Set(), change: null },
      world,
      { withPath: true },
    )
    const [old, kept] = [{ ...state.keySchedule }, { ...next.keySchedule }]
    const copies = Object.values(kept).map(encodeHex)
    eraseState({ ...state, historicalReceiverData: new Map() }, [next])
    for (const secret of Object.values(old)) {
      const shared = [...next.historicalReceiverData.values()].some(
        ({ senderDataSecret, resumptionPsk }) => secret === senderDataSecret || secret === resumptionPsk,
      )
      expect(secret.every((byte) => byte === 0)).toBe(!shared)
    }
    expect(Object.values(kept).map(encodeHex)).toEqual(copies)
    expect(next.signaturePrivateKey.some((byte) => byte !== 0)).toBe(true)
    eraseState(next, [])
    expect(next.signaturePrivateKey.every((byte) => byte === 0)).toBe(true)
    for (const secret of Object.values(kept)) expect(secret.every((byte) => byte === 0)).toBe(true)
  })

  test('[KEY1] a view shares no memory with the state', async () => {
    const epoch = await rawGroup(makeWorld())
    const view = await viewOf(epoch, suite)
    view.authenticator.fill(0)
    view.groupId.fill(0)
    expect((await viewOf(epoch, suite)).authenticator.some((byte) => byte !== 0)).toBe(true)
    expect(view.baseKey).toHaveLength(32)
  })
})

describe('[GRP7] bytes under signatures and in commits', () => {
  test('[GRP7] the server’s warrant is over the bytes that server and client agreed on', () => {
    const groupId = new Uint8Array(16).fill(0xab)
    const label = encodeHex(new TextEncoder().encode('huisclos/1 gone'))
    const expected = `000f${label}0010${'ab'.repeat(16)}0000000000000005000001ff`
    expect(encodeHex(signedBytes('gone', groupId, goneData(5, 0x1ff)))).toBe(expected)
  })

  test('[GRP7] no two purposes sign the same bytes', () => {
    const groupId = random(16)
    const init = random(32)
    const all = [
      signedBytes('leave', groupId, leaveData(1)),
      signedBytes('leave', groupId, leaveData(2)),
      signedBytes('gone', groupId, goneData(1, 1)),
      signedBytes('gone', groupId, goneData(1n, 2)),
      signedBytes('resume', groupId, resumeData(1, init)),
      signedBytes('leave', random(16), leaveData(1)),
    ].map(encodeHex)
    expect(new Set(all).size).toBe(all.length)
  })

  test('[GRP7] warrants survive their encoding', () => {
    const signature = fc.uint8Array({ minLength: 64, maxLength: 64 })
    const warrant: fc.Arbitrary<Warrant> = fc.oneof(
      fc.record({ by: fc.constant('leaver' as const), signature }),
      fc.record({ by: fc.constant('server' as const), signature }),
      fc.record({ by: fc.constant('resume' as const), newKeyPackage: fc.nat({ max: 65_535 }) }),
      fc.record({ by: fc.constant('host' as const) }),
    )
    fc.assert(
      fc.property(fc.array(warrant, { maxLength: 64 }), (warrants) => {
        expect(decodeCommitData(encodeCommitData(random(16), warrants))).toEqual({ warrants })
      }),
    )
  })

  test('[GRP7] the decoder of warrants takes any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
        decodeCommitData(any)
      }),
      { numRuns: 2000 },
    )
    expect(decodeCommitData(encodeCommitData(random(15), []))).toBeUndefined()
  })

  test('[GRP4] a group remembers the latest 4,096 pseudonyms, in order', () => {
    const many = Array.from({ length: MAX_USED }, (_, i) => String(i))
    const used = [...remember(many, ['new', 'newer'])]
    expect(used).toHaveLength(MAX_USED)
    expect([used[0], used.at(-2), used.at(-1)]).toEqual(['2', 'new', 'newer'])
  })

  test('[GRP4] each group has a PSK id of its own', () => {
    expect(pskIdOf(random(16))).not.toEqual(pskIdOf(random(16)))
  })
})

describe('[GRP1] the suite', () => {
  test('[GRP1] X-Wing keys, SHA-512, AES-256-GCM and Ed25519 that others verify', async () => {
    const xwing = await meetingSuite()
    expect(xwing.name).toBe('MLS_256_XWING_AES256GCM_SHA512_Ed25519')
    expect([xwing.kdf.size, xwing.hpke.keyLength, xwing.hpke.nonceLength]).toEqual([64, 32, 12])
    const pair = await xwing.hpke.generateKeyPair()
    expect(await xwing.hpke.exportPublicKey(pair.publicKey)).toHaveLength(xwing.publicKeyBytes)
    const { publicKey, signKey } = await xwing.signature.keygen()
    const message = random(40)
    const signature = await xwing.signature.sign(signKey, message)
    expect(ed25519.verify(signature, message, publicKey)).toBe(true)
    expect(await xwing.signature.verify(publicKey, message, ed25519.sign(message, signKey))).toBe(true)
    expect(await xwing.signature.verify(publicKey, random(40), signature)).toBe(false)
    expect(await xwing.signature.verify(random(7), message, signature)).toBe(false)
  })
})

test('[LIB1] each code of the list is explained beside it', () => {
  const source = readFileSync(new URL('./mls-error.ts', import.meta.url), 'utf8')
  const comment = source.slice(0, source.indexOf('export type MlsCode'))
  const explained = [...comment.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code)
  expect(new Set(explained)).toEqual(new Set(MLS_CODES))
})

test('[LIB1] an error says its code and nothing else, and no code is listed twice', () => {
  expect(new Set(MLS_CODES).size).toBe(MLS_CODES.length)
  for (const code of MLS_CODES) expect(new MlsError(code)).toMatchObject({ code, message: code })
})
