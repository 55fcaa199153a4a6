import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import { decodeLink, deriveLinkSecrets, encodeBridgeCard, openDescriptor } from '@huisclos/crypto/link'
import { bridgeKeyFromSeed } from '@huisclos/crypto/seal'
import { RoomPut } from '@huisclos/protocol'
import { expect, test } from 'vitest'
import { Home } from './home.ts'
import type { MeetingShelf } from './meeting-shelf.ts'
import { memoryShelf } from './meeting-shelf.ts'
import type { PagePort } from './page-links.ts'
import { PageLinks } from './page-links.ts'
import type { Fetch } from './room-api.ts'
import { roomApi } from './room-api.ts'

const origin = 'https://meet.example.org'
const NOW = 1_790_000_000_000
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

interface Asked {
  path: string
  init: RequestInit | undefined
}

function start({
  answer = () => json(201, {}),
  shelf = memoryShelf(),
}: {
  answer?: () => Response
  shelf?: MeetingShelf
} = {}) {
  const asked: Asked[] = []
  const ask: Fetch = async (path, init) => {
    asked.push({ path, init })
    return path === '/api/config'
      ? json(200, { version: '1', create: 'token', recording: { allowed: 'local', retentionDays: null } })
      : answer()
  }
  const page: PagePort = {
    location: new URL(origin) as unknown as Location,
    history: { state: null, pushState: () => {}, replaceState: () => {}, back: () => {} },
    addEventListener: () => {},
  }
  const links = new PageLinks(page, { recover: async () => null, hold: () => () => {} })
  const home = new Home({ shelf, api: roomApi(ask), links, origin, now: () => NOW })
  return { home, asked, shelf, puts: () => asked.filter(({ path }) => path !== '/api/config') }
}
const wish = { title: ' Board ', expiresInDays: 7, operatorToken: '' }

test('[LINK2][LINK3] the server is told hashes and a sealed descriptor, and neither title, secret nor seed', async () => {
  const { home, puts, shelf } = start()
  const made = await home.create(wish)
  const decoded = decodeLink(made.href)
  if (!decoded.ok) throw new Error(decoded.code)
  const { room, secret, hostHash } = decoded.link
  const [put] = puts()
  expect(put?.path).toBe(`/api/rooms/${room}`)
  const body = RoomPut.parse(JSON.parse(String(put?.init?.body)))
  const secrets = deriveLinkSecrets(secret, room)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', secrets.access))
  expect(body.accessHash).toBe(encodeBase64url(hash))
  const opened = await openDescriptor({
    sealed: decodeBase64url(body.descriptor ?? '') ?? new Uint8Array(),
    key: secrets.descriptor,
    room,
    hostHash,
    seenVersion: 0,
  })
  expect(opened).toMatchObject({ ok: true, descriptor: { title: 'Board', version: 1 } })
  const [kept] = await shelf.all()
  const all = JSON.stringify(put)
  for (const hidden of [
    secret,
    secrets.access,
    secrets.root,
    secrets.descriptor,
    kept?.hostSeed ?? new Uint8Array(),
  ]) {
    expect(all).not.toContain(encodeBase64url(hidden))
  }
  expect(all).not.toContain('Board')
})

test('a made meeting is listed, hosted, and there again in the next page', async () => {
  const { home, shelf } = start()
  const made = await home.create(wish)
  expect(home.view.meetings).toEqual([made])
  expect(made).toMatchObject({ title: 'Board', hosted: true, expiresAt: NOW + 7 * 86_400_000 })
  const next = start({ shelf })
  await next.home.start()
  expect(next.home.view.meetings).toEqual([made])
})

test('expired meetings are erased, forgotten ones too', async () => {
  const { home, shelf } = start()
  const made = await home.create({ ...wish, expiresInDays: -1 })
  const next = start({ shelf })
  await next.home.start()
  expect(next.home.view.meetings).toEqual([])
  expect(await shelf.all()).toEqual([])
  home.forget(made.room)
  expect(home.view.meetings).toEqual([])
})

test.each([
  [403, { code: 'create-refused' }, 'create-refused'],
  [429, {}, 'too-many'],
  [400, { code: 'too-many' }, 'too-many'],
  [500, {}, 'fault'],
])('an answer of %i %j is told as %3$s, and nothing is kept', async (status, body, code) => {
  const { home, shelf } = start({ answer: () => json(status, body) })
  await expect(home.create(wish)).rejects.toMatchObject({ code })
  expect(await shelf.all()).toEqual([])
})

test('a server that is not there is told as unreachable', async () => {
  const { home } = start({
    answer: () => {
      throw new TypeError('Failed to fetch')
    },
  })
  await expect(home.create(wish)).rejects.toMatchObject({ code: 'unreachable' })
})

test('a browser that refuses storage is told so', async () => {
  const shelf = { ...memoryShelf(), put: () => Promise.reject(new DOMException('no', 'QuotaExceededError')) }
  await expect(start({ shelf }).home.create(wish)).rejects.toMatchObject({ code: 'storage-refused' })
})

test('the host key goes to another device and makes its browser a host of the same room', async () => {
  const { home } = start()
  const made = await home.create(wish)
  const other = start()
  const imported = await other.home.importHostKey(await home.exportHostKey(made.room))
  expect(imported).toMatchObject({ room: made.room, href: made.href, hosted: true })
  expect(other.home.own(made.room)?.hostSeed).toEqual(home.own(made.room)?.hostSeed)
  await expect(other.home.importHostKey('nonsense')).rejects.toMatchObject({ code: 'key-unreadable' })
})

test('[LINK3] a room that the server forgot is brought back as it was, with the same owner token; others’ are not', async () => {
  const { home, puts } = start()
  const made = await home.create(wish)
  expect(await home.bringBack(made.room)).toBe(true)
  const [first, second] = puts().map(({ init }) => init)
  expect(second?.headers).toEqual(first?.headers)
  expect(JSON.parse(String(second?.body))).toMatchObject({
    accessHash: JSON.parse(String(first?.body)).accessHash,
    ownerHash: JSON.parse(String(first?.body)).ownerHash,
  })
  expect(await home.bringBack('abcdefgh2345abcd')).toBe(false)
})

test('who may create is asked, and the operator’s token goes into its header alone', async () => {
  const { home, puts } = start()
  await home.start()
  await expect.poll(() => home.view.create).toBe('token')
  await home.create({ ...wish, operatorToken: ' code ' })
  expect(puts()[0]?.init?.headers).toMatchObject({ 'x-huisclos-operator': 'code' })
  expect(String(puts()[0]?.init?.body)).not.toContain('code')
})

test('what the descriptor says of an imported room is learnt and kept', async () => {
  const { home, shelf } = start()
  const made = await home.create(wish)
  home.learn(made.room, { title: 'New title', version: 4, bridge: null })
  expect(home.view.meetings[0]?.title).toBe('New title')
  expect((await shelf.all())[0]).toMatchObject({ title: 'New title', descriptorVersion: 4 })
})

test('[TEL2] the descriptor names the bridge whose card was given, a new link keeps it, and what is no card allows none', async () => {
  const { home, puts, shelf } = start()
  const shown = { name: 'Cabinet Lune', number: '+33 1 84 88 00 00' }
  const { card } = await bridgeKeyFromSeed(new Uint8Array(32).fill(7), shown)
  const text = encodeBridgeCard(card)
  const broken = ` ${text.slice(0, 60)}\n${text.slice(60)} `
  expect(home.readCard(broken)).toMatchObject({ runBy: shown.name, number: shown.number })
  expect(home.readCard(text.slice(1))).toBeNull()
  const said = async (at: number, href: string) => {
    const decoded = decodeLink(href)
    if (!decoded.ok) throw new Error(decoded.code)
    const { room, secret, hostHash } = decoded.link
    const { descriptor } = RoomPut.parse(JSON.parse(String(puts()[at]?.init?.body)))
    const key = deriveLinkSecrets(secret, room).descriptor
    const sealed = decodeBase64url(descriptor ?? '') ?? new Uint8Array()
    const opened = await openDescriptor({ sealed, key, room, hostHash, seenVersion: 0 })
    if (!opened.ok) throw new Error(opened.code)
    return [opened.descriptor.policy.bridges, opened.descriptor.bridge ?? null]
  }
  const made = await home.create({ ...wish, bridge: broken })
  expect(await said(0, made.href)).toEqual([true, card])
  expect(await said(1, await home.renew(made.room))).toEqual([true, card])
  const none = await home.create({ ...wish, bridge: 'no card' })
  expect(await said(2, none.href)).toEqual([false, null])
  expect((await shelf.all()).map(({ bridge }) => bridge ?? null)).toEqual([text, text, null])
})

test('[HOST9][GRP9] a new link is another room with another secret and host key, for the same title and term', async () => {
  const { home, shelf } = start()
  const made = await home.create(wish)
  const href = await home.renew(made.room)
  const [before, after] = [decodeLink(made.href), decodeLink(href)]
  if (!before.ok || !after.ok) throw new Error('no link')
  expect(after.link.room).not.toBe(before.link.room)
  expect(after.link.secret).not.toEqual(before.link.secret)
  expect(after.link.hostHash).not.toEqual(before.link.hostHash)
  const kept = (await shelf.all()).map(({ title, expiresAt }) => ({ title, expiresAt }))
  expect(kept).toEqual([
    { title: 'Board', expiresAt: NOW + 7 * 86_400_000 },
    { title: 'Board', expiresAt: NOW + 7 * 86_400_000 },
  ])
  await expect(home.renew('abcdefgh2345abcd')).rejects.toMatchObject({ code: 'fault' })
})
