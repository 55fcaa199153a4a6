/**
 * The comparison of trees after a commit [GRP7]: what changed must be exactly what the commit was allowed to do.
 * The library checks that a tree is sound; this checks that it is the tree that was meant.
 */
import { encodeHex, equal } from '../bytes.ts'
import { leafAt, leavesOf, MAX_LEAVES, sameLeaf } from './group-state.ts'
import type { Plan } from './judge-commit.ts'
import { isPlainLeaf, pseudonymOf } from './key-package.ts'
import { MlsError } from './mls-error.ts'
import type { ClientState, Extension, LeafNode, RatchetTree } from './mls-library.ts'
import { encodeExtensions } from './mls-library.ts'
import type { Demand } from './refusal.ts'
import type { Suite } from './suite.ts'

/** Throws MlsError; answers the leaf of each add, in the commit's order. */
export function judgeTree(a: {
  before: ClientState
  after: ClientState
  plan: Plan
  suite: Suite
  demand: Demand
}): number[] {
  const { before, after, plan, suite, demand } = a
  judgeContextAfter(before, after, plan, demand)
  const joins = plan.adds.map(({ keyPackage }) => findLeaf(after.ratchetTree, keyPackage.leafNode))
  demand(!joins.includes(-1) && new Set(joins).size === joins.length, 'tree-changed')
  judgeUntouched(before.ratchetTree, after.ratchetTree, { plan, joins, demand })
  judgeCommitter(before.ratchetTree, after.ratchetTree, plan, demand)
  judgeMembers(after.ratchetTree, suite, demand)
  return joins
}

function findLeaf(tree: RatchetTree, wanted: LeafNode): number {
  return leavesOf(tree).find(([, leaf]) => sameLeaf(leaf, wanted))?.[0] ?? -1
}

function judgeContextAfter(before: ClientState, after: ClientState, plan: Plan, demand: Demand): void {
  const [old, now] = [before.groupContext, after.groupContext]
  const meant: Extension[] = plan.context?.extensions ?? old.extensions
  demand(equal(encodeExtensions(meant), encodeExtensions(now.extensions)), 'context-changed')
  const same =
    equal(old.groupId, now.groupId) && old.cipherSuite === now.cipherSuite && old.version === now.version
  demand(same && now.epoch === old.epoch + 1n, 'context-changed')
}

/** Nobody but removed, added and committing leaves may differ. */
function judgeUntouched(
  before: RatchetTree,
  after: RatchetTree,
  c: { plan: Plan; joins: number[]; demand: Demand },
): void {
  const removed = new Set(c.plan.removes.map(({ leaf }) => leaf))
  const joined = new Set(c.joins)
  const width = Math.max(before.length, after.length)
  for (let leaf = 0; 2 * leaf < width; leaf++) {
    const [old, now] = [leafAt(before, leaf), leafAt(after, leaf)]
    if (leaf === c.plan.sender) continue
    if (joined.has(leaf)) c.demand(old === undefined || removed.has(leaf), 'tree-changed')
    else if (removed.has(leaf)) c.demand(now === undefined, 'tree-changed')
    else if (old === undefined || now === undefined) c.demand(old === now, 'tree-changed')
    else c.demand(sameLeaf(old, now), 'tree-changed')
  }
}

/** A path renews the committer's encryption key and nothing else of it. */
function judgeCommitter(before: RatchetTree, after: RatchetTree, plan: Plan, demand: Demand): void {
  const [old, now] = [leafAt(before, plan.sender), leafAt(after, plan.sender)]
  if (old === undefined || now === undefined) throw new MlsError('committer-changed')
  if (!plan.hasPath) {
    demand(sameLeaf(old, now), 'committer-changed')
    return
  }
  demand(now.leafNodeSource === 'commit', 'committer-changed')
  demand(!equal(old.hpkePublicKey, now.hpkePublicKey), 'committer-changed')
  demand(equal(old.signaturePublicKey, now.signaturePublicKey), 'committer-changed')
  demand(pseudonymOf(old) === pseudonymOf(now), 'committer-changed')
  demand(JSON.stringify(old.capabilities) === JSON.stringify(now.capabilities), 'committer-changed')
  demand(equal(encodeExtensions(old.extensions), encodeExtensions(now.extensions)), 'committer-changed')
}

/** Every tree this client accepts, by commit or by Welcome: plain leaves, all different, all below 1,024 [KEY2]. */
export function judgeMembers(tree: RatchetTree, suite: Suite, demand: Demand): void {
  const leaves = leavesOf(tree)
  const unlike = (property: (leaf: LeafNode) => string | undefined) =>
    new Set(leaves.map(([, leaf]) => property(leaf))).size === leaves.length
  demand(
    leaves.every(([index]) => index < MAX_LEAVES),
    'leaf-out-of-range',
  )
  demand(unlike(pseudonymOf), 'duplicate-member')
  demand(
    unlike((leaf) => encodeHex(leaf.signaturePublicKey)),
    'duplicate-member',
  )
  demand(
    unlike((leaf) => encodeHex(leaf.hpkePublicKey)),
    'duplicate-member',
  )
  demand(
    leaves.every(([, leaf]) => isPlainLeaf(leaf, suite)),
    'tree-changed',
  )
  const parents = tree.flatMap((node) => (node?.nodeType === 'parent' ? [node.parent] : []))
  demand(
    parents.every((parent) => parent.hpkePublicKey.length === suite.publicKeyBytes),
    'tree-changed',
  )
}
