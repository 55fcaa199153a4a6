/**
 * Tree hashes and parent hashes of one tree (RFC 9420 §7.8 and §7.9), each subtree hashed once. The library hashes
 * the sibling's subtree anew for each leaf and level, which takes seconds of a joiner's time in a large meeting.
 */
import { equal } from '../bytes.ts'
import type { RatchetTree } from './mls-library.ts'
import {
  encodeParentHashInput,
  encodeTreeHashInput,
  leafWidth,
  left,
  right,
  root,
  toNodeIndex,
} from './mls-library.ts'
import type { Suite } from './suite.ts'

/** A parent node that is there. */
type Parent = Extract<NonNullable<RatchetTree[number]>, { nodeType: 'parent' }>['parent']

const NO_LEAVES: ReadonlySet<number> = new Set()

export class TreeHashes {
  readonly #tree: RatchetTree
  readonly #hash: Suite['hash']
  readonly #whole = new Map<number, Promise<Uint8Array>>()

  constructor(tree: RatchetTree, suite: Suite) {
    this.#tree = tree
    this.#hash = suite.hash
  }

  root(): Promise<Uint8Array> {
    return this.#subtree(root(leafWidth(this.#tree.length)), NO_LEAVES)
  }

  /** Whether every parent node was set by a commit of somebody below it (RFC 9420 §7.9.2). */
  async parentsHold(): Promise<boolean> {
    for (const [i, node] of this.#tree.entries()) {
      if (node?.nodeType === 'parent' && !(await this.#parentHolds(i, node.parent))) return false
    }
    return true
  }

  async #parentHolds(index: number, parent: Parent): Promise<boolean> {
    const children = [childOf(index, 'left'), childOf(index, 'right')] as const
    for (const [child, sibling] of [children, [children[1], children[0]] as const]) {
      const expected = await this.#parentHash(parent, sibling)
      const nodes = this.#resolution(child)
      const chained = nodes.find((at) => {
        const hash = this.#parentHashOf(at)
        return hash !== undefined && equal(hash, expected)
      })
      if (chained === undefined) continue
      const others = nodes.filter((at) => at !== chained)
      const unmerged = parent.unmergedLeaves.filter((leaf) => isUnder(2 * leaf, child))
      if (others.length === unmerged.length && unmerged.every((leaf) => others.includes(2 * leaf)))
        return true
    }
    return false
  }

  /** Over the parent's own key and hash, and the sibling as it was before the leaves that came since. */
  async #parentHash(
    { hpkePublicKey, parentHash, unmergedLeaves }: Parent,
    sibling: number,
  ): Promise<Uint8Array> {
    const originalSiblingTreeHash = await this.#subtree(sibling, new Set(unmergedLeaves))
    const input = encodeParentHashInput({ encryptionKey: hpkePublicKey, parentHash, originalSiblingTreeHash })
    return this.#hash.digest(input)
  }

  #parentHashOf(index: number): Uint8Array | undefined {
    const node = this.#tree[index]
    if (node?.nodeType === 'parent') return node.parent.parentHash
    return node?.leaf.leafNodeSource === 'commit' ? node.leaf.parentHash : undefined
  }

  /** Nodes that together reach every leaf below `index` (RFC 9420 §4.1.1). */
  #resolution(index: number): number[] {
    const node = this.#tree[index]
    if (node?.nodeType === 'parent') return [index, ...node.parent.unmergedLeaves.map((leaf) => 2 * leaf)]
    if (node !== undefined) return [index]
    if (index % 2 === 0) return []
    return [...this.#resolution(childOf(index, 'left')), ...this.#resolution(childOf(index, 'right'))]
  }

  #subtree(index: number, without: ReadonlySet<number>): Promise<Uint8Array> {
    const touched = [...without].some((leaf) => isUnder(2 * leaf, index))
    if (touched) return this.#compute(index, without)
    const known = this.#whole.get(index) ?? this.#compute(index, NO_LEAVES)
    this.#whole.set(index, known)
    return known
  }

  async #compute(index: number, without: ReadonlySet<number>): Promise<Uint8Array> {
    const node = this.#tree[index]
    if (index % 2 === 0) {
      const leafNode = node?.nodeType === 'leaf' && !without.has(index / 2) ? node.leaf : undefined
      return this.#hash.digest(encodeTreeHashInput({ nodeType: 'leaf', leafIndex: index / 2, leafNode }))
    }
    const leftHash = await this.#subtree(childOf(index, 'left'), without)
    const rightHash = await this.#subtree(childOf(index, 'right'), without)
    const parentNode = node?.nodeType === 'parent' ? withoutLeaves(node.parent, without) : undefined
    return this.#hash.digest(encodeTreeHashInput({ nodeType: 'parent', parentNode, leftHash, rightHash }))
  }
}

function withoutLeaves(parent: Parent, without: ReadonlySet<number>): Parent {
  if (without.size === 0) return parent
  return { ...parent, unmergedLeaves: parent.unmergedLeaves.filter((leaf) => !without.has(leaf)) }
}

function childOf(index: number, side: 'left' | 'right'): number {
  return side === 'left' ? left(toNodeIndex(index)) : right(toNodeIndex(index))
}

/** Whether a node lies in the subtree of another: a node at level k spans 2^k - 1 places to each side. */
function isUnder(index: number, ancestor: number): boolean {
  const reach = (ancestor ^ (ancestor + 1)) >> 1
  return Math.abs(index - ancestor) <= reach
}
