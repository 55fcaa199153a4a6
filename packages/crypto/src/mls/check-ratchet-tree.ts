/**
 * Whether a tree received in a Welcome is sound (RFC 9420 §7.9 and §12.4.3.1). The library's own check takes nodes
 * whose unmerged leaves differ from their ancestors' for unsound, which they are not. Never says who the members are:
 * that is judged elsewhere.
 */
import { encodeHex, equal } from '../bytes.ts'
import type { ClientState, LeafNode, LeafNodeKeyPackage, RatchetTree } from './mls-library.ts'
import {
  directPath,
  leafToNodeIndex,
  leafWidth,
  toLeafIndex,
  verifyLeafNodeSignature,
  verifyLeafNodeSignatureKeyPackage,
} from './mls-library.ts'
import type { Suite } from './suite.ts'
import { TreeHashes } from './tree-hashes.ts'

export async function checkRatchetTree(
  tree: RatchetTree,
  context: ClientState['groupContext'],
  suite: Suite,
): Promise<boolean> {
  if (!isWellFormed(tree) || !unmergedLeavesHold(tree) || !keysDiffer(tree)) return false
  const hashes = new TreeHashes(tree, suite)
  if (!equal(context.treeHash, await hashes.root())) return false
  for (const [i, node] of tree.entries()) {
    if (node?.nodeType === 'leaf' && !(await isSigned(node.leaf, i / 2, context.groupId, suite))) return false
  }
  return hashes.parentsHold()
}

/** Leaves at even places, parents at odd ones. */
function isWellFormed(tree: RatchetTree): boolean {
  return tree.every((node, i) => node === undefined || (node.nodeType === 'leaf') === (i % 2 === 0))
}

/** Each unmerged leaf is a descendant that is there, and no node between hides it. */
function unmergedLeavesHold(tree: RatchetTree): boolean {
  return [...tree.entries()].every(([i, node]) => {
    if (node?.nodeType !== 'parent') return true
    const { unmergedLeaves } = node.parent
    const sorted = unmergedLeaves.every((leaf, n) => n === 0 || leaf > (unmergedLeaves[n - 1] ?? leaf))
    return sorted && unmergedLeaves.every((leaf) => isUnmergedUpTo(tree, leaf, i))
  })
}

function isUnmergedUpTo(tree: RatchetTree, leaf: number, ancestor: number): boolean {
  const at = leafToNodeIndex(toLeafIndex(leaf))
  if (tree[at]?.nodeType !== 'leaf') return false
  const path: number[] = directPath(at, leafWidth(tree.length))
  const height = path.indexOf(ancestor)
  if (height < 0) return false
  return path.slice(0, height).every((i) => {
    const between = tree[i]
    return (
      between === undefined || (between.nodeType === 'parent' && between.parent.unmergedLeaves.includes(leaf))
    )
  })
}

function keysDiffer(tree: RatchetTree): boolean {
  const keys = tree.flatMap((node) => {
    if (node === undefined) return []
    return [encodeHex((node.nodeType === 'leaf' ? node.leaf : node.parent).hpkePublicKey)]
  })
  return new Set(keys).size === keys.length
}

function isSigned(leaf: LeafNode, index: number, groupId: Uint8Array, suite: Suite): Promise<boolean> {
  if (leaf.leafNodeSource !== 'key_package')
    return verifyLeafNodeSignature(leaf, groupId, index, suite.signature)
  return verifyLeafNodeSignatureKeyPackage(leaf as LeafNodeKeyPackage, suite.signature)
}
