import { describe, expect, test } from 'vitest'
import { random } from '../bytes.ts'
import type { Crime } from './attack-fixtures.ts'
import {
  addOf,
  groupPsk,
  rawCommit,
  rawGroup,
  rawKeyPackage,
  rawMember,
  removeOf,
  suite,
  usedAfter,
} from './attack-fixtures.ts'
import { contextProposal } from './commit-proposals.ts'
import type { World } from './engine-fixtures.ts'
import { admit, engine, makeWorld, OPEN_DOOR, relay, signGone } from './engine-fixtures.ts'
import type { MeetingPolicy, Warrant } from './group-engine.ts'
import type { Epoch } from './group-state.ts'
import { pskIdOf } from './group-state.ts'
import { decodeKeyPackageMessage, encodeKeyPackageMessage } from './key-package.ts'
import { signHost } from './meeting-context.ts'
import type { MlsEngine } from './mls-engine.ts'
import type { MlsCode } from './mls-error.ts'
import type { Proposal } from './mls-library.ts'
import { leaveData, signedBytes } from './signed-bytes.ts'
import { encodeCommitData } from './warrants.ts'

interface Scene {
  world: World
  host: MlsEngine
  /** A guest at leaf 1 that keeps every rule but the waived ones. */
  victim: MlsEngine
  /** A guest at leaf 2. */
  bystander: MlsEngine
  /** A guest at leaf 3 that keeps none. */
  mallory: Epoch
}

async function makeScene(policy: Partial<MeetingPolicy>, waived: MlsCode[]): Promise<Scene> {
  const world = makeWorld(policy)
  const [host, victim, bystander] = [engine(), engine(...waived), engine()]
  await host.create({ ...world, hostSeed: world.hostSeed })
  await admit(world, host, victim)
  await admit(world, host, bystander, [victim])
  const mallory = await rawMember(world, host, [victim, bystander])
  return { world, host, victim, bystander, mallory }
}

type Attack = (scene: Scene) => Promise<Crime>

/** The attack is refused with its code; where that one rule is missing, it succeeds. */
async function expectRefused(
  attack: Attack,
  code: MlsCode,
  policy: Partial<MeetingPolicy> = {},
  also: MlsCode[] = [],
) {
  const scene = await makeScene(policy, [])
  const before = await scene.victim.seal(random(1))
  const { commit } = await rawCommit(scene.mallory, scene.world, await attack(scene))
  expect(await scene.victim.process(commit)).toEqual({ kind: 'refused', code, hash: expect.any(Uint8Array) })
  expect((await scene.victim.seal(random(1))).epoch).toBe(before.epoch)
  const bare = await makeScene(policy, [code, ...also])
  const again = await rawCommit(bare.mallory, bare.world, await attack(bare))
  expect(await bare.victim.process(again.commit)).toMatchObject({ kind: 'commit' })
}

const newcomer = async (world: World, admission = world.admission) =>
  addOf(await rawKeyPackage(world, { admission }))

describe('[GRP4] what an Add needs', () => {
  test('[GRP4] an Add with both the PSK and an admission code is accepted', async () => {
    const { world, victim, mallory } = await makeScene({}, [])
    const { commit } = await rawCommit(mallory, world, {
      proposals: [await newcomer(world), groupPsk(world)],
    })
    expect(await victim.process(commit)).toMatchObject({ kind: 'commit', view: { change: { added: [4] } } })
  })

  test('[GRP4] an Add without the PSK is refused', () =>
    expectRefused(async ({ world }) => ({ proposals: [await newcomer(world)] }), 'psk-missing'))

  test('[GRP4] an Add with the PSK under a short nonce is refused', () =>
    expectRefused(async ({ world }) => {
      const preSharedKeyId = {
        psktype: 'external' as const,
        pskId: pskIdOf(world.groupId),
        pskNonce: random(32),
      }
      return { proposals: [await newcomer(world), { proposalType: 'psk', psk: { preSharedKeyId } }] }
    }, 'psk-invalid'))

  test('[GRP4] an Add with another PSK is refused', async () => {
    const { world, victim, mallory } = await makeScene({}, [])
    const preSharedKeyId = { psktype: 'external' as const, pskId: pskIdOf(random(16)), pskNonce: random(64) }
    const other: Proposal = { proposalType: 'psk', psk: { preSharedKeyId } }
    const { commit } = await rawCommit(mallory, world, { proposals: [await newcomer(world), other] })
    expect(await victim.process(commit)).toMatchObject({ kind: 'refused', code: 'psk-invalid' })
  })

  test('[GRP4] a PSK without an Add is refused', () =>
    expectRefused(async ({ world }) => ({ proposals: [groupPsk(world)] }), 'psk-invalid'))

  test('[GRP4] an Add without the admission code is refused', () =>
    expectRefused(
      async ({ world }) => ({ proposals: [await newcomer(world, random(32)), groupPsk(world)] }),
      'admission-invalid',
    ))

  test('[GRP4] a second Add of the same pseudonym is refused', () => {
    const pseudonym = random(16)
    return expectRefused(
      async ({ world }) => ({
        proposals: [
          addOf(await rawKeyPackage(world, { pseudonym })),
          addOf(await rawKeyPackage(world, { pseudonym })),
          groupPsk(world),
        ],
      }),
      'pseudonym-used',
      {},
      ['duplicate-member'],
    )
  })

  test('[GRP4] a key package is refused once its bearer has left, by those who joined later too', async () => {
    const { world, host, victim, bystander, mallory } = await makeScene({}, [])
    const own = await rawKeyPackage(world)
    const first = await rawCommit(mallory, world, { proposals: [addOf(own), groupPsk(world)] })
    for (const member of [host, victim, bystander]) await member.process(first.commit)
    await relay(host, { removes: [{ leaf: 4, warrant: { by: 'host' } }] }, [victim, bystander])
    await relay(host, { context: { policy: { lobby: false } } }, [victim, bystander])
    const [late, lax] = [engine(), engine('pseudonym-used')]
    await admit(world, host, late, [victim, bystander])
    await admit(world, host, lax, [victim, bystander, late])
    const thief = await rawMember(world, host, [victim, bystander, late, lax])
    const replay = await rawCommit(thief, world, { proposals: [addOf(own), groupPsk(world)] })
    expect(await victim.process(replay.commit)).toMatchObject({ kind: 'refused', code: 'pseudonym-used' })
    expect(await late.process(replay.commit)).toMatchObject({ kind: 'refused', code: 'pseudonym-used' })
    expect(await lax.process(replay.commit)).toMatchObject({ kind: 'commit' })
  })
})

describe('[GRP6] who may open the door', () => {
  const add: Attack = async ({ world }) => ({ proposals: [await newcomer(world), groupPsk(world)] })
  test('[GRP6] with the lobby on, an Add by a guest is refused', () =>
    expectRefused(add, 'not-host', { lobby: true }))
  test('[GRP2] nobody is added while the meeting is locked', async () => {
    const scene = await makeScene({}, [])
    const { world, host, victim, bystander } = scene
    await relay(host, { context: { policy: { lock: true } } }, [victim, bystander])
    const { keyPackage } = await engine().keyPackage(world)
    await expect(bystander.commit({ adds: [keyPackage], removes: [] })).rejects.toMatchObject({
      code: 'locked',
    })
    await relay(host, { context: { policy: { lock: false } } }, [victim, bystander])
    expect(await bystander.commit({ adds: [keyPackage], removes: [] })).toMatchObject({ joins: [4] })
  })
})

describe('[GRP7] what a Remove needs', () => {
  const remove = (warrant: Warrant[], leaf = 2): Crime => ({ proposals: [removeOf(leaf)], warrants: warrant })

  test('[GRP7] a Remove by a guest without a warrant is refused', () =>
    expectRefused(async () => remove([]), 'warrant-missing', {}, ['lobby-required']))
  test('[GRP7] a Remove by a guest who says it is a host is refused', () =>
    expectRefused(async () => remove([{ by: 'host' }]), 'warrant-missing', {}, ['lobby-required']))
  test("[GRP7] the server's warrant of another epoch is refused", () =>
    expectRefused(
      async ({ world }) => remove([{ by: 'server', signature: signGone(world, 2, 2) }]),
      'warrant-invalid',
    ))
  test("[GRP7] the server's warrant for another leaf is refused", () =>
    expectRefused(
      async ({ world }) => remove([{ by: 'server', signature: signGone(world, 3, 1) }]),
      'warrant-invalid',
    ))
  test("[GRP7] the server's warrant for another group is refused", () =>
    expectRefused(async ({ world }) => {
      const elsewhere = { ...world, groupId: random(16) }
      return remove([{ by: 'server', signature: signGone(elsewhere, 3, 2) }])
    }, 'warrant-invalid'))
  test("[GRP7] another server's warrant is refused", () =>
    expectRefused(
      async () => remove([{ by: 'server', signature: signGone(makeWorld(), 3, 2) }]),
      'warrant-invalid',
    ))
  test("[GRP7] the server's warrant for this leaf and epoch is accepted", async () => {
    const { world, victim, mallory } = await makeScene({}, [])
    const { commit } = await rawCommit(
      mallory,
      world,
      remove([{ by: 'server', signature: signGone(world, 3, 2) }]),
    )
    expect(await victim.process(commit)).toMatchObject({
      kind: 'commit',
      view: { change: { removed: [{ leaf: 2 }] } },
    })
  })
  test('[GRP7] a leave that somebody else signed is refused', () =>
    expectRefused(async ({ mallory, world }) => {
      const bytes = signedBytes('leave', world.groupId, leaveData(2))
      const signature = await suite.signature.sign(mallory.state.signaturePrivateKey, bytes)
      return remove([{ by: 'leaver', signature }])
    }, 'warrant-invalid'))
  test('[GRP7] a warrant too many is refused', () =>
    expectRefused(
      async ({ world }) =>
        remove([
          { by: 'server', signature: signGone(world, 3, 2) },
          { by: 'server', signature: random(64) },
        ]),
      'authenticated-data',
    ))
  test('[GRP7] authenticated data that is not ours is refused', () =>
    expectRefused(async () => ({ authenticatedData: random(20), withPath: true }), 'authenticated-data'))
  test('[GRP9] a host cannot remove anyone and leave the door open', async () => {
    const world = makeWorld()
    const [strict, lax] = [engine(), engine('lobby-required')]
    const host = await rawGroup(world, { hostSeed: world.hostSeed })
    const knocks = [await strict.keyPackage(world), await lax.keyPackage(world)]
    const adds = knocks.map(({ keyPackage }): Proposal => {
      return { proposalType: 'add', add: { keyPackage: decodeKeyPackageMessage(keyPackage) } }
    })
    adds.push(addOf(await rawKeyPackage(world)))
    const first = await rawCommit(host, world, {
      proposals: [...adds, groupPsk(world)],
      used: usedAfter(host, adds),
    })
    for (const member of [strict, lax]) await member.join(first.welcome as Uint8Array, world.expect)
    const seated = { ...host, state: first.next }
    const { commit } = await rawCommit(seated, world, remove([{ by: 'host' }], 3))
    expect(await strict.process(commit)).toMatchObject({ kind: 'refused', code: 'lobby-required' })
    expect(await lax.process(commit)).toMatchObject({ view: { context: { policy: { lobby: false } } } })
  })
  test('[GRP9] the engine of a host closes the door by itself', async () => {
    const { host, victim } = await makeScene({}, [])
    const warrant = { by: 'host' as const }
    const context = { policy: { lobby: false } }
    const { commit } = await host.commit({ adds: [], removes: [{ leaf: 2, warrant }], context })
    expect(await victim.process(commit)).toMatchObject({ view: { context: { policy: { lobby: true } } } })
  })
})

describe('[GRP7] proposals that no commit may carry', () => {
  test('[GRP7] an unknown proposal type is refused', () =>
    expectRefused(
      async () => ({ proposals: [{ proposalType: 0xf123, proposalData: random(8) }], withPath: true }),
      'proposal-type',
    ))
  test('[GRP7] a commit that changes nothing and has no path is refused', async () => {
    const { victim, world, mallory } = await makeScene({}, [])
    const odd: Proposal = { proposalType: 0xf123, proposalData: random(8) }
    const { commit } = await rawCommit(mallory, world, { proposals: [odd] })
    expect(await victim.process(commit)).toMatchObject({ kind: 'refused', code: 'proposal-type' })
  })
  test('[GRP7] removing the same leaf twice, or oneself, ends in a refusal of our own', async () => {
    const { host } = await makeScene({}, [])
    const warrant = { by: 'host' as const }
    const twice = [
      { leaf: 2, warrant },
      { leaf: 2, warrant },
    ]
    await expect(host.commit({ adds: [], removes: twice })).rejects.toMatchObject({ code: 'remove-invalid' })
    const own = [{ leaf: 0, warrant }]
    await expect(host.commit({ adds: [], removes: own })).rejects.toMatchObject({ code: 'remove-invalid' })
    const nobody = [{ leaf: 9, warrant }]
    await expect(host.commit({ adds: [], removes: nobody })).rejects.toMatchObject({ code: 'remove-invalid' })
  })
})

describe('[GRP2] who may change the context', () => {
  test('[GRP2] a policy change by a guest is refused', () =>
    expectRefused(
      async ({ mallory }) => ({
        proposals: [contextProposal({ ...mallory.context, policy: { ...OPEN_DOOR, audioLevel: true } })],
        withPath: true,
      }),
      'not-host',
    ))
  test('[GRP2] a guest that lists itself as host is refused', () =>
    expectRefused(
      async ({ mallory, world }) => {
        const publicKey = mallory.state.ratchetTree.flatMap((node) =>
          node?.nodeType === 'leaf' ? [node.leaf] : [],
        )[3]?.signaturePublicKey as Uint8Array
        const signer = { publicKey, signKey: mallory.state.signaturePrivateKey }
        const entry = await signHost(publicKey, world.groupId, signer, suite.signature)
        return {
          proposals: [contextProposal({ ...mallory.context, hosts: [...mallory.context.hosts, entry] })],
          withPath: true,
        }
      },
      'host-forged',
      {},
      ['not-host'],
    ))
  test('[GRP2] an extension beside the context, or in its place, is refused', async () => {
    const { victim, world, mallory } = await makeScene({}, [])
    const proposal: Proposal = {
      proposalType: 'group_context_extensions',
      groupContextExtensions: {
        extensions: [
          ...mallory.state.groupContext.extensions,
          { extensionType: 0xf011, extensionData: random(3) },
        ],
      },
    }
    const { commit } = await rawCommit(mallory, world, { proposals: [proposal], withPath: true })
    expect(await victim.process(commit)).toMatchObject({ kind: 'refused', code: 'context-invalid' })
  })
  test('[GRP2] a host changes policy and makes hosts, and its commit carries a path', async () => {
    const { host, victim, bystander } = await makeScene({}, [])
    const context = { descriptorVersion: 4, policy: { bridges: true }, makeHosts: [2] }
    const { answers, view } = await relay(host, { context }, [victim, bystander])
    const seen = answers[0]
    if (seen?.kind !== 'commit') throw new Error('refused')
    expect(seen.view.context).toEqual(view.context)
    expect(seen.view.members.map(({ host }) => host)).toEqual([true, false, true, false])
    const next = await relay(bystander, { context: { makeHosts: [1] } }, [host, victim])
    expect(next.answers.map(({ kind }) => kind)).toEqual(['commit', 'commit'])
  })
  test("[GRP2] nobody changes the room, the host's hash or the server's key, nor lowers the version", async () => {
    const { world } = await makeScene({}, [])
    const host = engine('context-invalid')
    await host.create({ ...world, hostSeed: world.hostSeed })
    const [strict, lax] = [engine(), engine('context-invalid')]
    await admit(world, host, strict)
    await admit(world, host, lax, [strict])
    const { commit } = await host.commit({ adds: [], removes: [], context: { descriptorVersion: 2 } })
    expect(await strict.process(commit)).toMatchObject({ kind: 'refused', code: 'context-invalid' })
    expect(await lax.process(commit)).toMatchObject({ kind: 'commit' })
  })
  test('[GRP2] the host who comes late, or comes back, claims its place with the room’s host key', async () => {
    const world = makeWorld()
    const [first, late] = [engine(), engine()]
    await first.create({ ...world, hostSeed: undefined })
    const joined = await admit(world, first, late)
    expect(joined.members.map(({ host }) => host)).toEqual([false, false])
    const { answers } = await relay(late, { context: { claimHost: world.hostSeed } }, [first])
    expect(answers[0]).toMatchObject({ kind: 'commit', view: { members: [{ host: false }, { host: true }] } })
    await expect(
      first.commit({ adds: [], removes: [], context: { claimHost: random(32) } }),
    ).rejects.toMatchObject({ code: 'bad-argument' })
  })
})

describe('[GRP10] who may be removed by who returns', () => {
  const resume =
    (signer: 'mallory' | 'nobody'): Attack =>
    async ({ world, mallory }) => {
      const signKey = signer === 'mallory' ? mallory.state.signaturePrivateKey : random(32)
      const own = await rawKeyPackage(world, { former: { leaf: 2, signKey } })
      return {
        proposals: [removeOf(2), addOf(own), groupPsk(world)],
        warrants: [{ by: 'resume', newKeyPackage: 0 }],
      }
    }
  test('[GRP10] a return that somebody else signed is refused', () =>
    expectRefused(resume('mallory'), 'resume-invalid'))
  test('[GRP10] a return with a random signature is refused', () =>
    expectRefused(resume('nobody'), 'resume-invalid'))
  test('[GRP10] a key package that resumes nobody removes nobody', () =>
    expectRefused(
      async ({ world }) => ({
        proposals: [removeOf(2), await newcomer(world), groupPsk(world)],
        warrants: [{ by: 'resume', newKeyPackage: 0 }],
      }),
      'resume-invalid',
    ))
  test('[GRP10] inspecting a return that is not proven says so', async () => {
    const { world, victim, mallory } = await makeScene({}, [])
    const own = await rawKeyPackage(world, {
      former: { leaf: 2, signKey: mallory.state.signaturePrivateKey },
    })
    expect(await victim.inspect(encodeKeyPackageMessage(own.publicPackage))).toMatchObject({ resumes: null })
  })
})

test('[GRP7] the authenticated data of two like commits differs, and so do their epochs', async () => {
  expect(encodeCommitData(random(16), [])).not.toEqual(encodeCommitData(random(16), []))
})
