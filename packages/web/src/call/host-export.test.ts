import { newHostKey, newMeetingLink } from '@huisclos/crypto/link'
import { expect, test } from 'vitest'
import { decodeHostExport, encodeHostExport } from './host-export.ts'
import type { OwnMeeting } from './meeting-shelf.ts'

function meeting(): OwnMeeting {
  const host = newHostKey()
  return {
    link: newMeetingLink(host.publicKey),
    hostSeed: host.seed,
    title: 'Board',
    expiresAt: 1_800_000_000_000,
    descriptorVersion: 3,
  }
}

test('a hosted meeting is carried over in one line, without its title', () => {
  const own = meeting()
  const text = encodeHostExport(own)
  expect(text).toMatch(/^huisclos1\.[\w.-]+$/)
  expect(decodeHostExport(text)).toEqual({ ...own, title: '', descriptorVersion: 1 })
})

test('spaces and line breaks that a messenger put in are forgiven', () => {
  const own = meeting()
  const text = encodeHostExport(own)
  expect(decodeHostExport(`  ${text.slice(0, 50)}\n${text.slice(50)} `)?.link).toEqual(own.link)
})

test('[LINK1] a host key that the link does not name is refused', () => {
  const [mine, other] = [encodeHostExport(meeting()), encodeHostExport(meeting())].map((text) =>
    text.split('.'),
  )
  expect(decodeHostExport([...(mine ?? []).slice(0, 3), other?.[3], mine?.[4]].join('.'))).toBeNull()
})

test.each(['', 'x', 'huisclos1.a.b.c.d', 'huisclos2.a.b.c.d', 'a'.repeat(2_000)])(
  '"%s" is no such text',
  (text) => {
    expect(decodeHostExport(text)).toBeNull()
  },
)

test('a text with a changed character is refused', () => {
  const text = encodeHostExport(meeting())
  for (const at of [12, 40, 120, 150]) {
    const changed = text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1)
    const read = decodeHostExport(changed)
    expect(read === null || encodeHostExport(read) !== text).toBe(true)
  }
})
