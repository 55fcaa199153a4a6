/** Attacks by somebody who was removed and kept everything, with a server that goes on serving them. */
import { decodeBase64url, encodeBase64url, sha256 } from '@huisclos/crypto/bytes'
import type { IncomingFrame } from '@huisclos/crypto/sframe'
import { KeyRing, openFrame } from '@huisclos/crypto/sframe'
import { expect, onTestFinished, test } from 'vitest'
import type { Person, PersonOptions } from '../hostile/attack-world.ts'
import { AttackWorld } from '../hostile/attack-world.ts'
import { HostileMember } from '../hostile/hostile-member.ts'
import { withoutSuccessors } from '../hostile/watched-engine.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const bytesOf = (text: string): Uint8Array => decodeBase64url(text) ?? new Uint8Array()

/** Alice hosts, Bob sends sound. */
async function openScene(): Promise<{ world: AttackWorld; alice: Person; bob: Person }> {
  const world = await AttackWorld.open({ hosted: true })
  onTestFinished(() => world.close())
  const alice = await world.enter('Alice', { hostSeed: world.host.seed })
  const bob = await world.enter('Bob')
  await world.done(bob.meeting.publish('microphone', { label: 'bob', frames: [] }))
  await alice.until(
    ({ people }) => people.some(({ streams }) => streams.some(({ track }) => track)),
    'hears Bob',
  )
  return { world, alice, bob }
}

/** Whether any of these keys opens a frame, tried under each of the epochs that its KID may mean. */
async function opens(
  keys: Iterable<Uint8Array>,
  frame: Pick<IncomingFrame, 'data' | 'expected'>,
): Promise<boolean> {
  for (const baseKey of keys) {
    for (let epoch = 0; epoch < 40; epoch++) {
      const ring = new KeyRing()
      ring.install({ epoch, baseKey, removed: [], now: 0 })
      if ((await openFrame(ring, { ...frame, codec: 'opus', kind: 'audio', now: 0 })).ok) return true
    }
  }
  return false
}

test('[GRP7][KEY4] the removed member who kept everything goes on deriving: not the next epoch’s key, and nothing of it opens', async () => {
  const { world, alice, bob } = await openScene()
  const mallory = await HostileMember.enter(world)
  await world.clock.until(() => alice.view.people.length === 3, 'Mallory is in')
  await world.clock.advance(6_000)
  const rogue = await mallory.rogue()
  const expected = { leaf: bob.leaf, stream: 0 }
  expect(await bob.media.speak('microphone', bytes('before'))).toBe(true)
  const before = world.hub.last('Bob').data
  const seen = world.server.events.length
  await world.done(alice.meeting.removeMember(rogue.leaf))
  await bob.until(({ people }) => people.length === 2, 'sees the removal')
  alice.meeting.sendChat('after')
  await bob.until(({ chat }) => chat.length > 0, 'reads Alice')
  expect(await bob.media.speak('microphone', bytes('after'))).toBe(true)
  const after = world.hub.last('Bob').data

  // The server hands it everything that went on: the commit, all that was said, and the frames.
  const later = world.server.events.slice(seen).filter(({ to }) => to === 'Bob')
  const commit = later.flatMap(({ event }) =>
    event.t === 'group.committed' ? [bytesOf(event.commit)] : [],
  )[0]
  if (!commit) throw new Error('no commit')
  const derived = await world.done(rogue.deriveAfterRemoval(commit))
  expect(await world.done(rogue.hear(commit))).toEqual({ kind: 'removed' })
  const said = later.flatMap(({ event }) => (event.t === 'group.said' ? [bytesOf(event.body)] : []))
  expect(said.length).toBeGreaterThan(0)
  for (const body of said) expect(await world.done(rogue.hear(body))).toEqual({ kind: 'unauthentic' })
  const present = bob.media.keptKeys.get(bob.media.sending?.epoch ?? -1)
  expect([...rogue.keptKeys.values(), derived]).not.toContainEqual(present)
  expect(await opens([...rogue.keptKeys.values(), derived], { data: after, expected })).toBe(false)

  // The control: what it kept opens what was sent before, and Alice's key opens what was sent after.
  expect(await opens(rogue.keptKeys.values(), { data: before, expected })).toBe(true)
  expect(await opens(alice.media.keptKeys.values(), { data: after, expected })).toBe(true)
})

test('[KEY4] the server keeps a removed member connected and goes on forwarding: no-key, and nothing is rendered', async () => {
  const { world, alice, bob } = await openScene()
  const eve = await world.enter('Eve')
  await eve.until(
    ({ people }) => people.some(({ streams }) => streams.some(({ track }) => track)),
    'hears Bob',
  )
  await world.clock.advance(6_000)
  await bob.media.speak('microphone', bytes('before'))
  const kept = ['group.removed', 'group.committed', 'media.consumer-closed']
  world.server.onEvent((to, { t }) => (to === 'Eve' && kept.includes(t) ? [] : undefined))
  await world.done(alice.meeting.removeMember(alice.leafOf('Eve')))
  await bob.until(({ people }) => people.length === 2, 'sees the removal')
  expect(await bob.media.speak('microphone', bytes('after'))).toBe(true)
  expect(alice.media.heard()).toEqual(['before', 'after'])
  expect(eve.media.heard()).toEqual(['before'])
  expect(eve.media.refused).toEqual(['no-key'])
})

test('[GRP7] a removed member speaks on under the keys that it kept, and the server relays it: nobody reads it', async () => {
  const { world, alice, bob } = await openScene()
  const mallory = await HostileMember.enter(world)
  await world.clock.until(() => alice.view.people.length === 3, 'Mallory is in')
  const rogue = await mallory.rogue()
  const chat = (n: number, text: string) =>
    bytes(JSON.stringify({ n, m: { k: 'chat', id: `AAAAAAAAAA${n}`, text } }))
  const relay = async (body: Uint8Array) => {
    const { group } = mallory
    const from = world.server.peerOf('Alice')
    world.server.tell('Bob', {
      t: 'group.said',
      group,
      epoch: rogue.epoch,
      from,
      body: encodeBase64url(body),
    })
    await world.clock.advance(500)
  }
  await relay(await rogue.seal(chat(1, 'while a member')))
  expect(bob.texts).toEqual(['while a member'])
  const stop = world.server.onEvent((_, { t }) => (t === 'group.said' ? [] : undefined))
  const late = await rogue.seal(chat(2, 'removed and still talking'))
  await world.done(alice.meeting.removeMember(rogue.leaf))
  await bob.until(({ people }) => people.length === 2, 'sees the removal')
  stop()
  await relay(late)
  expect(bob.texts).toEqual(['while a member'])
})

test('[GRP9] the removed one still has the link: the lobby is on, and nobody but a host lets it in', async () => {
  const { world, alice, bob } = await openScene()
  const eve = await world.enter('Eve')
  await world.done(alice.meeting.removeMember(alice.leafOf('Eve')))
  await eve.ends('removed')
  const again = await world.person('Eve again').start()
  await alice.until(({ lobby }) => lobby.knocking.length === 1, 'sees a knock')
  await world.clock.advance(20_000)
  expect(again.view.phase.at).toBe('waiting-members')
  expect([alice.names, bob.names]).toEqual([
    ['Alice', 'Bob'],
    ['Alice', 'Bob'],
  ])
  // The control: a host's word lets it in.
  const [knock] = alice.view.lobby.knocking
  alice.meeting.admit(knock?.id ?? '')
  await again.until(({ phase }) => phase.at === 'in', 'is in')
})

/**
 * Alice orders Eve out while Eve, who lost her session, comes back to her leaf by her own signature: Bob's commit, which
 * seats her on a new leaf, wins over Alice's.
 */
async function escapeByResuming(around?: PersonOptions['around']) {
  const world = await AttackWorld.open({ hosted: true })
  onTestFinished(() => world.close())
  const options = { hostSeed: world.host.seed, ...(around ? { around } : {}) }
  const alice = await world.enter('Alice', options)
  const bob = await world.enter('Bob')
  const eve = await world.enter('Eve')
  await world.clock.advance(6_000)
  const before = alice.view.people.find(({ name }) => name === 'Eve')?.leaf
  const returned = () => world.server.asked('group.commit', 'Bob').some(({ joins }) => joins.length > 0)
  world.server.onRequest((from, request) => {
    if (from === 'Eve' && request.t === 'resume')
      return { ...request, token: 'A'.repeat(43) as typeof request.token }
    // Told that another commit won, which has not come yet, Alice tries again a second later.
    const late = from === 'Alice' && request.t === 'group.commit' && !returned()
    return late ? { ...request, epoch: request.epoch - 1 } : undefined
  })
  world.server.cut('Eve')
  await world.clock.until(() => world.server.asked('group.knock', 'Eve').length > 1, 'Eve knocks again')
  const removal = alice.meeting.removeMember(before ?? -1)
  await world.clock.until(returned, 'Bob seats Eve anew')
  return { world, alice, bob, eve, removal }
}

test('[GRP9][GRP10] who is ordered out comes back to another leaf meanwhile: the order follows, and it ends removed', async () => {
  const { world, alice, bob, eve, removal } = await escapeByResuming()
  await world.done(removal)
  await eve.ends('removed')
  await bob.sees('Alice')
  await alice.sees('Bob')
})

test('[GRP9][GRP10] control: where the order names a leaf alone, who comes back stays', async () => {
  const { world, alice, eve } = await escapeByResuming(withoutSuccessors)
  await world.clock.advance(30_000)
  expect(eve.view.phase.at).toBe('in')
  expect(alice.names).toContain('Eve')
})

test('[ORD3][GRP9] the server strikes a host’s removal once: the host orders it again, and it stands', async () => {
  const { world, alice, bob } = await openScene()
  await world.enter('Eve')
  await world.clock.advance(6_000)
  // The honest server is told of no leaver, so that Eve is still served when the strike brings her back.
  const stop = world.server.onRequest((from, request) =>
    request.t === 'group.commit' && from === 'Alice' ? { ...request, leaves: [] } : undefined,
  )
  const stopTelling = world.server.onEvent((to, { t }) =>
    to === 'Eve' && t === 'group.committed' ? [] : undefined,
  )
  await world.done(alice.meeting.removeMember(alice.leafOf('Eve')))
  await bob.sees('Alice')
  stop()
  stopTelling()
  const { epoch, commit, group } = world.server.asked('group.commit', 'Alice').at(-1) ?? {}
  if (epoch === undefined || commit === undefined || group === undefined) throw new Error('no commit')
  const hash = encodeBase64url(await sha256(bytesOf(commit)))
  const from = world.server.peerOf('Alice')
  for (const who of ['Alice', 'Bob']) world.server.tell(who, { t: 'group.struck', group, epoch, from, hash })
  await world.clock.until(() => alice.alarms.includes('struck-commit'), 'the alarm')
  const again = () => world.server.asked('group.commit', 'Alice').filter(({ leaves }) => leaves.length > 0)
  await world.clock.until(() => again().length > 1, 'a second removal')
})
