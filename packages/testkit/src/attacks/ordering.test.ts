/** Attacks on the order of commits: what the server hides, delays, repeats, invents, or tells to some and not to others. */
import { decodeBase64url, encodeBase64url, sha256 } from '@huisclos/crypto/bytes'
import { Heartbeat } from '@huisclos/participant/heartbeat'
import { Vigil } from '@huisclos/participant/vigil'
import type { Request } from '@huisclos/protocol'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Person } from '../hostile/attack-world.ts'
import { AttackWorld } from '../hostile/attack-world.ts'

async function openScene(names: string[], options?: { hosted?: boolean }) {
  const world = await AttackWorld.open(options)
  onTestFinished(() => world.close())
  const people: Person[] = []
  for (const [i, name] of names.entries()) {
    people.push(await world.enter(name, options?.hosted && i === 0 ? { hostSeed: world.host.seed } : {}))
  }
  // Newcomers' own path commits are over by then (GRP8).
  await world.clock.advance(6_000)
  return { world, people: people as [Person, Person, Person] }
}

/** Who stands in the same epoch finds the same number and can read the others. */
async function expectTogether(world: AttackWorld, people: readonly Person[]): Promise<void> {
  const epochs = () => new Set(people.map(({ view }) => view.security.epoch))
  await world.clock.until(() => epochs().size === 1, 'all in one epoch')
  const word = `still together in ${[...epochs()].join()}`
  people[0]?.meeting.sendChat(word)
  for (const each of people)
    await each.until(({ chat }) => chat.some(({ text }) => text === word), 'reads the line')
}

test('[ORD3] a commit is dropped for one member: asked for again with the next one, and nobody is lost', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  const [alice, bob, carol] = people
  let dropped = 0
  world.server.onEvent((to, event) => {
    if (to !== 'Carol' || event.t !== 'group.committed' || dropped > 0) return undefined
    dropped++
    return []
  })
  const [first, second] = [alice.meeting.compare(), bob.meeting.compare()]
  await world.clock.until(
    () => alice.view.security.epoch === bob.view.security.epoch && dropped > 0,
    'commits',
  )
  await Promise.all([world.done(first), world.done(second)])
  await expectTogether(world, people)
  expect(world.server.asked('group.refetch', 'Carol').length).toBeGreaterThan(0)
  expect(carol.alarms).toEqual([])
})

test('[ORD1][SIG6] commits are repeated and come in reverse: applied once, in order', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  const [alice, bob] = people
  const held = world.server.hold((to, { t }) => to === 'Carol' && t === 'group.committed')
  const before = alice.view.security.epoch
  await world.done(alice.meeting.compare())
  await world.done(bob.meeting.compare())
  held.release('reversed')
  for (const { to, event } of held.events) world.server.tell(to, event)
  await expectTogether(world, people)
  expect(people[2].view.security.epoch).toBeGreaterThanOrEqual(before + 2)
  expect(people.flatMap(({ alarms }) => alarms)).toEqual([])
})

test('[ORD1] all events are held back from one member for eight seconds: it catches up, and nobody is lost', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  const [alice, bob, carol] = people
  const before = carol.view.security.epoch
  const held = world.server.hold((to) => to === 'Carol')
  await world.done(alice.meeting.compare())
  await world.done(bob.meeting.compare())
  await world.clock.advance(8_000)
  expect(carol.view.security.epoch).toBe(before)
  held.release()
  await expectTogether(world, people)
  expect(people.flatMap(({ alarms }) => alarms)).toEqual([])
})

test('[ORD3] noise in place of a commit: counted and asked for again, never a reset', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  const [alice, , carol] = people
  world.server.onEvent((to, event) =>
    to === 'Carol' && event.t === 'group.committed' ? [{ ...event, commit: 'AAAA' }] : undefined,
  )
  await world.done(alice.meeting.compare())
  await expectTogether(world, people)
  expect(carol.codes).toContain('unauthentic')
  expect(carol.alarms).toEqual([])
})

test('[ORD2] the server says that a commit won and tells nobody: the committer stays in the epoch of the others', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  const [alice, bob] = people
  const before = alice.view.security.epoch
  const stop = world.server.onRequest((from, { t }) =>
    from === 'Alice' && t === 'group.commit' ? { result: {} } : undefined,
  )
  void alice.meeting.compare().catch(() => {})
  await world.clock.advance(3_000)
  expect(world.server.asked('group.commit', 'Alice').at(-1)?.epoch).toBe(before)
  expect(alice.view.security.epoch).toBe(before)
  alice.meeting.sendChat('still here')
  await bob.until(({ chat }) => chat.length > 0, 'reads Alice')
  stop()
})

test('[ORD1][ROS2] two members are each told that their commit won: the part without the others ends in not-echoed', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  const [alice, bob, carol] = people
  split(world, 'Carol')
  void carol.meeting.compare().catch(() => {})
  void alice.meeting.compare().catch(() => {})
  await world.clock.until(() => carol.alarms.includes('not-echoed'), 'the alarm', 60_000)
  expect(carol.view.security.sending).toBe(false)
  await carol.ends('not-echoed', 120_000)
  expect([alice.view.phase.at, bob.view.phase.at]).toEqual(['in', 'in'])
})

/** One member's commits win in a world of its own; it hears nothing of the others' any more, nor they of its. */
function split(world: AttackWorld, who: string): void {
  const group = world.server.asked('group.create')[0]?.group
  world.server.onRequest((from, request: Request) => {
    if (from !== who || request.t !== 'group.commit' || !group) return undefined
    const { epoch, commit } = request
    world.server.tell(who, { t: 'group.committed', group, epoch, from: world.server.peerOf(who), commit })
    return { result: {} }
  })
  world.server.onEvent((to, { t }) => (to === who && t === 'group.committed' ? [] : undefined))
}

test('[ROS2] a removal is withheld from one sender: it stops sending with not-echoed, then leaves', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Eve'], { hosted: true })
  const [alice, bob, eve] = people
  await world.done(bob.meeting.publish('microphone', { label: 'bob', frames: [] }))
  await eve.until(
    ({ people: seen }) => seen.some(({ streams }) => streams.some(({ track }) => track)),
    'hears Bob',
  )
  world.server.onEvent((to, { t }) => (to === 'Bob' && t === 'group.committed' ? [] : undefined))
  world.server.onRequest((from, { t }) => (from === 'Bob' && t === 'group.refetch' ? 'drop' : undefined))
  await world.done(alice.meeting.removeMember(alice.leafOf('Eve')))
  const text = new TextEncoder().encode('not for Eve')
  expect(await bob.media.speak('microphone', text)).toBe(true)
  await world.clock.until(() => bob.alarms.includes('not-echoed'), 'the alarm', 60_000)
  expect(bob.view.security.sending).toBe(false)
  expect(await bob.media.speak('microphone', text)).toBe(false)
  await bob.ends('not-echoed', 120_000)
  expect(alice.view.phase.at).toBe('in')
})

/** Bob sends; Eve's removal is withheld from him and from her, and the two go on talking to each other. */
async function withholdRemoval() {
  const scene = await openScene(['Alice', 'Bob', 'Eve'], { hosted: true })
  const { world, people } = scene
  const [alice, bob, eve] = people
  await world.done(bob.meeting.publish('microphone', { label: 'bob', frames: [] }))
  await eve.until(
    ({ people: seen }) => seen.some(({ streams }) => streams.some(({ track }) => track)),
    'hears Bob',
  )
  // The honest server behind the lying one is told of no leaver: it goes on carrying what Bob and Eve send.
  world.server.onRequest((from, request) => {
    if (request.t === 'group.commit' && from === 'Alice') return { ...request, leaves: [] }
    return request.t === 'group.refetch' ? 'drop' : undefined
  })
  world.server.onEvent((to, { t }) => (to !== 'Alice' && t === 'group.committed' ? [] : undefined))
  await world.done(alice.meeting.removeMember(alice.leafOf('Eve')))
  const speak = () => bob.media.speak('microphone', new TextEncoder().encode('not for Eve'))
  return { ...scene, speak }
}

test('[ROS2] a removal is withheld from one sender while the removed one echoes it: not-echoed, and it stays silent', async () => {
  const { world, people, speak } = await withholdRemoval()
  const [, bob, eve] = people
  await world.clock.until(() => bob.alarms.includes('not-echoed'), 'the alarm', 60_000)
  const before = eve.media.heard().length
  for (let second = 0; second < 200; second += 2) {
    await world.clock.advance(2_000)
    expect(bob.view.security.sending, `after ${second} s`).toBe(false)
    expect(await speak()).toBe(false)
  }
  expect(eve.media.heard()).toHaveLength(before)
})

test('[ROS2] control: where half of the others is enough once the host is silent, the removed one hears on', async () => {
  const { world, people, speak } = await withholdRemoval()
  const [, bob, eve] = people
  const { hearing } = Heartbeat.prototype
  const spy = vi.spyOn(Heartbeat.prototype, 'hearing').mockImplementation(function (this: Heartbeat, s) {
    // The rule without the silent hosts: as if they were not there.
    const members = s.members.filter((m) => !m.host || !this.silent(m.pseudonym, s.now, s.members.length))
    return hearing.call(this, { ...s, members })
  })
  onTestFinished(() => spy.mockRestore())
  await world.clock.advance(90_000)
  expect(await speak()).toBe(true)
  expect(eve.media.heard()).toEqual(['not for Eve'])
  expect(bob.view.security.sending).toBe(true)
})

test('[ROS2] control: while the removal reaches everybody, nobody stops sending', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Eve'], { hosted: true })
  const [alice, bob, eve] = people
  await world.done(bob.meeting.publish('microphone', { label: 'bob', frames: [] }))
  await world.done(alice.meeting.removeMember(alice.leafOf('Eve')))
  await eve.ends('removed')
  await world.clock.advance(60_000)
  expect(bob.alarms).toEqual([])
  expect(await bob.media.speak('microphone', new TextEncoder().encode('for Alice'))).toBe(true)
  expect(alice.media.heard()).toEqual(['for Alice'])
})

/** Eve was removed; Bob sends. `strike` says to some that the removal, or another commit, was struck. */
async function openStrike() {
  const scene = await openScene(['Alice', 'Bob', 'Eve'], { hosted: true })
  const { world, people } = scene
  const [alice, bob, eve] = people
  await world.done(bob.meeting.publish('microphone', { label: 'bob', frames: [] }))
  await eve.until(
    ({ people: seen }) => seen.some(({ streams }) => streams.some(({ track }) => track)),
    'hears Bob',
  )
  // The honest server is told of no leaver, and goes on carrying what Eve says and hears.
  world.server.onRequest((from, request) =>
    request.t === 'group.commit' && from === 'Alice' ? { ...request, leaves: [] } : undefined,
  )
  world.server.onEvent((to, { t }) => (to === 'Eve' && t === 'group.committed' ? [] : undefined))
  const group = world.server.asked('group.create')[0]?.group
  if (!group) throw new Error('no group')
  await world.done(alice.meeting.removeMember(alice.leafOf('Eve')))
  await bob.until(({ people: seen }) => seen.length === 2, 'sees the removal')
  const { epoch, commit } = world.server.asked('group.commit', 'Alice').at(-1) ?? { epoch: -1, commit: '' }
  const truth = encodeBase64url(await sha256(decodeBase64url(commit) ?? new Uint8Array()))
  const strike = (who: string[], hash = truth) => {
    const from = world.server.peerOf('Alice')
    for (const each of who) world.server.tell(each, { t: 'group.struck', group, epoch, from, hash })
  }
  const speak = (text: string) => bob.media.speak('microphone', new TextEncoder().encode(text))
  return { ...scene, strike, speak }
}

test('[ORD3] the server strikes a removal that nobody refused: struck-commit, and the removed one is back on screen', async () => {
  const { world, people, strike, speak } = await openStrike()
  const [alice, bob] = people
  strike(['Alice', 'Bob'])
  await world.clock.until(
    () => alice.alarms.includes('struck-commit') && bob.alarms.includes('struck-commit'),
    'alarms',
  )
  await bob.until(({ people: seen }) => seen.length === 3, 'shows Eve again')
  expect(alice.view.people).toHaveLength(3)
  // A host confirms that the meeting stands there: after a few seconds it goes on.
  expect(await speak('at once')).toBe(false)
  await bob.until(({ security }) => security.sending, 'sends again', 6_000)
})

test('[ORD3] the server names another commit as struck: nothing is taken back, and nobody is told keys of before', async () => {
  const { world, people, strike, speak } = await openStrike()
  const [, bob, eve] = people
  const { epoch } = bob.view.security
  strike(['Bob'], 'A'.repeat(43))
  await world.clock.advance(5_000)
  expect(bob.view.security.epoch).toBeGreaterThanOrEqual(epoch)
  expect(await speak('not for Eve')).toBe(true)
  expect(eve.media.heard()).toEqual([])
})

test('[ORD3][ROS2] the server strikes a removal for one sender alone: it goes back and sends nothing, not-echoed', async () => {
  const { world, people, strike, speak } = await openStrike()
  const [, bob, eve] = people
  strike(['Bob'])
  await world.clock.until(() => bob.alarms.includes('not-echoed'), 'the alarm', 1_000)
  for (let second = 0; second < 60; second += 2) {
    expect(await speak('not for Eve'), `after ${second} s`).toBe(false)
    await world.clock.advance(2_000)
  }
  expect(eve.media.heard()).toEqual([])
})

test('[ORD3] control: where a strike is believed at once, the removed one hears on', async () => {
  const { world, people, strike, speak } = await openStrike()
  const [, bob, eve] = people
  const spy = vi.spyOn(Vigil.prototype, 'doubt').mockImplementation(() => {})
  onTestFinished(() => spy.mockRestore())
  strike(['Bob'])
  await world.clock.until(() => bob.alarms.includes('struck-commit'), 'the alarm', 1_000)
  expect(await speak('for Eve')).toBe(true)
  expect(eve.media.heard()).toEqual(['for Eve'])
})

test('[GRP7] the server says that a member was removed, and no commit does: it falls silent at once and ends as unseated', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  const [alice, bob, carol] = people
  await world.done(bob.meeting.publish('microphone', { label: 'bob', frames: [] }))
  await alice.until(
    ({ people: seen }) => seen.some(({ streams }) => streams.some(({ track }) => track)),
    'hears Bob',
  )
  const group = world.server.asked('group.create')[0]?.group
  if (!group) throw new Error('no group')
  const { epoch } = bob.view.security
  if (epoch === null) throw new Error('no epoch')
  world.server.tell('Bob', { t: 'group.removed', group, epoch })
  await bob.until(({ security }) => !security.sending, 'stops sending', 1_000)
  expect(await bob.media.speak('microphone', new TextEncoder().encode('after'))).toBe(false)
  await bob.ends('unseated')
  // Nobody is told that a member removed Bob: to the others he went away.
  const kinds = [alice, carol].flatMap(({ view }) => view.notices.map(({ kind }) => kind))
  expect(kinds).not.toContain('removed')
})

test('[KEY4] the server says that all are ready when they are not: senders switch early, and receivers have the keys', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  const [alice, bob] = people
  await world.done(bob.meeting.publish('microphone', { label: 'bob', frames: [] }))
  await alice.until(
    ({ people: seen }) => seen.some(({ streams }) => streams.some(({ track }) => track)),
    'hears Bob',
  )
  const group = world.server.asked('group.create')[0]?.group
  if (!group) throw new Error('no group')
  world.server.onEvent((_, { t }) => (t === 'group.all-ready' ? [] : undefined))
  const sendsIn = () => bob.media.sending?.epoch
  const before = sendsIn() ?? 0
  void alice.meeting.compare().catch(() => {})
  for (const each of [alice, bob]) {
    await each.until(({ security }) => security.epoch === before + 1, 'has the new epoch')
  }
  world.server.tell('Bob', { t: 'group.all-ready', group, epoch: before + 40 })
  expect(sendsIn()).toBe(before)
  world.server.tell('Bob', { t: 'group.all-ready', group, epoch: before + 1 })
  expect(sendsIn()).toBe(before + 1)
  await world.clock.settle()
  expect(await bob.media.speak('microphone', new TextEncoder().encode('early'))).toBe(true)
  expect(alice.media.heard()).toEqual(['early'])
})

test('[KEY4] the server never says that all are ready: senders switch after 1.5 s all the same', async () => {
  const { world, people } = await openScene(['Alice', 'Bob', 'Carol'])
  const [alice, bob] = people
  world.server.onEvent((_, { t }) => (t === 'group.all-ready' ? [] : undefined))
  const before = bob.media.sending?.epoch ?? 0
  await world.done(alice.meeting.compare())
  await world.clock.until(() => bob.media.sending?.epoch === before + 1, 'the switch', 2_500)
})
