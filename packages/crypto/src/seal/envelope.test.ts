import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, encodeBase64url, encodeFields, encodeHex, random, uint, utf8 } from '../bytes.ts'
import { isSealedTo, MAX_ENVELOPE_BYTES, openEnvelope, sealEnvelope } from './envelope.ts'
import { decodeEnvelopeContent, encodeEnvelopeContent } from './envelope-content.ts'
import { baseKey, contentOf, signerOf } from './fixtures.ts'
import { importPublicKey, newRecordingKey, sealSuite } from './recording-key.ts'
import { sealEnvelopes, splitContent } from './split-envelope.ts'

const key = await newRecordingKey()
const content = contentOf()
const sign = signerOf(content.group, 0)
const sealed = await sealEnvelope(key.publicKey, content, sign)
const code = async (bytes: Uint8Array, at = content) => {
  const opened = await openEnvelope(key, bytes, at)
  return opened.ok ? 'opened' : opened.code
}

describe('an envelope', () => {
  test('[REC2] opens for the owner of the key', async () => {
    expect(await openEnvelope(key, sealed, content)).toEqual({ ok: true, content })
  })

  test('[REC2] shows the server no name, no key and not how many streams it has to within a few', () => {
    const hex = encodeHex(sealed)
    for (const secret of [utf8('Membre'), content.group, content.recording, baseKey, content.keys[0]?.key])
      expect(hex).not.toContain(encodeHex(secret as Uint8Array))
    const fewer = { ...content, keys: content.keys.slice(0, 5) }
    expect(encodeEnvelopeContent(content).length % 512).toBe(0)
    expect(encodeEnvelopeContent(fewer).length).toBe(encodeEnvelopeContent(content).length)
  })

  test('[REC2] of a large meeting is split, and the parts together are the whole', async () => {
    const large = contentOf(100)
    const parts = await sealEnvelopes(key.publicKey, large, signerOf(large.group, 0))
    expect(parts.length).toBeGreaterThan(1)
    const opened = await Promise.all(parts.map((part) => openEnvelope(key, part, large)))
    const contents = opened.flatMap((part) => (part.ok ? [part.content] : []))
    expect(contents).toHaveLength(parts.length)
    expect(contents.flatMap(({ keys }) => keys)).toEqual(large.keys)
    const leaves = new Set(contents.flatMap(({ roster }) => roster.map(({ leaf }) => leaf)))
    expect(leaves.size).toBe(100)
  })

  test('[REC2] of the largest parts fits the wire', () => {
    const large = contentOf(200)
    const name = '\u0001'.repeat(64)
    const long = { ...large, roster: large.roster.map((entry) => ({ ...entry, name })) }
    const hosts = Array.from({ length: 16 }, () => large.hosts[0] as (typeof large.hosts)[0])
    const keys = long.keys.map((entry) => ({ ...entry, source: 's'.repeat(32), producer: 'p'.repeat(64) }))
    for (const part of splitContent({ ...long, hosts, keys }))
      expect(encodeEnvelopeContent(part).length + 1300).toBeLessThan(MAX_ENVELOPE_BYTES)
  })

  test('[REC2] tells whoever has the public key that it is for it, and nobody else', () => {
    expect(isSealedTo(key.publicKey, content.recording, sealed)).toBe(true)
    expect(isSealedTo(random(1216), content.recording, sealed)).toBe(false)
    expect(isSealedTo(key.publicKey, random(16), sealed)).toBe(false)
  })
})

describe('what is not an envelope for this key and place', () => {
  test('[REC2] attack: another key opens nothing', async () => {
    const other = await newRecordingKey()
    expect(await openEnvelope(other, sealed, content)).toEqual({ ok: false, code: 'other-key' })
    const relabelled = await sealEnvelope(other.publicKey, content, sign)
    const forced = concat(relabelled.subarray(0, 9), sealed.subarray(9))
    expect(await openEnvelope(other, forced, content)).toEqual({ ok: false, code: 'does-not-open' })
  })

  test.each([
    ['group', { ...content, group: random(16) }],
    ['epoch', { ...content, epoch: 6 }],
  ])('[REC2] attack: an envelope moved to another %s', async (_, at) => {
    expect(await code(sealed, at)).toBe('does-not-open')
  })

  test('[REC2] attack: an envelope moved to another recording', async () => {
    const at = { ...content, recording: random(16) }
    expect(await code(sealed, at)).toBe('other-key')
    const retagged = concat((await sealEnvelope(key.publicKey, at, sign)).subarray(0, 9), sealed.subarray(9))
    expect(await code(retagged, at)).toBe('does-not-open')
  })

  test('[REC2] attack: any flipped bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
        const bytes = sealed.slice()
        bytes[at] = (bytes[at] as number) ^ (1 << bit)
        expect(await code(bytes)).not.toBe('opened')
      }),
      { numRuns: 60 },
    )
  })

  test('[REC2] attack: a cut, empty, long or random envelope', async () => {
    expect(await code(sealed.subarray(0, sealed.length - 1))).toBe('does-not-open')
    expect(await code(new Uint8Array())).toBe('malformed')
    expect(await code(concat(sealed, random(MAX_ENVELOPE_BYTES)))).toBe('malformed')
    expect(await code(concat(sealed.subarray(0, 9), random(3000)))).toBe('does-not-open')
  })
})

/** Seals whatever bytes, as anybody who learnt the public key can. */
async function sealAnything(body: Uint8Array, signature: Uint8Array) {
  const recipientPublicKey = await importPublicKey(key.publicKey)
  const { recording, group, epoch } = content
  const info = encodeFields(utf8('huisclos/1 recording'), recording, group, uint(epoch, 8))
  const head = sealed.slice(0, 9)
  const made = await sealSuite.seal({ recipientPublicKey, info }, concat(signature, body), head)
  return concat(head, new Uint8Array(made.enc), new Uint8Array(made.ct))
}

describe('a forged envelope', () => {
  const body = encodeEnvelopeContent(content)

  test('[REC2] control: signed by the sealer it opens', async () => {
    expect(await code(await sealAnything(body, await sign(body)))).toBe('opened')
  })

  test('[REC2] attack: the server seals one itself, without a leaf key', async () => {
    expect(await code(await sealAnything(body, random(64)))).toBe('signature-invalid')
    const other = await signerOf(content.group, 1)(body)
    expect(await code(await sealAnything(body, other))).toBe('signature-invalid')
    const elsewhere = await signerOf(random(16), 0)(body)
    expect(await code(await sealAnything(body, elsewhere))).toBe('signature-invalid')
  })

  test('[REC2] attack: content of another place under this one’s seal', async () => {
    for (const change of [{ epoch: 6 }, { group: random(16) }, { recording: random(16) }]) {
      const moved = encodeEnvelopeContent({ ...content, ...change })
      expect(await code(await sealAnything(moved, await sign(moved)))).toBe('content-invalid')
    }
  })

  test('[REC2] attack: a base key in the content is refused by its form', async () => {
    const wire = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>
    const padded = (text: string) => utf8(text.padEnd(Math.ceil(text.length / 512) * 512))
    const bytes = padded(JSON.stringify({ ...wire, baseKey: encodeBase64url(baseKey) }))
    expect(decodeEnvelopeContent(bytes)).toBeUndefined()
    expect(await code(await sealAnything(bytes, await sign(bytes)))).toBe('content-invalid')
    expect(decodeEnvelopeContent(padded(JSON.stringify(wire)))).toEqual(content)
  })
})

describe('sealing', () => {
  test('[REC2] refuses what would not open', async () => {
    const twice = { ...content, roster: [...content.roster, ...content.roster] }
    await expect(sealEnvelope(key.publicKey, twice, sign)).rejects.toThrow('bad-input')
    const absent = { ...content, sealer: 9 }
    await expect(sealEnvelope(key.publicKey, absent, sign)).rejects.toThrow('bad-input')
    const stranger = { ...content, roster: content.roster.slice(0, 2) }
    await expect(sealEnvelope(key.publicKey, stranger, sign)).rejects.toThrow('bad-input')
    const forger = signerOf(content.group, 1)
    await expect(sealEnvelope(key.publicKey, content, forger)).rejects.toThrow('bad-input')
    await expect(sealEnvelope(random(1216).fill(255), content, sign)).rejects.toThrow('bad-recording-key')
    const large = contentOf(200)
    await expect(sealEnvelope(key.publicKey, large, signerOf(large.group, 0))).rejects.toThrow('too-large')
  })
})

test('[REC2] the decoder answers to anything, and takes only what the encoder writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      expect(decodeEnvelopeContent(bytes)).toBeUndefined()
    }),
  )
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(decodeEnvelopeContent(utf8(text.padEnd(512)))).toBeUndefined()
    }),
  )
})
