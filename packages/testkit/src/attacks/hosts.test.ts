/** Attacks on the hosts' word: by a guest who wants it, and by the server that carries it. */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import { expect, onTestFinished, test } from 'vitest'
import type { Person, PersonOptions } from '../hostile/attack-world.ts'
import { AttackWorld } from '../hostile/attack-world.ts'
import { HostileMember } from '../hostile/hostile-member.ts'
import { withEverybodyHost } from '../hostile/watched-engine.ts'

interface Scene {
  world: AttackWorld
  alice: Person
  bob: Person
}

/** Alice hosts, Bob is a guest. */
async function openScene(bobs: PersonOptions = {}): Promise<Scene> {
  const world = await AttackWorld.open({ hosted: true })
  onTestFinished(() => world.close())
  const alice = await world.enter('Alice', { hostSeed: world.host.seed })
  const bob = await world.enter('Bob', bobs)
  return { world, alice, bob }
}

const pseudonym = (byte: number): string => encodeBase64url(new Uint8Array(16).fill(byte))
const RULES = {
  k: 'rules',
  stamp: { epoch: 1, count: 9, by: pseudonym(1) },
  share: false,
  chat: false,
  unmute: false,
  speakers: [],
  spotlight: null,
}
const MUTE = { k: 'order', do: 'mute', to: null, streams: [] }
const kinds = ({ view }: Person) => view.notices.map(({ kind }) => kind)
const free = { share: true, chat: true, unmute: true }

test('[HOST1] a guest gives orders, makes rules and ends the meeting, in messages that are authentic: nobody obeys', async () => {
  const { world, alice, bob } = await openScene()
  const mallory = await HostileMember.enter(world)
  for (const message of [MUTE, RULES, { k: 'end' }])
    expect(await mallory.say(message)).toMatchObject({ ok: true })
  await world.clock.advance(3_000)
  for (const each of [alice, bob]) {
    expect(each.view.rules).toEqual(free)
    expect(kinds(each)).not.toContain('muted-by')
    expect(each.view.phase.at).toBe('in')
  }
})

test('[HOST1] control: where everybody counts as host, a guest mutes, rules and ends', async () => {
  const { world, bob } = await openScene({ around: withEverybodyHost })
  const mallory = await HostileMember.enter(world)
  await mallory.say(MUTE)
  await mallory.say(RULES)
  await bob.until(({ rules }) => !rules.chat, 'takes the guest’s rules')
  expect(kinds(bob)).toContain('muted-by')
  await mallory.say({ k: 'end' })
  await bob.ends('ended-by-host')
})

test('[HOST1] the server forges a host’s order in bytes of its own: unauthentic, and nobody obeys', async () => {
  const { world, alice, bob } = await openScene()
  const group = world.server.asked('group.create', 'Alice')[0]?.group
  if (!group) throw new Error('no group')
  const body = encodeBase64url(new TextEncoder().encode(JSON.stringify({ n: 99, m: { k: 'end' } })))
  const { epoch } = bob.view.security
  world.server.tell('Bob', { t: 'group.said', group, epoch, from: world.server.peerOf('Alice'), body })
  await world.clock.advance(3_000)
  expect(bob.codes).toContain('unauthentic')
  expect([alice.view.phase.at, bob.view.phase.at]).toEqual(['in', 'in'])
})

/** Alice asks Bob to mute once; the server keeps the event and gives it again after he has unmuted. */
async function replayMute(naive: boolean) {
  const { world, alice, bob } = await openScene()
  const kept = world.server.hold((to, { t }) => to === 'Bob' && t === 'group.said')
  await world.done(alice.meeting.order({ do: 'mute-all', mayUnmute: true }))
  await world.clock.advance(500)
  const order = kept.events[0]?.event
  kept.release()
  await bob.until(() => kinds(bob).includes('muted-by'), 'is muted')
  if (naive) await world.done(alice.meeting.order({ do: 'mute-all', mayUnmute: true }))
  else if (order) world.server.tell('Bob', order)
  await world.clock.advance(2_000)
  return { bob, times: kinds(bob).filter((kind) => kind === 'muted-by').length }
}

test('[HOST1] the server repeats a host’s order later on: unauthentic, and obeyed once', async () => {
  const { bob, times } = await replayMute(false)
  expect(times).toBe(1)
  expect(bob.codes).toContain('unauthentic')
})

test('[HOST1] control: a host who says it twice is obeyed twice', async () => {
  expect((await replayMute(true)).times).toBe(2)
})

test('[HOST2] the server holds a host’s rules back and delivers them in reverse: the later ones hold', async () => {
  const { world, alice, bob } = await openScene()
  const held = world.server.hold((to, { t }) => to === 'Bob' && t === 'group.said')
  await world.done(alice.meeting.order({ do: 'rules', change: { chat: false } }))
  await world.done(alice.meeting.order({ do: 'rules', change: { chat: true, share: false } }))
  await world.clock.until(() => held.events.length >= 2, 'both are held')
  held.release('reversed')
  await bob.until(({ rules }) => !rules.share, 'has the later rules')
  await world.clock.advance(1_000)
  expect(bob.view.rules).toEqual({ ...free, share: false })
})

test('[HOST2] two hosts rule at once and the server shows each its own first: all end at the same rules', async () => {
  const { world, alice, bob } = await openScene()
  const carol = await world.enter('Carol')
  await world.done(alice.meeting.makeHost(alice.leafOf('Bob')))
  await bob.until(({ selfHost }) => selfHost, 'is host')
  const held = world.server.hold((_, { t }) => t === 'group.said')
  void alice.meeting.order({ do: 'rules', change: { chat: false } })
  void bob.meeting.order({ do: 'rules', change: { share: false } })
  await world.clock.until(() => held.events.length >= 4, 'both are held')
  expect(alice.view.rules).not.toEqual(bob.view.rules)
  held.release('reversed')
  await world.clock.advance(3_000)
  expect(alice.view.rules).toEqual(bob.view.rules)
  expect(carol.view.rules).toEqual(bob.view.rules)
  expect(alice.view.rules).not.toEqual(free)
})

test('[HOST5] the server keeps a host’s rules from one member: the gap is shown, the rules are asked for, and come', async () => {
  const { world, alice, bob } = await openScene()
  await world.clock.advance(2_000)
  const stop = world.server.onEvent((to, { t }) => (to === 'Bob' && t === 'group.said' ? [] : undefined))
  await world.done(alice.meeting.order({ do: 'rules', change: { chat: false } }))
  await world.clock.advance(500)
  stop()
  expect(bob.view.rules.chat).toBe(true)
  await bob.until(({ rules }) => !rules.chat, 'has the rules', 40_000)
  expect(kinds(bob)).toContain('messages-missing')
})

test('[HOST4] the server delivers an order after its target has left and another sits on that leaf: it reaches nobody', async () => {
  const { world, alice, bob } = await openScene()
  const carol = await world.enter('Carol')
  await world.clock.advance(6_000)
  const { leaf } = bob
  const held = world.server.hold((to, { t }) => to === 'Carol' && t === 'group.said')
  await world.done(alice.meeting.order({ do: 'ask-unmute', leaf }))
  await world.done(bob.meeting.leave())
  await alice.sees('Carol')
  held.release()
  const dan = await world.enter('Dan')
  await world.clock.advance(2_000)
  expect(dan.leaf).toBe(leaf)
  expect([dan.view.request, carol.view.request]).toEqual([null, null])
})

test('[HOST3] a guest goes on writing where the rules forbid it, with a client of its own: nobody shows it', async () => {
  const { world, alice, bob } = await openScene()
  const mallory = await HostileMember.enter(world)
  const line = (id: number, text: string) => ({
    k: 'chat',
    id: encodeBase64url(new Uint8Array(8).fill(id)),
    text,
  })
  await mallory.say(line(1, 'before'))
  await bob.until(({ chat }) => chat.length === 1, 'reads it')
  await world.done(alice.meeting.order({ do: 'rules', change: { chat: false } }))
  await bob.until(({ rules }) => !rules.chat, 'knows the rules')
  await mallory.say(line(2, 'after'))
  await world.clock.advance(2_000)
  expect([alice.texts, bob.texts]).toEqual([['before'], ['before']])
})

test('[HOST3] control: where everybody counts as host, what the rules forbid is shown', async () => {
  const { world, alice, bob } = await openScene({ around: withEverybodyHost })
  const mallory = await HostileMember.enter(world)
  await world.done(alice.meeting.order({ do: 'rules', change: { chat: false } }))
  await bob.until(({ rules }) => !rules.chat, 'knows the rules')
  await mallory.say({ k: 'chat', id: encodeBase64url(new Uint8Array(8)), text: 'after' })
  await bob.until(({ chat }) => chat.length === 1, 'reads it')
})

/** Bob sends sound, and goes on with it although the rules forbid it: his own client does not know of them. */
async function speakOn(deaf: boolean) {
  const { world, alice, bob } = await openScene()
  const carol = await world.enter('Carol')
  await world.clock.advance(6_000)
  const stop = world.server.onEvent((to, { t }) => (to === 'Bob' && t === 'group.said' ? [] : undefined))
  await world.done(bob.meeting.publish('microphone', { kind: 'audio' } as never))
  await carol.until(
    ({ people }) =>
      people.some(({ name, streams }) => name === 'Bob' && streams.some(({ track }) => track !== null)),
    'hears Bob',
  )
  if (!deaf) await world.done(alice.meeting.order({ do: 'rules', change: { unmute: false } }))
  await world.clock.advance(3_000)
  stop()
  const seen = carol.view.people.find(({ name }) => name === 'Bob')?.streams[0]
  return { track: seen?.track ?? null, muted: seen?.muted, own: bob.view.people[0]?.streams[0]?.muted }
}

test('[HOST3] a guest’s client goes on sending sound that the rules forbid: it is not opened, and shown as off', async () => {
  expect(await speakOn(false)).toEqual({ track: null, muted: true, own: false })
})

test('[HOST3] control: without the rule the same sound is opened', async () => {
  const { track, muted } = await speakOn(true)
  expect(track).not.toBe(null)
  expect(muted).toBe(false)
})

test('[HOST7] the server says that the meeting is locked, or that somebody was turned away: a screen, and the door opens all the same', async () => {
  const world = await AttackWorld.open({ hosted: true })
  onTestFinished(() => world.close())
  await world.enter('Alice', { hostSeed: world.host.seed })
  const bob = await world.person('Bob')
  const held = world.server.hold((to, { t }) => to === 'Bob' && t === 'group.welcome')
  await bob.start()
  await world.clock.until(() => held.events.length > 0, 'Bob is welcomed')
  const group = world.server.asked('group.create', 'Alice')[0]?.group
  if (!group) throw new Error('no group')
  world.server.tell('Bob', { t: 'group.turned-away', group, why: 'locked' })
  await bob.until(({ phase }) => phase.at === 'waiting-members' && phase.door === 'locked', 'is told a lie')
  held.release()
  await bob.until(({ phase }) => phase.at === 'in', 'is in')
})
