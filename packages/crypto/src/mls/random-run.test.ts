import { expect, test } from 'vitest'
import { encodeHex } from '../bytes.ts'
import type { World } from './engine-fixtures.ts'
import { engine, makeWorld } from './engine-fixtures.ts'
import type { CommitInput, EpochView } from './group-engine.ts'
import type { MlsEngine } from './mls-engine.ts'
import { leaveData } from './signed-bytes.ts'

const MAX_MEMBERS = 7

/** A small generator with a seed (mulberry32), so that a failing run can be run again. */
function seeded(seed: number): (below: number) => number {
  let a = seed
  return (below) => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below)
  }
}

interface Step {
  world: World
  members: Map<number, MlsEngine>
  next: (below: number) => number
}

const pick = <T>(items: T[], next: Step['next']): T => items[next(items.length)] as T

async function planStep({ world, members, next }: Step) {
  const leaves = [...members.keys()]
  const by = pick(leaves, next)
  const kind = next(10)
  const newcomers: MlsEngine[] = []
  const input: CommitInput = { adds: [], removes: [] }
  if (kind < 5 && leaves.length < MAX_MEMBERS) {
    for (let i = 0; i <= next(2); i++) {
      const newcomer = engine()
      input.adds.push((await newcomer.keyPackage(world)).keyPackage)
      newcomers.push(newcomer)
    }
  }
  const leaving =
    kind >= 3 && kind < 8 && leaves.length > 3 ? leaves.filter((leaf) => leaf !== by && next(5) === 0) : []
  for (const leaf of leaving) {
    const signature = await (members.get(leaf) as MlsEngine).sign('leave', leaveData(leaf))
    input.removes.push({ leaf, warrant: { by: 'leaver', signature } })
  }
  return { by, newcomers, input, leaving }
}

async function takeStep(step: Step): Promise<EpochView> {
  const { world, members } = step
  const { by, newcomers, input, leaving } = await planStep(step)
  const committer = members.get(by) as MlsEngine
  const { commit, welcome, joins } = await committer.commit(input)
  const view = await committer.confirm()
  for (const [leaf, member] of [...members]) {
    if (leaf === by) continue
    const answer = await member.process(commit)
    expect(answer).toMatchObject(
      leaving.includes(leaf) ? { kind: 'removed', why: 'left' } : { kind: 'commit' },
    )
    if (leaving.includes(leaf)) members.delete(leaf)
  }
  for (const [i, newcomer] of newcomers.entries()) {
    const joined = await newcomer.join(welcome as Uint8Array, world.expect)
    expect(joined.self).toBe(joins[i])
    members.set(joined.self, newcomer)
  }
  return view
}

async function run(seed: number, steps: number): Promise<number> {
  const world = makeWorld()
  const first = engine()
  await first.create(world)
  const step: Step = { world, members: new Map([[0, first]]), next: seeded(seed) }
  for (let i = 0; i < steps; i++) {
    const view = await takeStep(step)
    // An empty path commit by anyone shows that all hold the same epoch, authenticator and members.
    if (i % 10 !== 9) continue
    const [by, committer] = pick([...step.members], step.next)
    const made = await committer.commit({ adds: [], removes: [] })
    const own = await committer.confirm()
    expect(own.epoch).toBe(view.epoch + 1)
    for (const [leaf, member] of step.members) {
      if (leaf === by) continue
      const answer = await member.process(made.commit)
      if (answer.kind !== 'commit') throw new Error(`seed ${seed} step ${i}: ${JSON.stringify(answer)}`)
      expect(encodeHex(answer.view.authenticator)).toBe(encodeHex(own.authenticator))
      expect(answer.view.members).toEqual(own.members)
      expect([answer.view.epoch, answer.view.self]).toEqual([own.epoch, leaf])
    }
  }
  return step.members.size
}

test('[GRP1] [GRP7] 200 random commits by random members leave everyone in one epoch, seed 7', async () => {
  expect(await run(7, 200)).toBeGreaterThan(2)
}, 180_000)
