import { describe, expect, test } from 'vitest'
import { random } from '../bytes.ts'
import {
  addOf,
  groupPsk,
  rawCommit,
  rawGroup,
  rawKeyPackage,
  rawMember,
  suite,
  usedAfter,
} from './attack-fixtures.ts'
import { admit, engine, makeWorld } from './engine-fixtures.ts'
import type { Epoch } from './group-state.ts'
import { leafAt, leavesOf } from './group-state.ts'
import { judgeMembers } from './judge-tree.ts'
import type { MlsCode } from './mls-error.ts'
import type { LeafNode, RatchetTree } from './mls-library.ts'
import { demanding, NOTHING_WAIVED } from './refusal.ts'
import type { Suite } from './suite.ts'

const strict = demanding(NOTHING_WAIVED)

/** The attacker's own picture of the tree, in which its leaf is another. */
function withOwnLeaf(epoch: Epoch, change: (leaf: LeafNode, tree: RatchetTree) => LeafNode): Epoch {
  const at = 2 * epoch.state.privatePath.leafIndex
  const ratchetTree = epoch.state.ratchetTree.slice()
  const own = leafAt(ratchetTree, at / 2) as LeafNode
  ratchetTree[at] = { nodeType: 'leaf', leaf: change(own, ratchetTree) }
  return { ...epoch, state: { ...epoch.state, ratchetTree } }
}

/** Signs leaves with another key than commits. */
function leafSigner(leafKey: Uint8Array): Suite {
  const { signature } = suite
  const label = new TextEncoder().encode('MLS 1.0 LeafNodeTBS')
  const isLeaf = (message: Uint8Array) => label.every((byte, i) => message[i + 1] === byte)
  const sign: typeof signature.sign = (key, message) =>
    signature.sign(isLeaf(message) ? leafKey : key, message)
  return { ...suite, signature: { ...signature, sign } }
}

async function expectRefused(
  code: MlsCode,
  change: (leaf: LeafNode, tree: RatchetTree) => LeafNode,
  a: { signer?: Suite; also?: MlsCode[] } = {},
) {
  const run = async (...waived: MlsCode[]) => {
    const world = makeWorld()
    const [host, victim] = [engine(), engine(...waived)]
    await host.create({ ...world, hostSeed: world.hostSeed })
    await admit(world, host, victim)
    const mallory = await rawMember(world, host, [victim])
    const crime = { withPath: true, suite: a.signer ?? suite }
    const { commit } = await rawCommit(withOwnLeaf(mallory, change), world, crime)
    return victim.process(commit)
  }
  expect(await run()).toMatchObject({ kind: 'refused', code })
  expect(await run(code, ...(a.also ?? []))).toMatchObject({ kind: 'commit' })
}

describe('[GRP7] a committer stays who it was', () => {
  test('[GRP7] a commit that gives its author another pseudonym is refused', () =>
    expectRefused('committer-changed', (leaf) => ({
      ...leaf,
      credential: { credentialType: 'basic', identity: random(16) },
    })))

  test('[GRP7] a commit that gives its author another signature key is refused', async () => {
    const { publicKey, signKey } = await suite.signature.keygen()
    const change = (leaf: LeafNode): LeafNode => ({ ...leaf, signaturePublicKey: publicKey })
    await expectRefused('committer-changed', change, { signer: leafSigner(signKey) })
  })

  test('[GRP7] a commit that changes its author’s capabilities is refused', () =>
    expectRefused(
      'committer-changed',
      (leaf) => ({ ...leaf, capabilities: { ...leaf.capabilities, extensions: [0xf010, 0xf011, 0xf0f0] } }),
      { also: ['tree-changed'] },
    ))

  test('[GRP7] a commit that gives its author an extension is refused', () =>
    expectRefused(
      'committer-changed',
      (leaf) => ({ ...leaf, extensions: [{ extensionType: 0xf011, extensionData: random(4) }] }),
      { also: ['tree-changed'] },
    ))

  test('[GRP7] a commit that takes another member’s pseudonym is refused', () =>
    expectRefused(
      'committer-changed',
      (leaf, tree) => ({ ...leaf, credential: (leafAt(tree, 0) as LeafNode).credential }),
      { also: ['duplicate-member'] },
    ))
})

describe('[KEY2] [GRP7] every tree that is accepted', () => {
  const treeOf = async (count: number): Promise<RatchetTree> => {
    const world = makeWorld()
    const group = await rawGroup(world)
    const proposals = await Promise.all(
      Array.from({ length: count }, async () => addOf(await rawKeyPackage(world))),
    )
    const used = usedAfter(group, proposals)
    const { next } = await rawCommit(group, world, { proposals: [...proposals, groupPsk(world)], used })
    return next.ratchetTree
  }

  test('[KEY2] a leaf at 1,024 is refused, at 1,023 accepted', async () => {
    const tree = await treeOf(1)
    const member = tree[2]
    const far = new Array<RatchetTree[number]>(4095).fill(undefined)
    far[2 * 1023] = member
    expect(() => judgeMembers(far, suite, strict)).not.toThrow()
    far[2 * 1023] = undefined
    far[2 * 1024] = member
    expect(() => judgeMembers(far, suite, strict)).toThrow('leaf-out-of-range')
  })

  test('[GRP7] two members of one pseudonym, signature key or encryption key are refused', async () => {
    const tree = await treeOf(2)
    expect(() => judgeMembers(tree, suite, strict)).not.toThrow()
    const [[, first], [, second]] = leavesOf(tree) as [[number, LeafNode], [number, LeafNode], ...unknown[]]
    for (const property of ['credential', 'signaturePublicKey', 'hpkePublicKey'] as const) {
      const twin: RatchetTree = tree.slice()
      twin[2] = { nodeType: 'leaf', leaf: { ...second, [property]: first[property] } }
      expect(() => judgeMembers(twin, suite, strict)).toThrow('duplicate-member')
    }
  })

  test('[GRP3] a leaf that says more of itself than a pseudonym is refused', async () => {
    const tree = await treeOf(1)
    const leaf = leafAt(tree, 1) as LeafNode
    const named = { ...leaf, credential: { credentialType: 'basic' as const, identity: random(17) } }
    const odd = { ...leaf, extensions: [{ extensionType: 1, extensionData: random(2) }] }
    for (const changed of [named, odd] as LeafNode[]) {
      const other = tree.slice()
      other[2] = { nodeType: 'leaf', leaf: changed }
      expect(() => judgeMembers(other, suite, strict)).toThrow('tree-changed')
    }
  })
})
