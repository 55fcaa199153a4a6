/** Attacks on who is there and who says what: lists, names, chat and removals that the server lies about. */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import type { EventBody, GroupId } from '@huisclos/protocol'
import { expect, onTestFinished, test } from 'vitest'
import type { Person, PersonOptions } from '../hostile/attack-world.ts'
import { AttackWorld } from '../hostile/attack-world.ts'

async function openScene(names: string[], a: { hosted?: boolean; last?: PersonOptions } = {}) {
  const world = await AttackWorld.open(a)
  onTestFinished(() => world.close())
  const people: Person[] = []
  for (const [i, name] of names.entries()) {
    const host = a.hosted && i === 0 ? { hostSeed: world.host.seed } : {}
    people.push(await world.enter(name, i === names.length - 1 ? { ...host, ...a.last } : host))
  }
  const group = world.server.asked('group.create')[0]?.group
  if (!group) throw new Error('nobody made a group')
  return { world, people: people as [Person, Person, Person], group }
}

/** Bytes that nobody in the group wrote. */
const madeUp = (group: GroupId, from: string): EventBody =>
  ({ t: 'group.said', group, epoch: 2, from, body: encodeBase64url(new Uint8Array(200)) }) as EventBody

test('[ROS1] the server lists people who are not there: nobody is added to the screen', async () => {
  const { world, people } = await openScene(['Alice', 'Bob'])
  const [alice] = people
  world.server.onEvent((_, event) => {
    if (event.t !== 'room.peers') return undefined
    const [first] = event.peers
    return first
      ? [{ ...event, peers: [...event.peers, { ...first, peer: 'G'.repeat(22) as never, leaf: 9 }] }]
      : []
  })
  world.server.cut('Bob')
  await world.clock.advance(5_000)
  expect(alice.names).toEqual(['Alice', 'Bob'])
  expect(alice.view.security.members).toBe(2)
})

test('[ROS1] the server lists nobody: everybody in the tree stays on screen, called lost by the server’s word', async () => {
  const { world, people } = await openScene(['Alice', 'Bob'])
  const [alice, bob] = people
  world.server.onEvent((to, event) =>
    to === 'Alice' && event.t === 'room.peers' ? [{ ...event, peers: [] }] : undefined,
  )
  world.server.cut('Bob')
  await alice.until(({ people: seen }) => seen.some(({ state }) => state === 'lost'), 'calls Bob lost')
  await world.clock.advance(30_000)
  expect(alice.names).toEqual(['Alice', 'Bob'])
  bob.meeting.sendChat('I am here')
  await alice.until(({ chat }) => chat.length === 1, 'reads Bob')
})

test('[ROS1] a member is in the tree and nothing names it: member-unseen', async () => {
  const { world, people } = await openScene(['Alice', 'Bob'])
  const [alice] = people
  // What Carol says is kept from Alice: her profile never comes.
  world.server.onEvent((to, event) =>
    to === 'Alice' && event.t === 'group.said' && event.from === world.server.enteredAs('Carol').peer
      ? []
      : undefined,
  )
  // Nor may Bob pass it on: what he says is kept back as well once Carol is there.
  let isCarolIn = false
  world.server.onEvent((to, event) =>
    isCarolIn && to === 'Alice' && event.t === 'group.said' ? [] : undefined,
  )
  const carol = await world.person('Carol').start()
  isCarolIn = true
  await world.clock.until(() => alice.alarms.includes('member-unseen'), 'the alarm', 60_000)
  expect(alice.view.people).toHaveLength(3)
  expect(alice.view.alarms.find(({ kind }) => kind === 'member-unseen')?.leaf).toBe(carol.leaf)
})

test('[ROS1] control: a member whose profile comes raises no alarm', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  await world.clock.advance(30_000)
  expect(people.flatMap(({ alarms }) => alarms)).toEqual([])
})

test('[ROS4] the server says something in a member’s name: unauthentic, dropped and counted', async () => {
  const { world, people, group } = await openScene(['Alice', 'Bob'])
  const [alice] = people
  world.server.tell('Alice', madeUp(group, world.server.peerOf('Bob')))
  await world.clock.advance(1_000)
  expect(alice.codes).toEqual(['unauthentic'])
  expect(alice.texts).toEqual([])
  expect(alice.alarms).toEqual([])
})

test('[ROS4] a line of chat is repeated: unauthentic, and shown once', async () => {
  const { world, people } = await openScene(['Alice', 'Bob'])
  const [alice, bob] = people
  world.server.onEvent((to, event) =>
    to === 'Alice' && event.t === 'group.said' ? [event, event] : undefined,
  )
  bob.meeting.sendChat('once')
  await alice.until(({ chat }) => chat.length > 0, 'reads the line')
  await world.clock.advance(2_000)
  expect(alice.texts).toEqual(['once'])
  expect(alice.codes).toContain('unauthentic')
})

test('[ROS4] lines of chat are dropped: the gap is shown', async () => {
  const { world, people } = await openScene(['Alice', 'Bob'])
  const [alice, bob] = people
  await world.clock.advance(3_000)
  const stop = world.server.onEvent((to, { t }) => (to === 'Alice' && t === 'group.said' ? [] : undefined))
  bob.meeting.sendChat('never comes')
  await world.clock.advance(500)
  stop()
  bob.meeting.sendChat('comes')
  await alice.until(({ chat }) => chat.length > 0, 'reads the second line')
  expect(alice.texts).toEqual(['comes'])
  expect(alice.view.notices.filter(({ kind }) => kind === 'messages-missing')).toMatchObject([
    { name: 'Bob' },
  ])
})

test('[ROS4] control: without a gap nothing is called missing', async () => {
  const { world, people } = await openScene(['Alice', 'Bob'])
  const [alice, bob] = people
  for (const text of ['one', 'two']) bob.meeting.sendChat(text)
  await alice.until(({ chat }) => chat.length === 2, 'reads both')
  await world.clock.advance(20_000)
  expect(alice.view.notices.filter(({ kind }) => kind === 'messages-missing')).toEqual([])
})

test('[ROS4] lines come in reverse: the later one is shown, the earlier one is called missing', async () => {
  const { world, people } = await openScene(['Alice', 'Bob'])
  const [alice, bob] = people
  await world.clock.advance(3_000)
  const held = world.server.hold((to, { t }) => to === 'Alice' && t === 'group.said')
  for (const text of ['one', 'two']) bob.meeting.sendChat(text)
  await world.clock.until(() => held.events.length >= 2, 'both are held')
  held.release('reversed')
  await alice.until(({ chat }) => chat.length > 0, 'reads a line')
  await world.clock.advance(1_000)
  expect(alice.texts).toEqual(['two'])
  expect(alice.view.notices.some(({ kind }) => kind === 'messages-missing')).toBe(true)
})

test('[GRP7] the server says that a member is gone, in a warrant signed by another key: nobody is removed', async () => {
  const { world, people, group } = await openScene(['Alice', 'Bob'])
  const [alice] = people
  const signature = encodeBase64url(new Uint8Array(64).fill(5))
  const { epoch } = alice.view.security
  world.server.tell('Alice', { t: 'group.gone', group, epoch, leaf: alice.leafOf('Bob'), signature })
  await world.clock.advance(10_000)
  expect(alice.codes).toContain('warrant-invalid')
  expect(alice.names).toEqual(['Alice', 'Bob'])
})

test('[GRP7] control: where the server’s warrant is not checked, a made-up one removes a member', async () => {
  const { world, people, group } = await openScene(['Bob', 'Alice'], {
    last: { waived: ['warrant-invalid'] },
  })
  const [, alice] = people
  const signature = encodeBase64url(new Uint8Array(64).fill(5))
  // Alice commits it by her own account; Bob, who checks, refuses (ORD3).
  await world.clock.advance(6_000)
  const { epoch } = alice.view.security
  world.server.tell('Alice', { t: 'group.gone', group, epoch, leaf: alice.leafOf('Bob'), signature })
  await world.clock.until(
    () => world.server.asked('group.commit', 'Alice').some(({ leaves }) => leaves.length > 0),
    'Alice commits',
  )
})

test('[GRP7] the server calls a member gone who is there, with its own key: the screen says lost, by the server’s word', async () => {
  const { world, people } = await openScene(['Alice', 'Bob'])
  const [alice] = people
  // The honest half of the server signs: it believes that Bob has left.
  world.server.onRequest((from, request) =>
    from === 'Bob' && request.t === 'ping' ? { t: 'leave', id: request.id } : undefined,
  )
  await alice.until(({ notices }) => notices.some(({ kind }) => kind === 'lost'), 'calls Bob lost')
  expect(alice.view.notices.filter(({ name }) => name === 'Bob').map(({ kind }) => kind)).toEqual([
    'joined',
    'lost',
  ])
})
