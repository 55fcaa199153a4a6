import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, encodeBase64url, random } from '../bytes.ts'
import { newHostKey } from './host-key.ts'
import type { MeetingLink } from './meeting-link.ts'
import {
  decodeLink,
  encodeFragment,
  encodeLink,
  hasHost,
  isRoom,
  newMeetingLink,
  newMeetingSecrets,
} from './meeting-link.ts'

const ORIGIN = 'https://meet.example.org'
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const links: fc.Arbitrary<MeetingLink> = fc.tuple(bytes(32), bytes(16)).map(([secret, hostHash]) => ({
  ...newMeetingSecrets(),
  secret: concat(secret),
  hostHash: concat(hostHash),
}))
const link = newMeetingLink()
const [address, fragment] = encodeLink(ORIGIN, link).split('#') as [string, string]

describe('a link', () => {
  test('[LINK1] comes back from its text, whole or as path and fragment', () => {
    fc.assert(
      fc.property(links, (link) => {
        const text = encodeLink(ORIGIN, link)
        expect(decodeLink(text)).toEqual({ ok: true, link })
        expect(decodeLink(text.slice(ORIGIN.length))).toEqual({ ok: true, link })
        expect(decodeLink(` ${text}\n`)).toEqual({ ok: true, link })
      }),
    )
  })

  test('[LINK1] is https://host/m/<room>#<66 letters>: version, 32-byte secret, 16-byte hash', () => {
    expect(encodeLink(`${ORIGIN}/`, link)).toMatch(
      /^https:\/\/meet\.example\.org\/m\/[a-z2-7]{16}#[\w-]{66}$/,
    )
    const known = {
      room: 'aaaaaaaaaaaaaaaa',
      secret: new Uint8Array(32),
      hostHash: new Uint8Array(16).fill(255),
    }
    expect(encodeLink('', known)).toBe(`/m/aaaaaaaaaaaaaaaa#AQ${'A'.repeat(42)}${'_'.repeat(21)}w`)
  })

  test('[LINK1] has 80 and 256 fresh random bits', () => {
    const many = Array.from({ length: 50 }, () => newMeetingSecrets())
    expect(new Set(many.map(({ room }) => room)).size).toBe(50)
    expect(new Set(many.map(({ secret }) => encodeBase64url(secret))).size).toBe(50)
    expect(many.every(({ room, secret }) => isRoom(room) && secret.length === 32)).toBe(true)
  })

  test('[LINK1] says whether somebody hosts', () => {
    expect(hasHost(newMeetingLink())).toBe(false)
    expect(newMeetingLink().hostHash).toEqual(new Uint8Array(16))
    expect(hasHost(newMeetingLink(newHostKey().publicKey))).toBe(true)
  })

  test('keeps secret and hash in memory of their own', () => {
    const decoded = decodeLink(`${address}#${fragment}`)
    expect(decoded.ok && decoded.link.secret.buffer.byteLength).toBe(32)
  })
})

describe('a text that is no link', () => {
  test.each([
    ['no-secret', address],
    ['no-secret', `${address}#`],
    ['no-secret', `${address}?utm=1`],
    ['damaged', `${address}#${fragment.slice(0, -1)}`],
    ['damaged', `${address}#${fragment}A`],
    ['damaged', `${address}#${fragment}%20`],
    ['damaged', `${address}#${fragment}#`],
    ['damaged', `${address}#${fragment.slice(0, 40)}…`],
    ['damaged', `${address}#AQ`],
    ['damaged', `${address}#${'A'.repeat(3000)}`],
    ['bad-version', `${address}#Ag${fragment.slice(2)}`],
    ['bad-version', `${address}#${encodeBase64url(Uint8Array.of(9, 9))}`],
    ['bad-room', `${ORIGIN}#${fragment}`],
    ['bad-room', `${ORIGIN}/m/#${fragment}`],
    ['bad-room', `${ORIGIN}/m/short#${fragment}`],
    ['bad-room', `${address.toUpperCase().replace('/M/', '/m/')}#${fragment}`],
    ['bad-room', `${address}x#${fragment}`],
    ['bad-room', `${address}/more#${fragment}`],
    ['bad-room', ''],
  ])('[LINK4] is refused as %s: %s', (code, text) => {
    expect(decodeLink(text)).toEqual({ ok: false, code })
  })

  test('[LINK4] every cut link is refused', () => {
    const whole = `${address}#${fragment}`
    for (let size = 0; size < whole.length; size++) expect(decodeLink(whole.slice(0, size)).ok).toBe(false)
  })

  test('never throws, and the answer never holds the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((end) => `${address}#${end}`),
        ),
        (text) => {
          const decoded = decodeLink(text)
          if (!decoded.ok) expect(Object.keys(decoded)).toEqual(['ok', 'code'])
        },
      ),
    )
  })
})

test('only a link of the right shape is written, and an error does not repeat it', () => {
  const wrong: MeetingLink[] = [
    { ...link, room: 'short' },
    { ...link, room: `${link.room}a` },
    { ...link, secret: random(31) },
    { ...link, hostHash: random(17) },
  ]
  for (const link of wrong) expect(() => encodeLink(ORIGIN, link)).toThrow(/^bad-input$/)
  expect(() => encodeFragment({ secret: random(33), hostHash: random(16) })).toThrow(/^bad-input$/)
})
