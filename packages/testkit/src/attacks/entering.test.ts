/** Attacks on the way in: who is let into which group, and what a newcomer tells before it knows where it is. */
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveLinkSecrets, newMeetingLink } from '@huisclos/crypto/link'
import type { GroupEngine } from '@huisclos/crypto/mls'
import type { GroupId } from '@huisclos/protocol'
import { RoomId } from '@huisclos/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { AttackWorld } from '../hostile/attack-world.ts'
import { BareClient } from '../hostile/bare-client.ts'
import { OwnGroup } from '../hostile/own-group.ts'
import { KNOWN_PSK, withoutPsk } from '../hostile/watched-engine.ts'

async function openWorld(options?: { hosted?: boolean }): Promise<AttackWorld> {
  const world = await AttackWorld.open(options)
  onTestFinished(() => world.close())
  return world
}

const bytesOf = (text: string): Uint8Array => decodeBase64url(text) ?? new Uint8Array()
const groupOf = (world: AttackWorld): GroupId => {
  const made = world.server.asked('group.create').at(-1)?.group
  if (!made) throw new Error('nobody made a group')
  return made
}

/** The server knocks on its own account: it knows `access` from everybody's hello, and nothing else of the link. */
async function knockAsServer(world: AttackWorld, keyPackage: string): Promise<BareClient> {
  const client = await world.done(BareClient.open(world.connect()))
  const { access } = deriveLinkSecrets(world.link.secret, world.link.room)
  await world.done(client.enter(RoomId.parse(world.link.room), encodeBase64url(access)))
  const answer = await world.done(client.ask({ t: 'group.knock', group: groupOf(world), keyPackage }))
  expect(answer.ok).toBe(true)
  return client
}

/** A key package of the server's own, with the admission code that it has to make up. */
async function ownKeyPackage(world: AttackWorld): Promise<{ engine: GroupEngine; keyPackage: string }> {
  const engine = world.engine()
  const groupId = bytesOf(groupOf(world))
  const made = await engine.keyPackage({ groupId, psk: KNOWN_PSK, admission: KNOWN_PSK })
  return { engine, keyPackage: encodeBase64url(made.keyPackage) }
}

test("[GRP5] welcomed into a group of the server's own, the joiner ends with server-lied and has sent no name", async () => {
  const world = await openWorld()
  const own = new OwnGroup(world, 'Bob')
  const bob = await world.person('Bob').start()
  await bob.ends('server-lied')
  expect(bob.codes).toEqual(['welcome-psk', 'welcome-psk'])
  expect(own.heard).toEqual([])
  expect(world.server.asked('group.app', 'Bob')).toEqual([])
})

test('[GRP5] control: a joiner without a PSK from the link tells the server its name', async () => {
  const world = await openWorld()
  const own = new OwnGroup(world, 'Bob')
  await world.person('Bob', { around: withoutPsk }).start()
  await world.clock.until(
    () => own.heard.some((text) => text.includes('profiles')),
    'the server hears a profile',
  )
  const { m } = JSON.parse(own.heard.find((text) => text.includes('profiles')) ?? '') as {
    m: { list: { body: string }[] }
  }
  expect(new TextDecoder().decode(bytesOf(m.list[0]?.body ?? ''))).toContain('"name":"Bob"')
})

test('[GRP5] a newcomer’s first Welcome is forged: it discards it, knocks again, and the next one lets it in', async () => {
  const world = await openWorld()
  const alice = await world.enter('Alice')
  // What a member with the link, or the server, can hand it in place of the meeting's: a Welcome from another group.
  const own = new OwnGroup(world, 'Bob', { times: 1 })
  const bob = await world.person('Bob').start()
  await bob.sees('Alice')
  await alice.sees('Bob')
  expect(bob.codes).toEqual(['welcome-psk'])
  expect(own.heard).toEqual([])
})

test('[GRP4][GRP6] the server knocks for itself: nobody lets it in, admission-invalid', async () => {
  const world = await openWorld()
  const alice = await world.enter('Alice')
  const { keyPackage } = await ownKeyPackage(world)
  const client = await knockAsServer(world, keyPackage)
  await world.clock.advance(5_000)
  expect(alice.codes).toEqual(['admission-invalid'])
  expect(alice.view.people).toHaveLength(1)
  expect(client.of('group.welcome')).toEqual([])
})

test('[GRP4][GRP6] control: members who ask for neither admission code nor PSK let the server in', async () => {
  const world = await openWorld()
  const alice = await world.enter('Alice', { around: withoutPsk, waived: ['admission-invalid'] })
  const { engine, keyPackage } = await ownKeyPackage(world)
  const client = await knockAsServer(world, keyPackage)
  await world.clock.until(() => client.of('group.welcome').length > 0, 'a Welcome')
  const { room, hostHash } = world.link
  const serverKey = bytesOf(world.server.enteredAs('Alice').serverKey)
  const welcome = bytesOf(client.of('group.welcome')[0]?.welcome ?? '')
  const view = await engine.join(welcome, {
    room,
    hostHash,
    serverKey,
    descriptorVersion: 0,
    lobby: false,
    recording: false,
  })
  expect(view.members).toHaveLength(2)
  expect(alice.view.people).toHaveLength(2)
})

test("[GRP4] the server swaps a newcomer's key package for its own: admission-invalid, and nobody is added", async () => {
  const world = await openWorld()
  const alice = await world.enter('Alice')
  const { keyPackage } = await ownKeyPackage(world)
  world.server.onEvent((to, event) =>
    to === 'Alice' && event.t === 'group.knocked' ? [{ ...event, keyPackage }] : undefined,
  )
  const bob = await world.person('Bob').start()
  await world.clock.advance(10_000)
  expect(alice.codes).toEqual(['admission-invalid'])
  expect(alice.view.people).toHaveLength(1)
  expect(bob.view.phase).toEqual({ at: 'waiting-members', lobby: false })
})

test('[GRP4] control: without admission codes the swapped key package sits in the tree in place of the newcomer', async () => {
  const world = await openWorld()
  const alice = await world.enter('Alice', { waived: ['admission-invalid'] })
  const { keyPackage } = await ownKeyPackage(world)
  world.server.onEvent((to, event) =>
    to === 'Alice' && event.t === 'group.knocked' ? [{ ...event, keyPackage }] : undefined,
  )
  await world.person('Bob').start()
  await alice.until(({ people }) => people.length === 2, 'has added somebody')
  expect(alice.names).toEqual(['', 'Alice'])
})

test('[GRP4] a key package of somebody who left is offered again: pseudonym-used, and nobody is added', async () => {
  const world = await openWorld()
  const alice = await world.enter('Alice')
  const bob = await world.enter('Bob')
  await world.done(bob.meeting.leave())
  await alice.sees()
  const client = await knockAsServer(world, world.server.asked('group.knock', 'Bob')[0]?.keyPackage ?? '')
  await world.clock.advance(5_000)
  expect(alice.codes).toEqual(['pseudonym-used'])
  expect(client.of('group.welcome')).toEqual([])
})

test('[GRP4] control: members who do not remember pseudonyms add the one who left', async () => {
  const world = await openWorld()
  const alice = await world.enter('Alice', { waived: ['pseudonym-used'] })
  const bob = await world.enter('Bob')
  await world.done(bob.meeting.leave())
  await alice.sees()
  await knockAsServer(world, world.server.asked('group.knock', 'Bob')[0]?.keyPackage ?? '')
  await alice.until(({ people }) => people.length === 2, 'has added the ghost')
})

test('[LINK3] the descriptor is rolled back for somebody who has seen a later one: descriptor-rolled-back', async () => {
  const world = await openWorld({ hosted: true })
  const { sealed } = await world.descriptor(1)
  world.server.onEntered(() => ({ descriptor: encodeBase64url(sealed) }))
  const bob = await world.person('Bob', { descriptorVersionSeen: 2 }).start()
  await bob.ends('descriptor-rolled-back')
  expect(world.server.asked('group.create')).toEqual([])
})

test('[LINK3] control: whoever remembers no version takes the old descriptor', async () => {
  const world = await openWorld({ hosted: true })
  const bob = await world.enter('Bob')
  expect(bob.view.title).toBe('Council')
})

test('[LINK3][GRP5] the descriptor is rolled back for a newcomer while the meeting has a later one: server-lied', async () => {
  const world = await openWorld({ hosted: true })
  const [{ sealed: old }, { sealed: present }] = [await world.descriptor(1), await world.descriptor(2)]
  world.server.onEntered((to) => ({ descriptor: encodeBase64url(to === 'Bob' ? old : present) }))
  await world.enter('Alice')
  const bob = await world.person('Bob').start()
  await bob.ends('server-lied')
  expect(bob.codes).toEqual(['welcome-context', 'welcome-context'])
})

test('[LINK3][GRP5] control: a newcomer that does not compare versions joins under the old descriptor', async () => {
  const world = await openWorld({ hosted: true })
  const [{ sealed: old }, { sealed: present }] = [await world.descriptor(1), await world.descriptor(2)]
  world.server.onEntered((to) => ({ descriptor: encodeBase64url(to === 'Bob' ? old : present) }))
  await world.enter('Alice')
  await world.enter('Bob', { waived: ['welcome-context'] })
})

test('[LINK3] a descriptor of the server’s own making, or none: descriptor-damaged', async () => {
  const world = await openWorld({ hosted: true })
  const stop = world.server.onEntered(() => ({ descriptor: encodeBase64url(new Uint8Array(300).fill(1)) }))
  await (await world.person('Bob').start()).ends('descriptor-damaged')
  stop()
  world.server.onEntered(() => ({ descriptor: null }))
  await (await world.person('Carol').start()).ends('descriptor-damaged')
})

test('[LINK3] control: a link that names no host has nobody to vouch for a descriptor, and takes none for an answer', async () => {
  const world = await openWorld()
  const bob = await world.enter('Bob')
  expect([bob.view.hosted, bob.view.title]).toEqual([false, null])
})

test('[LINK3] a descriptor that another key signed: host-mismatch', async () => {
  const world = await openWorld({ hosted: true })
  const link = { ...world.link, hostHash: newMeetingLink(new Uint8Array(32).fill(7)).hostHash }
  await (await world.person('Bob', { link }).start()).ends('host-mismatch')
})

test('[GRP5][GRP7] a newcomer is told another server key than the meeting has: server-lied', async () => {
  const world = await openWorld()
  await world.enter('Alice')
  world.server.onEntered((to) =>
    to === 'Bob' ? { serverKey: encodeBase64url(new Uint8Array(32).fill(9)) } : {},
  )
  const bob = await world.person('Bob').start()
  await bob.ends('server-lied')
  expect(bob.codes).toEqual(['welcome-context', 'welcome-context'])
})

test('[GRP5][GRP7] control: a newcomer that does not compare server keys joins', async () => {
  const world = await openWorld()
  await world.enter('Alice')
  world.server.onEntered((to) =>
    to === 'Bob' ? { serverKey: encodeBase64url(new Uint8Array(32).fill(9)) } : {},
  )
  await world.enter('Bob', { waived: ['welcome-context'] })
})

test('[LINK2] somebody with the address and a wrong secret: access-refused', async () => {
  const world = await openWorld()
  const link = { ...world.link, secret: new Uint8Array(32).fill(3) }
  await (await world.person('Eve', { link }).start()).ends('access-refused')
})

test('[LINK2] control: with the right secret the room answers', async () => {
  const world = await openWorld()
  await world.enter('Eve')
})

test('[GRP11] two first comers are kept apart: each is alone, and their codes differ', async () => {
  const world = await openWorld()
  world.server.onEntered((to) => (to === 'Bob' ? { group: null } : {}))
  world.server.onEvent((to) => (to === 'Bob' ? [] : undefined))
  world.server.onRequest((from, { t }) =>
    from === 'Bob' && t === 'group.create' ? { result: {} } : undefined,
  )
  const alice = await world.enter('Alice')
  const bob = await world.person('Bob').start()
  for (const each of [alice, bob]) {
    await each.until(({ phase }) => phase.at === 'in' && phase.alone, 'is alone')
    await each.until(({ security }) => security.code !== null, 'has a code')
  }
  expect(alice.view.security.code?.digits).toMatch(/^\d{30}$/)
  expect(bob.view.security.code?.digits).not.toBe(alice.view.security.code?.digits)
})

test('[GRP11][ROS3] control: two who are in one group find one code', async () => {
  const world = await openWorld()
  const alice = await world.enter('Alice')
  const bob = await world.enter('Bob')
  await world.clock.advance(5_000)
  const comparing = alice.meeting.compare()
  for (const each of [alice, bob])
    await each.until(({ security }) => security.code?.opened === true, 'has a code')
  await comparing
  expect(bob.view.security.code?.digits).toBe(alice.view.security.code?.digits)
})
