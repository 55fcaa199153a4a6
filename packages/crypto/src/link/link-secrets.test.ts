import { hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBase32, encodeHex, random } from '../bytes.ts'
import { deriveGroupSecrets, deriveLinkSecrets } from './link-secrets.ts'

const room = 'abcdefghijklmnop'
const secret = new Uint8Array(32).map((_, i) => i)
const byNode = (key: Uint8Array, salt: string | Uint8Array, label: string) =>
  Buffer.from(hkdfSync('sha512', key, salt, `huisclos/1 ${label}`, 32)).toString('hex')

test('[LINK2] HKDF-SHA-512 over the secret, salt = room, info = "huisclos/1 " + label', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (secret) => {
      const room = encodeBase32(random(10))
      const derived = deriveLinkSecrets(secret, room)
      expect(encodeHex(derived.access)).toBe(byNode(secret, room, 'access'))
      expect(encodeHex(derived.descriptor)).toBe(byNode(secret, room, 'descriptor'))
      expect(encodeHex(derived.root)).toBe(byNode(secret, room, 'root'))
    }),
    { numRuns: 20 },
  )
})

test('[LINK2] psk and admission come from root and group id', () => {
  const groupId = random(16)
  const { root } = deriveLinkSecrets(secret, room)
  const derived = deriveGroupSecrets(root, groupId)
  expect(encodeHex(derived.psk)).toBe(byNode(root, groupId, 'psk'))
  expect(encodeHex(derived.admission)).toBe(byNode(root, groupId, 'admission'))
})

test('[LINK2] no value of one room, label or group is one of another', () => {
  const a = deriveLinkSecrets(secret, room)
  const b = deriveLinkSecrets(secret, 'bbcdefghijklmnop')
  const c = deriveLinkSecrets(new Uint8Array(32).fill(1), room)
  const groups = [random(16), random(16)].map((groupId) => deriveGroupSecrets(a.root, groupId))
  const all = [a, b, c, ...groups].flatMap((secrets) => Object.values(secrets).map(encodeHex))
  expect(new Set(all).size).toBe(13)
})

test('[LINK2] the values stay the same from version to version', () => {
  const { access, root } = deriveLinkSecrets(secret, room)
  const { psk } = deriveGroupSecrets(root, new Uint8Array(16))
  expect([access, psk].map((value) => encodeHex(value).slice(0, 16))).toMatchInlineSnapshot(`
    [
      "2f67252c1539b86a",
      "53e7103feb1034ed",
    ]
  `)
})

test('wrong shapes are refused by a code that repeats nothing', () => {
  expect(() => deriveLinkSecrets(random(31), room)).toThrow(/^bad-input$/)
  expect(() => deriveLinkSecrets(secret, 'SHOUTED')).toThrow(/^bad-input$/)
  expect(() => deriveGroupSecrets(random(16), random(16))).toThrow(/^bad-input$/)
  expect(() => deriveGroupSecrets(random(32), new Uint8Array(0))).toThrow(/^bad-input$/)
})
