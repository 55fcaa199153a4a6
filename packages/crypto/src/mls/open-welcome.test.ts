import { describe, expect, test } from 'vitest'
import { random } from '../bytes.ts'
import { groupPsk, rawCommit, rawGroup, usedAfter } from './attack-fixtures.ts'
import { pskProposal } from './commit-proposals.ts'
import type { World } from './engine-fixtures.ts'
import { admit, engine, makeMeeting, makeWorld, OPEN_DOOR, relay } from './engine-fixtures.ts'
import type { Expectation, MeetingContext, MeetingPolicy } from './group-engine.ts'
import { decodeKeyPackageMessage } from './key-package.ts'
import type { MlsCode } from './mls-error.ts'
import type { Proposal } from './mls-library.ts'
import { decodeUsed, encodeUsed } from './open-welcome.ts'

interface Trap {
  policy?: Partial<MeetingPolicy>
  /** What the fake group says of itself. */
  context?: Partial<MeetingContext>
  /** What the joiner expects, where it is not the world's. */
  expect?: Partial<Expectation>
  psks?: (world: World) => Proposal[]
  /** The PSK that the group's maker uses; the right one unless told. */
  psk?: Uint8Array
  groupId?: Uint8Array
  hostSeed?: boolean
  used?: string[]
}

/** Somebody else's group, with everything right but the trap, welcomes a joiner that keeps all rules but `waived`. */
async function lure(trap: Trap, ...waived: MlsCode[]) {
  const world = makeWorld(trap.policy)
  const joiner = engine(...waived)
  const { keyPackage } = await joiner.keyPackage(world)
  const theirs = { ...world, groupId: trap.groupId ?? world.groupId }
  const options = trap.hostSeed === true ? { hostSeed: world.hostSeed } : {}
  const group = await rawGroup(theirs, { context: trap.context ?? {}, ...options })
  const add: Proposal = { proposalType: 'add', add: { keyPackage: decodeKeyPackageMessage(keyPackage) } }
  const psks = (trap.psks ?? ((w: World) => [groupPsk(w)]))(world)
  const used = trap.used ?? usedAfter(group, [add])
  const crime = { proposals: [add, ...psks], used, ...(trap.psk === undefined ? {} : { psk: trap.psk }) }
  const { welcome } = await rawCommit(group, theirs, crime)
  return {
    world,
    joiner,
    join: () => joiner.join(welcome as Uint8Array, { ...world.expect, ...trap.expect }),
  }
}

async function expectRefused(trap: Trap, code: MlsCode) {
  const { joiner, join } = await lure(trap)
  await expect(join()).rejects.toMatchObject({ code })
  // Everything is erased: not even the right Welcome opens now.
  await expect(join()).rejects.toMatchObject({ code: 'no-key-package' })
  await expect(joiner.seal(random(1))).rejects.toMatchObject({ code: 'no-group' })
  const bare = await lure(trap, code)
  expect(await bare.join()).toMatchObject({ self: 1, epoch: 1 })
}

describe('[GRP5] a group that the server made', () => {
  test('[GRP5] the same group without a trap is joined', async () => {
    expect(await (await lure({})).join()).toMatchObject({ self: 1, epoch: 1, change: null })
  })
  test('[GRP5] a Welcome without a PSK is refused', () => expectRefused({ psks: () => [] }, 'welcome-psk'))
  test("[GRP5] a Welcome under another group's PSK id is refused", () =>
    expectRefused({ psks: () => [pskProposal(random(16), random(64))] }, 'welcome-psk'))
  test('[GRP5] a Welcome with a second PSK beside the right one is refused', () =>
    expectRefused({ psks: (world) => [groupPsk(world), pskProposal(random(16), random(64))] }, 'welcome-psk'))
  test('[GRP5] a Welcome with the right id by somebody who does not know the PSK does not open', async () => {
    const { join } = await lure({ psk: random(32) })
    await expect(join()).rejects.toMatchObject({ code: 'welcome-psk' })
    // Nor does it where the rule is missing: here the cipher itself is the defence.
    const bare = await lure({ psk: random(32) }, 'welcome-psk')
    await expect(bare.join()).rejects.toMatchObject({ code: 'welcome-psk' })
  })
  test('[GRP5] another group than the one knocked at is refused', () =>
    expectRefused({ groupId: random(16) }, 'welcome-group'))
})

describe('[GRP5] a meeting that is not the one of link and descriptor', () => {
  test('[GRP5] another room is refused', () =>
    expectRefused({ context: { room: 'ponmlkjihgfedcba' } }, 'welcome-context'))
  test('[GRP5] another host is refused', () =>
    expectRefused({ context: { hostHash: random(16) } }, 'welcome-context'))
  test('[GRP5] nobody hosting, where somebody should, is refused', () =>
    expectRefused({ context: { hostHash: new Uint8Array(16) } }, 'welcome-context'))
  test("[GRP7] another server's key is refused", () =>
    expectRefused({ context: { serverKey: random(32) } }, 'welcome-context'))
  test('[LINK3] an older descriptor is refused', () =>
    expectRefused({ context: { descriptorVersion: 2 } }, 'welcome-context'))
  test('[LINK3] a newer descriptor than the one shown is refused', () =>
    expectRefused({ context: { descriptorVersion: 4 } }, 'welcome-context'))
  test('[GRP5] an open door, where the descriptor says lobby, is refused', () =>
    expectRefused({ policy: { lobby: true }, context: { policy: OPEN_DOOR } }, 'welcome-context'))
  test('[GRP9] a door that was closed since is no reason to refuse, when a host lets in', async () => {
    const closed = { ...OPEN_DOOR, lobby: true }
    const { join } = await lure({ context: { policy: closed }, hostSeed: true })
    expect(await join()).toMatchObject({ context: { policy: { lobby: true } } })
  })
})

describe('[GRP5] who may let in', () => {
  test('[GRP5] with the lobby on, a Welcome by somebody who is no host is refused', () =>
    expectRefused({ policy: { lobby: true } }, 'welcome-signer'))
  test('[GRP5] with the lobby on, a host’s Welcome is accepted', async () => {
    expect(await (await lure({ policy: { lobby: true }, hostSeed: true })).join()).toMatchObject({ self: 1 })
  })
  test('[GRP10] a member known from before lets back in, a stranger does not', async () => {
    const { world, host, guests } = await makeMeeting(2, { lobby: true })
    const [ann, ben] = guests as [typeof host, typeof host]
    const { keyPackage } = await ben.keyPackage({ ...world, resume: true })
    const warrant = { by: 'resume' as const, newKeyPackage: 0 }
    const { welcome } = await relay(ann, { adds: [keyPackage], removes: [{ leaf: 2, warrant }] }, [host])
    expect(await ben.join(welcome as Uint8Array, world.expect)).toMatchObject({ self: 2 })
    const again = await ben.keyPackage({ ...world, resume: true })
    const stranger = await rawGroup(world)
    const add: Proposal = {
      proposalType: 'add',
      add: { keyPackage: decodeKeyPackageMessage(again.keyPackage) },
    }
    const used = usedAfter(stranger, [add])
    const forged = await rawCommit(stranger, world, { proposals: [add, groupPsk(world)], used })
    await expect(ben.join(forged.welcome as Uint8Array, world.expect)).rejects.toMatchObject({
      code: 'welcome-signer',
    })
  })
})

describe('[GRP4] what a newcomer learns of the past', () => {
  test('[GRP4] a Welcome that keeps silent about who was here is refused', async () => {
    const { join } = await lure({ used: [] })
    await expect(join()).rejects.toMatchObject({ code: 'welcome-invalid' })
  })
  test('[GRP4] the list of pseudonyms survives its encoding', () => {
    const used = ['AAAAAAAAAAAAAAAAAAAAAA', 'AQEBAQEBAQEBAQEBAQEBAQ']
    expect(decodeUsed(encodeUsed(used))).toEqual(used)
    expect(decodeUsed(random(7))).toBeUndefined()
  })
})

describe('[GRP5] Welcomes that are not for us', () => {
  test('[GRP5] a Welcome for another key package is told apart, and ours stays usable', async () => {
    const world = makeWorld()
    const [host, joiner, other] = [engine(), engine(), engine()]
    await host.create({ ...world, hostSeed: world.hostSeed })
    const stray = await relay(host, { adds: [(await other.keyPackage(world)).keyPackage] }, [])
    const { keyPackage } = await joiner.keyPackage(world)
    const strayWelcome = stray.welcome as Uint8Array
    await expect(joiner.join(strayWelcome, world.expect)).rejects.toMatchObject({ code: 'welcome-not-ours' })
    await expect(joiner.join(random(300), world.expect)).rejects.toMatchObject({ code: 'welcome-not-ours' })
    const { welcome } = await relay(host, { adds: [keyPackage] }, [])
    expect(await joiner.join(welcome as Uint8Array, world.expect)).toMatchObject({ self: 2 })
  })
  test('[GRP5] a Welcome opens once', async () => {
    const world = makeWorld()
    const [host, joiner] = [engine(), engine()]
    await host.create({ ...world, hostSeed: world.hostSeed })
    const { welcome } = await relay(host, { adds: [(await joiner.keyPackage(world)).keyPackage] }, [])
    await joiner.join(welcome as Uint8Array, world.expect)
    await expect(joiner.join(welcome as Uint8Array, world.expect)).rejects.toMatchObject({
      code: 'no-key-package',
    })
  })
  test('[GRP5] a Welcome of which one byte was changed is refused', async () => {
    const world = makeWorld()
    const host = engine()
    await host.create({ ...world, hostSeed: world.hostSeed })
    for (const part of [0.5, 0.99]) {
      const joiner = engine()
      const { welcome } = await relay(host, { adds: [(await joiner.keyPackage(world)).keyPackage] }, [])
      const bytes = welcome as Uint8Array
      const at = Math.floor(bytes.length * part)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      await expect(joiner.join(bytes, world.expect)).rejects.toMatchObject({ name: 'MlsError' })
    }
  })
  test('[GRP4] two newcomers of one commit both join', async () => {
    const world = makeWorld()
    const [host, first, second] = [engine(), engine(), engine()]
    await host.create({ ...world, hostSeed: world.hostSeed })
    const adds = [(await first.keyPackage(world)).keyPackage, (await second.keyPackage(world)).keyPackage]
    const { welcome, joins, view } = await relay(host, { adds }, [])
    expect(joins).toEqual([1, 2])
    const views = await Promise.all(
      [first, second].map((one) => one.join(welcome as Uint8Array, world.expect)),
    )
    expect(views.map(({ baseKey }) => baseKey)).toEqual([view.baseKey, view.baseKey])
    await admit(world, second, engine(), [host, first])
  })
})
