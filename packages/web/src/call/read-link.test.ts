import { encodeLink, newHostKey, newMeetingLink } from '@huisclos/crypto/link'
import { expect, test } from 'vitest'
import { readLink } from './read-link.ts'

const origin = 'https://meet.example.org'
const link = newMeetingLink(newHostKey().publicKey)
const href = encodeLink(origin, link)

test.each([
  ['as it is', href],
  ['between words', `Join me here: ${href} , see you`],
  ['without its scheme', href.slice('https://'.length)],
  ['in brackets', `<${href}>`],
  ['broken over lines', `${href.slice(0, 60)}\r\n  ${href.slice(60)}`],
  ['broken, with words around', `Rejoignez-moi : ${href.slice(0, 60)}\n${href.slice(60)}\nà bientôt`],
  ['path and fragment alone', href.slice(origin.length)],
])('[LINK4] a link is read %s', (_how, text) => {
  const read = readLink(text, origin)
  expect(read).toMatchObject({ ok: true, href })
})

test.each([
  ['', 'empty'],
  [' \n', 'empty'],
  ['hello', 'not-a-link'],
  [`${origin}/m/short#x`, 'not-a-link'],
  [href.split('#')[0] ?? '', 'no-secret'],
  [href.slice(0, -9), 'damaged'],
  [href.replace('meet.example.org', 'elsewhere.example'), 'other-server'],
  [`${href.split('#')[0]}#C${href.split('#')[1]?.slice(1)}`, 'newer-version'],
])('[LINK4] %s is told as %s', (text, why) => {
  expect(readLink(text, origin)).toEqual({ ok: false, why })
})
