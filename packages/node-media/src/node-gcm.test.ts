// One list of tests for both ways to AES-GCM: what browsers use and what programs on Node use must be one thing.
import { readFileSync } from 'node:fs'
import type { Aead, ImportGcm } from '@huisclos/crypto/sframe'
import { importAesGcm } from '@huisclos/crypto/sframe'
import { runVectors } from '@huisclos/crypto/sframe/vectors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { importNodeGcm } from './node-gcm.ts'

const vectors = readFileSync(new URL('../../../vectors/rfc9605/sframe-sample.json', import.meta.url), 'utf8')
const both: [string, ImportGcm, ImportGcm][] = [
  ['WebCrypto', importAesGcm, importNodeGcm],
  ['Node', importNodeGcm, importAesGcm],
]
const bytes = (size: number, from = 0) => new Uint8Array(size).map((_, i) => from + i)
const nonce = bytes(12, 100)
const aad = bytes(5, 50)
const flipped = (all: Uint8Array<ArrayBuffer>, bit: number) => {
  const copy = all.slice()
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

describe.each(both)('AES-GCM by %s', (_, gcm, other) => {
  const pair = async (size = 32): Promise<{ seal: Aead; open: Aead }> => ({
    seal: await gcm(bytes(size), 'seal'),
    open: await gcm(bytes(size), 'open'),
  })

  test('[RFC 9605] passes every published vector', async () => {
    expect(await runVectors(vectors, gcm)).toEqual({ passed: 59, failures: [], skipped: 0 })
  })

  test.each([16, 32])('%i bytes of key: the other one opens what it sealed, byte for byte', async (size) => {
    const cases = fc.record({ nonce: fc.uint8Array({ minLength: 12, maxLength: 12 }), aad: fc.uint8Array() })
    await fc.assert(
      fc.asyncProperty(cases, fc.uint8Array({ maxLength: 300 }), async ({ nonce, aad }, plaintext) => {
        const [iv, more] = [Uint8Array.from(nonce), Uint8Array.from(aad)]
        const sealed = await (await pair(size)).seal.seal(iv, more, plaintext)
        expect(sealed).toEqual(await (await other(bytes(size), 'seal')).seal(iv, more, plaintext))
        expect(await (await other(bytes(size), 'open')).open(iv, more, sealed)).toEqual(
          Uint8Array.from(plaintext),
        )
      }),
      { numRuns: 40 },
    )
  })

  test('refuses every flipped bit, every cut and whatever is longer', async () => {
    const { seal, open } = await pair()
    const sealed = await seal.seal(nonce, aad, bytes(20))
    expect(await open.open(nonce, aad, sealed)).toEqual(bytes(20))
    for (let bit = 0; bit < sealed.length * 8; bit += 1)
      expect(await open.open(nonce, aad, flipped(sealed, bit)), `bit ${bit}`).toBeUndefined()
    for (let size = 0; size < sealed.length; size += 1)
      expect(await open.open(nonce, aad, sealed.subarray(0, size))).toBeUndefined()
    expect(await open.open(nonce, aad, new Uint8Array([...sealed, 0]))).toBeUndefined()
    expect(await open.open(flipped(nonce, 3), aad, sealed)).toBeUndefined()
    expect(await open.open(nonce, flipped(aad, 3), sealed)).toBeUndefined()
  })

  test('[RFC 9605 §4.4.1] a key serves one direction only', async () => {
    const { seal, open } = await pair()
    const sealed = await seal.seal(nonce, aad, bytes(20))
    await expect((async () => open.seal(nonce, aad, bytes(20)))()).rejects.toThrow()
    expect(await seal.open(nonce, aad, sealed)).toBeUndefined()
  })

  test('a wiped key goes on as a copy, and what comes out owns its whole buffer', async () => {
    const raw = bytes(32)
    const key = await gcm(raw, 'seal')
    raw.fill(0)
    const sealed = await key.seal(nonce, aad, bytes(20))
    expect(sealed.buffer.byteLength).toBe(36)
    const opened = await (await pair()).open.open(nonce, aad, sealed)
    expect(opened?.buffer.byteLength).toBe(20)
  })

  test('a key of another size is refused', async () => {
    for (const size of [0, 15, 31, 33])
      await expect((async () => gcm(bytes(size), 'seal'))()).rejects.toThrow()
  })
})
