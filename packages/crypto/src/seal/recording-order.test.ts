import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeFields, random, utf8 } from '../bytes.ts'
import { decodeRecordingOrder, encodeRecordingOrder } from './recording-order.ts'

const order = { recording: random(16), publicKey: random(1216), owner: 'Étude Ménard' }
const one = Uint8Array.of(1)

test('[REC1] an order comes back, whoever owns the key', () => {
  const owners = fc.string({ unit: 'grapheme', maxLength: 64 })
  const fit = owners.filter((text) => [...text].length <= 64 && !/\p{Cc}/u.test(text))
  fc.assert(
    fc.property(fit, (owner) => {
      expect(decodeRecordingOrder(encodeRecordingOrder({ ...order, owner }))).toEqual({ ...order, owner })
    }),
  )
  expect(encodeRecordingOrder({ ...order, owner: '𝔸'.repeat(64) }).length).toBeLessThan(2048)
})

test('[REC1] nothing but the one encoding is an order', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2100 }), (bytes) => {
      const decoded = decodeRecordingOrder(bytes)
      if (decoded) expect(encodeRecordingOrder(decoded)).toEqual(bytes)
    }),
  )
  const { recording, publicKey } = order
  for (const fields of [
    [Uint8Array.of(2), recording, publicKey, utf8('a')],
    [one, recording.slice(1), publicKey, utf8('a')],
    [one, recording, publicKey.slice(1), utf8('a')],
    [one, recording, publicKey, Uint8Array.of(0xff)],
    [one, recording, publicKey, utf8('x'.repeat(65))],
    [one, recording, publicKey, utf8('line\nbreak')],
    [one, recording, publicKey],
    [one, recording, publicKey, utf8('a'), utf8('b')],
  ]) {
    expect(decodeRecordingOrder(encodeFields(...fields))).toBeUndefined()
  }
  expect(decodeRecordingOrder(encodeFields(one, recording, publicKey, utf8('a')))).toBeDefined()
})

test('[REC1] one flipped bit in the key is another order, never the same one', () => {
  const bytes = encodeRecordingOrder(order)
  bytes[700] = (bytes[700] as number) ^ 1
  expect(decodeRecordingOrder(bytes)?.publicKey).not.toEqual(order.publicKey)
})

test.each([
  { ...order, recording: random(15) },
  { ...order, publicKey: random(32) },
  { ...order, owner: 'x'.repeat(65) },
  { ...order, owner: '\ud800' },
])('[REC1] a malformed order is not written', (bad) => {
  expect(() => encodeRecordingOrder(bad)).toThrow('bad-input')
})
