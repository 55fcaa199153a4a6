import { expect, test } from 'vitest'
import { utf8 } from '../bytes.ts'
import { createGroupEngine } from './create-group-engine.ts'
import { admit, engine, makeMeeting, makeWorld, relay, signGone } from './engine-fixtures.ts'
import { leaveData } from './signed-bytes.ts'

test('[GRP1] [KEY1] two engines on the X-Wing suite share an epoch, its base key and messages', async () => {
  const world = makeWorld()
  const alice = createGroupEngine()
  const first = await alice.create(world)
  expect([first.epoch, first.self, first.members.length, first.change]).toEqual([0, 0, 1, null])
  const bob = createGroupEngine()
  const joined = await admit(world, alice, bob)
  expect(joined.self).toBe(1)
  const sealed = await alice.seal(utf8('bonjour'))
  expect(await bob.process(sealed.body)).toEqual({
    kind: 'application',
    leaf: 0,
    epoch: 1,
    data: utf8('bonjour'),
  })
  const { view, answers } = await relay(bob, {}, [alice])
  const seen = answers[0]
  if (seen?.kind !== 'commit') throw new Error('refused')
  expect(seen.view.baseKey).toEqual(view.baseKey)
  expect(seen.view.authenticator).toEqual(view.authenticator)
  expect(view.baseKey).not.toEqual(joined.baseKey)
  expect(view.authenticator).toHaveLength(64)
})

test('[GRP1] with the lobby on only a host creates the group', async () => {
  const world = makeWorld({ lobby: true })
  const create = createGroupEngine().create({ ...world, hostSeed: undefined })
  await expect(create).rejects.toMatchObject({ code: 'not-host' })
  const view = await createGroupEngine().create(world)
  expect(view.members.map(({ host }) => host)).toEqual([true])
})

test('[GRP1] where nobody hosts there is no lobby and no host', async () => {
  const { hostSeed: _, ...world } = makeWorld()
  const context = { ...world.context, hostHash: new Uint8Array(16) }
  const [alice, bob] = [createGroupEngine(), createGroupEngine()]
  const closed = { ...context, policy: { ...context.policy, lobby: true } }
  const create = createGroupEngine().create({ ...world, context: closed, hostSeed: new Uint8Array(32) })
  await expect(create).rejects.toMatchObject({ code: 'bad-argument' })
  await alice.create({ ...world, context })
  const { keyPackage } = await bob.keyPackage(world)
  const { welcome } = await relay(alice, { adds: [keyPackage] }, [])
  const view = await bob.join(welcome as Uint8Array, { ...world.expect, hostHash: new Uint8Array(16) })
  expect(view.members.map(({ host }) => host)).toEqual([false, false])
  const change = { context: { policy: { lobby: true } } }
  await expect(bob.commit({ adds: [], removes: [], ...change })).rejects.toMatchObject({ code: 'not-host' })
})

test('[GRP7] a leaver signs, anyone commits the Remove, and the leaver knows why it is out', async () => {
  const { guests, host } = await makeMeeting(3)
  const [ann, ben, cid] = guests as [typeof host, typeof host, typeof host]
  const signature = await ben.sign('leave', leaveData(2))
  const warrant = { by: 'leaver' as const, signature }
  const { view, answers } = await relay(ann, { removes: [{ leaf: 2, warrant }] }, [host, cid, ben])
  expect(answers.map(({ kind }) => kind)).toEqual(['commit', 'commit', 'removed'])
  expect(answers[2]).toEqual({ kind: 'removed', by: 1, why: 'left' })
  expect(view.change?.removed).toEqual([{ leaf: 2, pseudonym: expect.any(String), why: 'left' }])
  await expect(ben.seal(utf8('x'))).rejects.toMatchObject({ code: 'closed' })
})

test('[GRP7] the server may say that a leaf is gone, in this epoch', async () => {
  const { world, guests, host } = await makeMeeting(2)
  const [ann] = guests as [typeof host]
  const warrant = { by: 'server' as const, signature: signGone(world, 2, 2) }
  const { answers } = await relay(ann, { removes: [{ leaf: 2, warrant }] }, [host])
  expect(answers[0]).toMatchObject({
    kind: 'commit',
    view: { change: { removed: [{ leaf: 2, why: 'gone' }] } },
  })
})

test('[GRP10] of several who return and one who is new, each leaf is named beside the one it takes the place of', async () => {
  const { world, guests, host } = await makeMeeting(3)
  const [ann, ben, cleo] = guests as [typeof host, typeof host, typeof host]
  const knocks = await Promise.all([
    cleo.keyPackage({ ...world, resume: true }),
    engine().keyPackage(world),
    ben.keyPackage({ ...world, resume: true }),
  ])
  const adds = knocks.map(({ keyPackage }) => keyPackage)
  const pseudonyms: string[] = []
  for (const add of adds) pseudonyms.push((await host.inspect(add)).pseudonym)
  const removes = [
    { leaf: 2, warrant: { by: 'resume' as const, newKeyPackage: 2 } },
    { leaf: 3, warrant: { by: 'resume' as const, newKeyPackage: 0 } },
  ]
  const { view, answers } = await relay(host, { adds, removes }, [ann])
  expect(answers[0]).toMatchObject({ view: { change: view.change } })
  const successor = (leaf: number) => {
    const back = view.change?.removed.find((removed) => removed.leaf === leaf)?.resumedAs
    return view.members.find((member) => member.leaf === back)?.pseudonym
  }
  expect([successor(3), successor(2)]).toEqual([pseudonyms[0], pseudonyms[2]])
})

test('[GRP9] a host removes anyone, and the lobby goes on in the same commit', async () => {
  const { guests, host } = await makeMeeting(2)
  const [ann, ben] = guests as [typeof host, typeof host]
  const { view, answers } = await relay(host, { removes: [{ leaf: 2, warrant: { by: 'host' } }] }, [ann, ben])
  expect(answers[1]).toEqual({ kind: 'removed', by: 0, why: 'removed' })
  expect(answers[0]).toMatchObject({ kind: 'commit', view: { context: { policy: { lobby: true } } } })
  expect(view.context.policy.lobby).toBe(true)
  expect(answers[0]).toMatchObject({ view: { baseKey: view.baseKey } })
})

test('[GRP10] who returns is removed and added in one commit, by any member, the lobby notwithstanding', async () => {
  const { world, guests, host } = await makeMeeting(2, { lobby: true })
  const [ann, ben] = guests as [typeof host, typeof host]
  const { keyPackage } = await ben.keyPackage({ ...world, resume: true })
  expect(await ann.inspect(keyPackage)).toMatchObject({ resumes: 2 })
  const warrant = { by: 'resume' as const, newKeyPackage: 0 }
  const made = await relay(ann, { adds: [keyPackage], removes: [{ leaf: 2, warrant }] }, [host, ben])
  expect(made.answers.map(({ kind }) => kind)).toEqual(['commit', 'removed'])
  expect(made.view.change?.removed).toMatchObject([{ leaf: 2, why: 'resumed', resumedAs: 2 }])
  expect(made.answers[0]).toMatchObject({ view: { change: made.view.change } })
  const view = await ben.join(made.welcome as Uint8Array, world.expect)
  expect(view.self).toBe(2)
  expect(view.baseKey).toEqual(made.view.baseKey)
})
