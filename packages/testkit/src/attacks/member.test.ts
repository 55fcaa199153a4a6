/** Attacks by a member: commits that break the rules, names of others, and floods. Engine-level ones stand in crypto. */
import { concat, decodeBase64url, encodeBase64url, uint, utf8 } from '@huisclos/crypto/bytes'
import type { MlsCode } from '@huisclos/crypto/mls'
import { signedBytes } from '@huisclos/crypto/mls'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Person, PersonOptions } from '../hostile/attack-world.ts'
import { AttackWorld } from '../hostile/attack-world.ts'
import { HostileMember } from '../hostile/hostile-member.ts'
import { withoutSignatures } from '../hostile/watched-engine.ts'

interface Scene {
  world: AttackWorld
  alice: Person
  bob: Person
  mallory: HostileMember
}

async function openScene(options: PersonOptions = {}): Promise<Scene> {
  const world = await AttackWorld.open()
  onTestFinished(() => world.close())
  const alice = await world.enter('Alice', options)
  const bob = await world.enter('Bob', options)
  const mallory = await HostileMember.enter(world)
  return { world, alice, bob, mallory }
}

type Forge = (scene: Scene) => Promise<Uint8Array>

const commits: { attack: string; code: MlsCode; forge: Forge }[] = [
  {
    attack: '[GRP7] a member removes another without a warrant: warrant-missing',
    code: 'warrant-missing',
    forge: async ({ mallory, alice }) => (await mallory.rogue()).removal([alice.leaf], []),
  },
  {
    attack: '[GRP7] a member removes another under a warrant that it signed itself: warrant-invalid',
    code: 'warrant-invalid',
    forge: async ({ mallory, alice }) => {
      const rogue = await mallory.rogue()
      return rogue.removal([alice.leaf], [{ by: 'leaver', signature: await rogue.sign(utf8('leave')) }])
    },
  },
  {
    attack: '[GRP7] a member changes its own credential: committer-changed',
    code: 'committer-changed',
    forge: async ({ mallory }) => (await mallory.rogue()).renaming(),
  },
  {
    attack: '[GRP4] a member lets a newcomer in without the PSK: psk-missing',
    code: 'psk-missing',
    forge: async ({ mallory }) => (await mallory.rogue()).addition(),
  },
  {
    attack: '[GRP2] a member changes the policy that all agree on: not-host',
    code: 'not-host',
    forge: async ({ mallory }) => {
      const policy = {
        lobby: true,
        lock: true,
        audioLevel: true,
        bridges: true,
        recording: false,
        recordingKey: null,
        recordingPaused: false,
      }
      return (await mallory.rogue()).contextChange({ policy, hosts: [] })
    },
  },
  {
    attack: '[GRP7] a member commits a proposal by reference: proposal-by-reference',
    code: 'proposal-by-reference',
    forge: async ({ mallory, alice }) => (await (await mallory.rogue()).byReference(alice.leaf)).commit,
  },
]

describe.each(commits)('$attack', ({ code, forge }) => {
  test(`[ORD3] ends in ${code}, refused-commit and struck-commit, and the meeting goes on`, async () => {
    const scene = await openScene()
    const { world, alice, bob, mallory } = scene
    const { epoch } = alice.view.security
    expect(await mallory.post(await forge(scene))).toMatchObject({ ok: true })
    for (const each of [alice, bob]) {
      await world.clock.until(
        () => each.alarms.includes('struck-commit'),
        `${each.name} is told of the strike`,
      )
      expect(each.codes).toContain(code)
      expect(each.alarms).toContain('refused-commit')
    }
    expect(alice.view.security.epoch).toBeGreaterThanOrEqual(epoch)
    alice.meeting.sendChat('still here')
    await bob.until(({ chat }) => chat.length > 0, 'reads Alice')
    expect(bob.names).toContain('Alice')
    expect([alice.view.phase.at, bob.view.phase.at]).toEqual(['in', 'in'])
  })
})

// By reference the library itself is the control: packages/crypto/src/mls/library-attacks.test.ts.
test.each(commits.filter(({ code }) => code !== 'proposal-by-reference'))(
  '[ORD3] control: where $code is not checked, members accept the commit',
  async ({ code, forge }) => {
    const scene = await openScene({ waived: [code] })
    const { world, bob, mallory } = scene
    const { epoch } = bob.view.security
    expect(await mallory.post(await forge(scene))).toMatchObject({ ok: true })
    await world.clock.until(() => bob.view.security.epoch > epoch, 'Bob follows')
    expect(bob.codes).not.toContain(code)
  },
)

test('[GRP7] a member sends a proposal as a message of its own: unauthentic as speech, and it changes nothing', async () => {
  const { world, alice, mallory } = await openScene()
  const { proposal } = await (await mallory.rogue()).byReference(alice.leaf)
  await mallory.sayBytes(proposal)
  await world.clock.until(() => alice.codes.length > 0, 'Alice judges it')
  expect(alice.codes).toEqual(['proposal-message'])
  expect(alice.names).toContain('Alice')
})

const profileBody = (said: { number: number; name: string; hand: boolean }): Uint8Array =>
  utf8(JSON.stringify({ ...said, streams: [], records: null, consents: [] }))

/** A profile in Bob's name, signed by whoever says it. */
async function forgeProfile({ bob, mallory }: Scene) {
  const leaf = bob.leaf
  const body = profileBody({ number: 1_000, name: 'Not Bob', hand: true })
  const groupId = decodeBase64url(mallory.group) ?? new Uint8Array()
  const rogue = await mallory.rogue()
  const signature = await rogue.sign(signedBytes('profile', groupId, concat(uint(leaf, 4), body)))
  return {
    k: 'profiles',
    list: [{ leaf, body: encodeBase64url(body), signature: encodeBase64url(signature) }],
  }
}

test('[ROS4] a member gives another a name: the signature is not that leaf’s, and the name stays', async () => {
  const scene = await openScene()
  const { world, alice, mallory } = scene
  expect(await mallory.say(await forgeProfile(scene))).toMatchObject({ ok: true })
  await world.clock.advance(3_000)
  expect(alice.names).toContain('Bob')
  expect(alice.names).not.toContain('Not Bob')
})

test('[ROS4] control: whoever takes every signature for good shows the name that another gave', async () => {
  const scene = await openScene({ around: withoutSignatures })
  const { alice, mallory } = scene
  await mallory.say(await forgeProfile(scene))
  await alice.until(({ people }) => people.some(({ name }) => name === 'Not Bob'), 'shows the forged name')
})

test('[WEB1] a member calls itself by another’s name, in disguise: control characters go, equal names are told apart', async () => {
  const scene = await openScene()
  const { alice, mallory } = scene
  const rogue = await mallory.rogue()
  const body = profileBody({ number: 1, name: '\u202eBob\u0000\u200b', hand: false })
  const groupId = decodeBase64url(mallory.group) ?? new Uint8Array()
  const signature = await rogue.sign(signedBytes('profile', groupId, concat(uint(rogue.leaf, 4), body)))
  const signed = { leaf: rogue.leaf, body: encodeBase64url(body), signature: encodeBase64url(signature) }
  await mallory.say({ k: 'profiles', list: [signed] })
  await alice.until(({ people }) => people.every(({ name }) => name !== ''), 'shows a name')
  expect(alice.names).toEqual(['Alice', 'Bob', 'Bob (2)'])
})

test('[ORD3] a member posts noise that wins the epoch: unauthentic, struck-commit, and the next commit wins', async () => {
  const { world, alice, bob, mallory } = await openScene()
  const { epoch } = alice.view.security
  expect(await mallory.post(new Uint8Array(500).fill(7))).toMatchObject({ ok: true })
  for (const each of [alice, bob]) {
    await world.clock.until(() => each.alarms.includes('struck-commit'), `${each.name} is told of the strike`)
    expect(each.codes).toContain('unauthentic')
  }
  await world.clock.until(
    () => alice.view.security.epoch > epoch && bob.view.security.epoch > epoch,
    'commits go on',
  )
  expect([alice.alarms, bob.alarms].flat()).not.toContain('reset')
})

test('[ORD3][GRP7] a member posts noise that unseats everybody else: they refuse it, and a strike gives the seats back', async () => {
  const { world, alice, bob, mallory } = await openScene()
  const { epoch } = alice.view.security
  const leaves = [alice.leaf, bob.leaf]
  expect(await mallory.post(new Uint8Array(500).fill(7), { leaves })).toMatchObject({ ok: true })
  await world.clock.until(
    () => world.server.events.some(({ event }) => event.t === 'group.removed'),
    'unseated',
  )
  for (const each of [alice, bob])
    await world.clock.until(() => each.alarms.includes('struck-commit'), `${each.name} is told of the strike`)
  await world.clock.until(
    () => alice.view.security.epoch > epoch && bob.view.security.epoch > epoch,
    'commits go on',
  )
  // In the same stay, on the same leaves, and heard by each other.
  expect([alice.leaf, bob.leaf]).toEqual(leaves)
  expect([alice.alarms, bob.alarms].flat()).not.toContain('reset')
  alice.meeting.sendChat('still here')
  await bob.until(({ chat }) => chat.length > 0, 'reads Alice')
})

test('[ORD3][GRP7] control: where nobody refuses what unseats them, the noise ends the meeting for everybody', async () => {
  const { world, alice, bob, mallory } = await openScene()
  world.server.onRequest((_, { t }) => (t === 'group.refuse' ? { result: {} } : undefined))
  await mallory.post(new Uint8Array(500).fill(7), { leaves: [alice.leaf, bob.leaf] })
  await world.clock.advance(8_000)
  expect([alice, bob].map(({ view }) => view.security.sending)).toEqual([false, false])
  alice.meeting.sendChat('is anybody here')
  await world.clock.advance(2_000)
  expect(bob.texts).toEqual([])
})

test('[GRP8] a member floods the group with commits: too-many', async () => {
  const { mallory } = await openScene()
  const { epoch } = await mallory.rogue()
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) => mallory.post(new Uint8Array(64).fill(i), { epoch: epoch + i })),
  )
  expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(3)
  expect(answers).toContainEqual({ ok: false, code: 'too-many' })
})

test('[SIG7] a member floods the server with messages: it is refused with too-many, and others read each other', async () => {
  const { world, alice, bob, mallory } = await openScene()
  const group = mallory.group
  const { epoch } = await mallory.rogue()
  const answers: string[] = []
  for (let i = 0; i < 1_500; i++) {
    void mallory.client
      .ask({ t: 'group.app', group, epoch, body: 'AAAA' })
      .then((answer) => answers.push(answer.ok ? 'ok' : answer.code))
  }
  await world.clock.until(() => answers.includes('too-many') || mallory.client.closed, 'the flood is refused')
  alice.meeting.sendChat('can you read me')
  await bob.until(({ chat }) => chat.length > 0, 'reads Alice')
  expect(alice.alarms).toEqual([])
})
