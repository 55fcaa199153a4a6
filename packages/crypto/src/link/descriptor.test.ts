import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, encodeHex, random, utf8 } from '../bytes.ts'
import type { RoomDescriptor } from './descriptor.ts'
import { MAX_DESCRIPTOR_BYTES, openDescriptor, sealDescriptor } from './descriptor.ts'
import { deriveLobbyKey, hostHash, newHostKey } from './host-key.ts'
import { deriveLinkSecrets } from './link-secrets.ts'
import { newMeetingLink } from './meeting-link.ts'

const host = newHostKey()
const link = newMeetingLink(host.publicKey)
const { room } = link
const key = deriveLinkSecrets(link.secret, room).descriptor
const policy = { lobby: true, audioLevel: false, bridges: false, recording: false }
const descriptor = {
  version: 3,
  title: 'Réunion du mardi',
  lobbyKey: deriveLobbyKey(host.seed, room).publicKey,
  policy,
}
const sealed = await sealDescriptor({ key, room, host, descriptor })

const opened = (changes: Partial<Parameters<typeof openDescriptor>[0]> = {}) =>
  openDescriptor({ sealed, key, room, hostHash: link.hostHash, seenVersion: 0, ...changes })

describe('a descriptor', () => {
  test('[LINK3] comes back with the host’s key', async () => {
    expect(await opened()).toEqual({ ok: true, descriptor: { ...descriptor, hostKey: host.publicKey } })
  })

  test('[LINK3] comes back whatever it says', async () => {
    const descriptors: fc.Arbitrary<Omit<RoomDescriptor, 'hostKey'>> = fc.record({
      version: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      title: fc.string({ unit: 'grapheme', maxLength: 60 }).filter((title) => [...title].length <= 120),
      lobbyKey: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => concat(bytes))),
      policy: fc.record({
        lobby: fc.boolean(),
        audioLevel: fc.boolean(),
        bridges: fc.boolean(),
        recording: fc.boolean(),
      }),
    })
    await fc.assert(
      fc.asyncProperty(descriptors, async (descriptor) => {
        const sealed = await sealDescriptor({ key, room, host, descriptor })
        expect(await opened({ sealed })).toEqual({
          ok: true,
          descriptor: { ...descriptor, hostKey: host.publicKey },
        })
      }),
      { numRuns: 30 },
    )
  })

  test('[LINK3] shows the server neither title nor keys, nor how long the title is', async () => {
    const hex = encodeHex(sealed)
    for (const secret of [
      utf8('mardi'),
      utf8('title'),
      host.publicKey,
      descriptor.lobbyKey,
      key,
      host.seed,
    ]) {
      expect(hex).not.toContain(encodeHex(secret))
    }
    const longer = await sealDescriptor({
      key,
      room,
      host,
      descriptor: { ...descriptor, title: 'x'.repeat(120) },
    })
    expect(longer).toHaveLength(sealed.length)
  })

  test('is sealed differently each time', async () => {
    expect(await sealDescriptor({ key, room, host, descriptor })).not.toEqual(sealed)
  })
})

describe('a descriptor that is refused', () => {
  test('[LINK3] with any byte changed', async () => {
    for (let i = 0; i < sealed.length; i++) {
      const copy = sealed.slice()
      copy[i]! ^= 1 << (i % 8)
      expect(await opened({ sealed: copy }), `byte ${i}`).toEqual({ ok: false, code: 'descriptor-damaged' })
    }
  })

  test('[LINK3] with a newer version written over its own', async () => {
    const copy = sealed.slice()
    copy[4] = 9
    expect(await opened({ sealed: copy })).toEqual({ ok: false, code: 'descriptor-damaged' })
  })

  test('[LINK3] when it is another room’s, or the link’s secret is another', async () => {
    expect(await opened({ room: 'bbbbbbbbbbbbbbbb' })).toEqual({ ok: false, code: 'descriptor-damaged' })
    expect(await opened({ key: random(32) })).toEqual({ ok: false, code: 'descriptor-damaged' })
  })

  test('[LINK3] when it is older than one seen', async () => {
    expect(await opened({ seenVersion: 4 })).toEqual({ ok: false, code: 'descriptor-rolled-back' })
    expect((await opened({ seenVersion: 3 })).ok).toBe(true)
    expect((await opened({ seenVersion: 2 })).ok).toBe(true)
  })

  test('[LINK3] when somebody with the link, but not the host, wrote it', async () => {
    const stranger = await sealDescriptor({ key, room, host: newHostKey(), descriptor })
    expect(await opened({ sealed: stranger })).toEqual({ ok: false, code: 'host-mismatch' })
    const pretender = { seed: newHostKey().seed, publicKey: host.publicKey }
    const forged = await sealDescriptor({ key, room, host: pretender, descriptor })
    expect(await opened({ sealed: forged })).toEqual({ ok: false, code: 'host-mismatch' })
  })

  test('[LINK3] when the link says another host, or that nobody hosts', async () => {
    const other = hostHash(newHostKey().publicKey)
    expect(await opened({ hostHash: other })).toEqual({ ok: false, code: 'host-mismatch' })
    expect(await opened({ hostHash: new Uint8Array(16) })).toEqual({ ok: false, code: 'host-mismatch' })
  })

  test('[LINK3] when the host’s own descriptor was sealed anew under a higher version by someone with the link', async () => {
    const inner = await unseal(sealed)
    const version = Uint8Array.of(0, 0, 0, 9)
    const forged = await reseal(inner, version)
    expect(await opened({ sealed: forged })).toEqual({ ok: false, code: 'descriptor-damaged' })
    expect((await opened({ sealed: await reseal(inner, Uint8Array.of(0, 0, 0, 3)) })).ok).toBe(true)
  })

  const contents: [string, string][] = [
    ['no JSON', 'x'],
    ['JSON of another shape', '[]'],
    ['an unknown field', JSON.stringify({ ...plain(), more: 1 })],
    ['an unknown policy', JSON.stringify({ ...plain(), policy: { ...policy, unlocked: true } })],
    ['another format', JSON.stringify({ ...plain(), format: 2 })],
    ['a title too long', JSON.stringify({ ...plain(), title: 'x'.repeat(121) })],
    ['half a key', JSON.stringify({ ...plain(), hostKey: 'AAAA' })],
    ['version 0', JSON.stringify({ ...plain(), version: 0 })],
  ]
  test.each(contents)('with %s inside', async (_, text) => {
    const forged = await reseal(concat(new Uint8Array(64), utf8(text)), Uint8Array.of(0, 0, 0, 3))
    expect(await opened({ sealed: forged })).toEqual({ ok: false, code: 'descriptor-damaged' })
  })

  test('when it is larger than any of ours, or cut', async () => {
    expect((await opened({ sealed: random(MAX_DESCRIPTOR_BYTES + 1) })).ok).toBe(false)
    for (const size of [0, 1, 16, 17, 60, 96, 97, sealed.length - 1]) {
      expect(await opened({ sealed: sealed.subarray(0, size) })).toEqual({
        ok: false,
        code: 'descriptor-damaged',
      })
    }
  })

  test('never by an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await opened({ sealed: concat(Uint8Array.of(1), bytes) })).toEqual({
          ok: false,
          code: 'descriptor-damaged',
        })
      }),
    )
  })
})

describe('a descriptor that cannot be written', () => {
  test.each([
    { version: 0 },
    { version: 1.5 },
    { version: 2 ** 32 },
    { title: 'x'.repeat(121) },
    { title: '\ud800' },
    { lobbyKey: random(31) },
    { policy: { ...policy, lobby: 'yes' as unknown as boolean } },
  ])('%o', async (change) => {
    const changed = { ...descriptor, ...change }
    await expect(sealDescriptor({ key, room, host, descriptor: changed })).rejects.toThrow(/^bad-descriptor$/)
  })

  test('120 characters are counted as people count letters beyond the basic plane', async () => {
    const title = '😀'.repeat(120)
    const sealed = await sealDescriptor({ key, room, host, descriptor: { ...descriptor, title } })
    expect(await opened({ sealed })).toMatchObject({ ok: true, descriptor: { title } })
  })

  test('a wrong room or key is our mistake, and its error repeats nothing', async () => {
    await expect(sealDescriptor({ key, room: 'no', host, descriptor })).rejects.toThrow(/^bad-input$/)
    await expect(sealDescriptor({ key: random(16), room, host, descriptor })).rejects.toThrow(/^bad-input$/)
    await expect(opened({ key: random(31) })).rejects.toThrow(/^bad-input$/)
  })
})

function plain() {
  return { format: 1, version: 3, title: 't', hostKey: 'A'.repeat(43), lobbyKey: null, policy }
}

/** What somebody who has the link, and so the descriptor key, can do by hand. */
async function unseal(sealed: Uint8Array): Promise<Uint8Array> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  const parameters = {
    name: 'AES-GCM',
    iv: concat(sealed.subarray(5, 17)),
    additionalData: aad(sealed.subarray(1, 5)),
  }
  return new Uint8Array(await crypto.subtle.decrypt(parameters, aes, concat(sealed.subarray(17))))
}

async function reseal(inner: Uint8Array, version: Uint8Array): Promise<Uint8Array> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const iv = random(12)
  const body = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: aad(version) },
    aes,
    concat(inner),
  )
  return concat(Uint8Array.of(1), version, iv, new Uint8Array(body))
}

function aad(version: Uint8Array) {
  const label = utf8('huisclos/1 descriptor')
  return concat(
    Uint8Array.of(0, 0, 0, 21),
    label,
    Uint8Array.of(0, 0, 0, 16),
    utf8(room),
    Uint8Array.of(0, 0, 0, 4),
    version,
  )
}
