import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBase64url, random } from '../bytes.ts'
import { encodePublicKeyFile, readPublicKeyFile } from './public-key-file.ts'

const half = { publicKey: random(1216), owner: 'Étude Ménard' }
const file = JSON.parse(encodePublicKeyFile(half)) as Record<string, unknown>
const read = (part: object) => readPublicKeyFile(JSON.stringify({ ...file, ...part }))

test('[REC6] a public key file reads as it was written', () => {
  expect(readPublicKeyFile(encodePublicKeyFile(half))).toEqual({ ok: true, ...half })
})

test('[REC6] of a key file and of a share, the public half and nothing else is read', () => {
  const sealed = encodeBase64url(random(48))
  for (const huisclos of ['recording key', 'recording key share'])
    expect(read({ huisclos, sealed, share: sealed, kdf: {} })).toEqual({ ok: true, ...half })
})

test.each([
  ['not-a-key', 'a photograph'],
  ['not-a-key', '{"publicKey":"AAAA"}'],
  ['not-a-key', 'null'],
  ['not-a-key', ' '.repeat(16 * 1024) + encodePublicKeyFile(half)],
  ['later-version', JSON.stringify({ ...file, version: 2 })],
  ['damaged', JSON.stringify({ ...file, publicKey: encodeBase64url(random(1215)) })],
  ['damaged', JSON.stringify({ ...file, publicKey: `${file['publicKey']}!` })],
  ['damaged', JSON.stringify({ ...file, owner: 'x'.repeat(65) })],
  ['damaged', JSON.stringify({ ...file, owner: 'a\u0007b' })],
  ['damaged', JSON.stringify({ ...file, huisclos: 'host key' })],
])('[REC6] %s is said of what is no such file', (why, text) => {
  expect(readPublicKeyFile(text)).toEqual({ ok: false, why })
})

test('[REC6] no text makes the reader throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(readPublicKeyFile(text).ok).toBe(false)
    }),
    { numRuns: 200 },
  )
})
