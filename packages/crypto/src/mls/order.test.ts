import { describe, expect, test } from 'vitest'
import { random, utf8 } from '../bytes.ts'
import { rawCommit, rawMember } from './attack-fixtures.ts'
import { admit, engine, makeMeeting, makeWorld, relay } from './engine-fixtures.ts'
import type { MlsEngine } from './mls-engine.ts'

type Trio = [MlsEngine, MlsEngine, MlsEngine]

async function trio() {
  const { world, members } = await makeMeeting(2)
  return { world, members: members as Trio }
}

const nothing = { adds: [], removes: [] }

describe('[ORD2] own commits', () => {
  test('[ORD2] a commit takes effect with its echo, not before', async () => {
    const { members } = await trio()
    const [host, ann] = members
    const made = await host.commit(nothing)
    expect(made.epoch).toBe(2)
    expect((await host.seal(utf8('still here'))).epoch).toBe(2)
    await expect(host.commit(nothing)).rejects.toMatchObject({ code: 'commit-pending' })
    const view = await host.confirm()
    expect(view.epoch).toBe(3)
    expect(await ann.process(made.commit)).toMatchObject({ view: { epoch: 3, baseKey: view.baseKey } })
    await expect(host.confirm()).rejects.toMatchObject({ code: 'no-commit-pending' })
  })

  test('[ORD2] the echo given to process confirms as well', async () => {
    const { members } = await trio()
    const made = await members[0].commit(nothing)
    expect(await members[0].process(made.commit)).toMatchObject({ kind: 'commit', view: { epoch: 3 } })
  })

  test('[ORD2] the loser drops its own, takes the winner and rebuilds', async () => {
    const { members } = await trio()
    const [host, ann, ben] = members
    const won = await ann.commit(nothing)
    await host.commit(nothing)
    await ann.confirm()
    expect(await host.process(won.commit)).toMatchObject({ kind: 'commit', view: { epoch: 3 } })
    await ben.process(won.commit)
    await expect(host.confirm()).rejects.toMatchObject({ code: 'no-commit-pending' })
    const { answers } = await relay(host, {}, [ann, ben])
    expect(answers.map(({ kind }) => kind)).toEqual(['commit', 'commit'])
  })

  test('[ORD2] a commit that was discarded can be made again in the same epoch', async () => {
    const { members } = await trio()
    const [host, ann, ben] = members
    const first = await host.commit(nothing)
    await host.discard()
    await host.discard()
    const { answers, commit } = await relay(host, {}, [ann, ben])
    expect(commit).not.toEqual(first.commit)
    expect(answers.map(({ kind }) => kind)).toEqual(['commit', 'commit'])
  })
})

describe('[LIB1] messages around a commit', () => {
  test('[LIB1] messages of the former epoch still open after a commit, on both sides, and only once', async () => {
    const { members } = await trio()
    const [host, ann, ben] = members
    const early = await ann.seal(utf8('early'))
    const made = await host.commit(nothing)
    expect(await host.process(early.body)).toMatchObject({ kind: 'application', epoch: 2, leaf: 1 })
    const late = await ann.seal(utf8('late'))
    await host.confirm()
    await ben.process(made.commit)
    expect(await host.process(late.body)).toMatchObject({ kind: 'application', epoch: 2, data: utf8('late') })
    expect(await ben.process(early.body)).toMatchObject({
      kind: 'application',
      epoch: 2,
      data: utf8('early'),
    })
    for (const message of [early, late])
      expect(await host.process(message.body)).toEqual({ kind: 'unauthentic' })
  })

  test('[LIB1] messages of one epoch open in any order, each once', async () => {
    const { members } = await trio()
    const [host, ann] = members
    const sealed = [await ann.seal(utf8('0')), await ann.seal(utf8('1')), await ann.seal(utf8('2'))]
    for (const i of [2, 0, 1]) {
      expect(await host.process(sealed[i]?.body as Uint8Array)).toMatchObject({ data: utf8(String(i)) })
    }
    for (const { body } of sealed) expect(await host.process(body)).toEqual({ kind: 'unauthentic' })
  })

  test('[LIB1] two epochs back is too old, one ahead too new', async () => {
    const { members } = await trio()
    const [host, ann, ben] = members
    const old = await ben.seal(utf8('old'))
    await relay(host, {}, [ann, ben])
    const { commit } = await relay(host, {}, [ann, ben])
    expect(await ann.process(old.body)).toEqual({ kind: 'unauthentic' })
    expect(await ann.process(commit)).toEqual({ kind: 'unauthentic' })
    const next = await ben.commit(nothing)
    await ben.confirm()
    const ahead = await ben.seal(utf8('ahead'))
    expect(await ann.process(ahead.body)).toEqual({ kind: 'unauthentic' })
    expect(await ann.process(next.commit)).toMatchObject({ kind: 'commit' })
    expect(await ann.process(ahead.body)).toMatchObject({ kind: 'application', data: utf8('ahead') })
  })
})

describe('[ORD3] refusals and strikes', () => {
  test('[ORD3] bytes that nobody wrote change nothing', async () => {
    const { members } = await trio()
    const [host, ann, ben] = members
    const { commit } = await ann.commit(nothing)
    const before = await host.seal(utf8('x'))
    for (const part of [0.02, 0.3, 0.6, 0.999]) {
      const damaged = commit.slice()
      const at = Math.floor(damaged.length * part)
      damaged[at] = (damaged[at] ?? 0) ^ 0x10
      expect(await host.process(damaged)).toEqual({ kind: 'unauthentic' })
    }
    for (const size of [0, 1, 40, 5000])
      expect(await host.process(random(size))).toEqual({ kind: 'unauthentic' })
    expect(await host.process(new Uint8Array((1 << 20) + 1))).toEqual({ kind: 'unauthentic' })
    expect((await host.seal(utf8('x'))).epoch).toBe(before.epoch)
    expect(await host.process(commit)).toMatchObject({ kind: 'commit' })
    expect(await ben.process(commit)).toMatchObject({ kind: 'commit' })
  })

  test('[ORD3] a refused commit leaves the state as it was, and the next one is taken', async () => {
    const world = makeWorld()
    const [host, ann] = [engine(), engine()]
    await host.create({ ...world, hostSeed: world.hostSeed })
    await admit(world, host, ann)
    const mallory = await rawMember(world, host, [ann])
    const { commit } = await rawCommit(mallory, world, { authenticatedData: random(3), withPath: true })
    expect(await ann.process(commit)).toMatchObject({ kind: 'refused', code: 'authenticated-data' })
    expect(await ann.process(commit)).toMatchObject({ kind: 'refused', code: 'authenticated-data' })
    const good = await rawCommit(mallory, world, { withPath: true })
    expect(await ann.process(good.commit)).toMatchObject({ kind: 'commit' })
    expect(await host.process(good.commit)).toMatchObject({ kind: 'commit' })
  })

  test('[ORD3] after a strike all are back in the epoch before, and go on from there', async () => {
    const { members } = await trio()
    const [host, ann, ben] = members
    const { view: before } = await relay(host, {}, [ann, ben])
    const { commit, view: struck } = await relay(ann, {}, [host, ben])
    for (const member of members) {
      expect(await member.rollback()).toMatchObject({ epoch: 3, baseKey: before.baseKey, change: null })
    }
    for (const member of members) {
      expect(await member.process(commit)).toMatchObject({ kind: 'refused', code: 'replayed-commit' })
    }
    const message = await ben.seal(utf8('again'))
    expect(await host.process(message.body)).toMatchObject({ kind: 'application', data: utf8('again') })
    const { view, answers } = await relay(ann, {}, [host, ben])
    expect(answers.map(({ kind }) => kind)).toEqual(['commit', 'commit'])
    expect(view.epoch).toBe(struck.epoch)
    expect(view.baseKey).not.toEqual(struck.baseKey)
  })

  test('[ORD3] exactly one former state is kept', async () => {
    const { members } = await trio()
    const [host, ann, ben] = members
    await relay(host, {}, [ann, ben])
    await relay(host, {}, [ann, ben])
    await ann.rollback()
    await expect(ann.rollback()).rejects.toMatchObject({ code: 'nothing-to-roll-back' })
  })

  test('[ORD3] a removal that was struck brings the removed member back', async () => {
    const { members } = await trio()
    const [host, ann, ben] = members
    await relay(host, { removes: [{ leaf: 2, warrant: { by: 'host' } }] }, [ann, ben])
    await expect(ben.seal(utf8('x'))).rejects.toMatchObject({ code: 'closed' })
    for (const member of members) await member.rollback()
    const { body } = await ben.seal(utf8('back'))
    expect(await host.process(body)).toMatchObject({ kind: 'application', leaf: 2, data: utf8('back') })
  })

  test('[ORD3] who was added by a struck commit has nothing to go back to, and may be added again', async () => {
    const { world, members } = await trio()
    const [host, ann, ben] = members
    const newcomer = engine()
    await admit(world, host, newcomer, [ann, ben])
    await expect(newcomer.rollback()).rejects.toMatchObject({ code: 'nothing-to-roll-back' })
    for (const member of members) await member.rollback()
    const fresh = engine()
    expect(await admit(world, ann, fresh, [host, ben])).toMatchObject({ self: 3, epoch: 3 })
  })

  test('[ORD3] a message of the former epoch opens once, whether that epoch comes back or not', async () => {
    const { members } = await trio()
    const [host, ann, ben] = members
    const { body } = await ben.seal(utf8('once'))
    await relay(host, {}, [ann, ben])
    expect(await ann.process(body)).toMatchObject({ kind: 'application' })
    await ann.rollback()
    expect(await ann.process(body)).toEqual({ kind: 'unauthentic' })
    await host.rollback()
    expect(await host.process(body)).toMatchObject({ kind: 'application' })
  })
})

describe('[ORD4] what an engine that has no group says', () => {
  test('[ORD4] every call ends with a code', async () => {
    const empty = engine()
    const code = 'no-group'
    await expect(empty.seal(utf8('x'))).rejects.toMatchObject({ code })
    await expect(empty.commit(nothing)).rejects.toMatchObject({ code })
    await expect(empty.process(random(9))).rejects.toMatchObject({ code })
    await expect(empty.inspect(random(9))).rejects.toMatchObject({ code })
    await expect(empty.rollback()).rejects.toMatchObject({ code: 'nothing-to-roll-back' })
    await expect(empty.join(random(9), makeWorld().expect)).rejects.toMatchObject({ code: 'no-key-package' })
    empty.close()
    await expect(empty.seal(utf8('x'))).rejects.toMatchObject({ code: 'closed' })
  })

  test('[ORD4] a second create, and arguments of the wrong size, are refused', async () => {
    const { world, members } = await trio()
    await expect(members[0].create(world)).rejects.toMatchObject({ code: 'already-in-group' })
    const code = 'bad-argument'
    await expect(engine().create({ ...world, groupId: random(4) })).rejects.toMatchObject({ code })
    await expect(engine().keyPackage({ ...world, psk: random(4) })).rejects.toMatchObject({ code })
    await expect(engine().create({ ...world, hostSeed: random(32) })).rejects.toMatchObject({ code })
    await expect(members[0].sign('host', random(4))).rejects.toMatchObject({ code })
    await expect(members[0].sign('resume', random(4))).rejects.toMatchObject({ code })
  })

  test('[ORD4] calls made at once are carried out one after another', async () => {
    const { members } = await trio()
    const [host, ann] = members
    const sealed = await Promise.all(Array.from({ length: 10 }, (_, i) => host.seal(utf8(String(i)))))
    const opened = await Promise.all(sealed.map(({ body }) => ann.process(body)))
    const texts = opened.map((one) => (one.kind === 'application' ? one.data : null))
    expect(texts).toEqual(Array.from({ length: 10 }, (_, i) => utf8(String(i))))
  })
})
