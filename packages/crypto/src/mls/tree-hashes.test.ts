import { verifyParentHashes } from 'ts-mls/parentHash.js'
import { treeHashRoot } from 'ts-mls/treeHash.js'
import { describe, expect, test } from 'vitest'
import { random } from '../bytes.ts'
import { rawMember, suite } from './attack-fixtures.ts'
import { checkRatchetTree } from './check-ratchet-tree.ts'
import { admit, engine, makeWorld, relay } from './engine-fixtures.ts'
import type { Epoch } from './group-state.ts'
import type { RatchetTree } from './mls-library.ts'
import { leaveData } from './signed-bytes.ts'
import { TreeHashes } from './tree-hashes.ts'

/** A tree with filled, blank and unmerged places, as a newcomer at leaf 7 sees it. */
async function makeTree(): Promise<Epoch> {
  const world = makeWorld()
  const members = Array.from({ length: 7 }, () => engine())
  const [first, ...rest] = members as [ReturnType<typeof engine>, ...ReturnType<typeof engine>[]]
  await first.create({ ...world, hostSeed: world.hostSeed })
  for (const [i, member] of rest.entries()) await admit(world, first, member, rest.slice(0, i))
  for (const by of [1, 3, 5])
    await relay(
      members[by]!,
      {},
      members.filter((_, i) => i !== by),
    )
  const signature = await members[2]!.sign('leave', leaveData(2))
  const removes = [{ leaf: 2, warrant: { by: 'leaver' as const, signature } }]
  const staying = members.filter((_, i) => i !== 2)
  await relay(
    members[4]!,
    { removes },
    staying.filter((member) => member !== members[4]),
  )
  await relay(first, {}, staying.slice(1))
  const back = engine()
  await admit(world, first, back, staying.slice(1))
  return rawMember(world, first, [...staying.slice(1), back])
}

const { state } = await makeTree()
const { ratchetTree, groupContext } = state

function changed(
  at: number,
  change: (node: NonNullable<RatchetTree[number]>) => RatchetTree[number],
): RatchetTree {
  const copy = ratchetTree.slice()
  copy[at] = change(ratchetTree[at]!)
  return copy
}

const parents = [...ratchetTree.entries()].filter(([, node]) => node?.nodeType === 'parent').map(([i]) => i)

describe('[GRP5] the tree in a Welcome', () => {
  test('[GRP5] has parents, blanks and unmerged leaves to check', () => {
    const unmerged = ratchetTree.flatMap((node) =>
      node?.nodeType === 'parent' ? node.parent.unmergedLeaves : [],
    )
    expect(parents.length).toBeGreaterThan(2)
    expect(new Set(unmerged)).toEqual(new Set([2, 7]))
  })

  test('[GRP5] hashes to what the library makes of it, and holds', async () => {
    const hashes = new TreeHashes(ratchetTree, suite)
    expect(await hashes.root()).toEqual(await treeHashRoot(ratchetTree, suite.hash))
    expect(await hashes.parentsHold()).toBe(true)
    expect(await verifyParentHashes(ratchetTree, suite.hash)).toBe(true)
    expect(await checkRatchetTree(ratchetTree, groupContext, suite)).toBe(true)
  })

  test('[GRP5] a parent that nobody below it committed does not hold', async () => {
    for (const at of parents) {
      const forged = changed(at, (node) => {
        if (node.nodeType !== 'parent') return node
        return { ...node, parent: { ...node.parent, hpkePublicKey: random(32) } }
      })
      expect(await new TreeHashes(forged, suite).parentsHold()).toBe(false)
      const context = { ...groupContext, treeHash: await treeHashRoot(forged, suite.hash) }
      expect(await checkRatchetTree(forged, context, suite)).toBe(false)
    }
  })

  test('[GRP5] an unmerged leaf that is hidden, or made up, does not hold', async () => {
    for (const at of parents) {
      const node = ratchetTree[at]!
      if (node.nodeType !== 'parent') continue
      const { unmergedLeaves } = node.parent
      const other = unmergedLeaves.length > 0 ? [] : [0]
      const forged = changed(at, () => ({ ...node, parent: { ...node.parent, unmergedLeaves: other } }))
      expect(await new TreeHashes(forged, suite).parentsHold()).toBe(false)
    }
  })

  test('[GRP5] another tree hash, a leaf in a parent’s place, or a damaged leaf signature is refused', async () => {
    const elsewhere = { ...groupContext, treeHash: random(64) }
    expect(await checkRatchetTree(ratchetTree, elsewhere, suite)).toBe(false)
    const misplaced = changed(1, () => ratchetTree[0])
    expect(await checkRatchetTree(misplaced, groupContext, suite)).toBe(false)
    const unsigned = changed(0, (node) => {
      if (node.nodeType !== 'leaf') return node
      return { ...node, leaf: { ...node.leaf, signature: random(64) } }
    })
    const context = { ...groupContext, treeHash: await treeHashRoot(unsigned, suite.hash) }
    expect(await checkRatchetTree(unsigned, context, suite)).toBe(false)
  })
})
