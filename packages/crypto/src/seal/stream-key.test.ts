import { expect, test } from 'vitest'
import { random } from '../bytes.ts'
import { open, seal } from '../sframe/cipher.ts'
import { deriveKeys } from '../sframe/derive.ts'
import { encodeKid } from '../sframe/kid.ts'
import { MEETING_SUITE } from '../sframe/suites.ts'
import { deriveStreamKey, importStreamKey } from './stream-key.ts'

const baseKey = random(32)
const place = { leaf: 3, stream: 7, epoch: 300 }
const metadata = Uint8Array.of(1, 2, 3)

const sealedBy = async (at: typeof place) =>
  seal(await deriveKeys(MEETING_SUITE, encodeKid(at), baseKey, 'seal'), 9n, metadata, random(40))

test('[REC2] the key of a stream opens what that stream’s sender sealed', async () => {
  const key = await importStreamKey(deriveStreamKey(baseKey, place), place.epoch)
  expect(await open(key, metadata, await sealedBy(place))).toMatchObject({ ok: true, ctr: 9n })
})

test.each([
  ['another leaf', { ...place, leaf: 4 }],
  ['another stream', { ...place, stream: 8 }],
  ['another epoch', { ...place, epoch: 301 }],
])('[REC2] attack: the key of one stream against %s', async (_, other) => {
  const frame = await sealedBy(other)
  const honest = await importStreamKey(deriveStreamKey(baseKey, place), place.epoch)
  expect(await open(honest, metadata, frame)).toEqual({ ok: false, code: 'no-key' })
  const relabelled = { ...deriveStreamKey(baseKey, place), leaf: other.leaf, stream: other.stream }
  const forced = await importStreamKey(relabelled, other.epoch)
  expect(await open(forced, metadata, frame)).toEqual({ ok: false, code: 'bad-tag' })
})

test('[REC2] keys of another size are refused', async () => {
  const derived = deriveStreamKey(baseKey, place)
  await expect(importStreamKey({ ...derived, key: random(16) }, 1)).rejects.toThrow('bad-input')
  await expect(importStreamKey({ ...derived, salt: random(8) }, 1)).rejects.toThrow('bad-input')
  expect(() => deriveStreamKey(baseKey, { ...place, leaf: 1024 })).toThrow('kid-out-of-range')
})
