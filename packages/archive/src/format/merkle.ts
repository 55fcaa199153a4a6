/**
 * Merkle tree of RFC 9162 §2.1.1 over the blocks of a segment: a block can be checked alone when someone seeks, and
 * tampering is told down to the block.
 */

/** SHA-256, given from outside: Node's own where there is one. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

export const HASH_BYTES = 32
/** A leaf's hash is over this byte and the block. */
export const LEAF_PREFIX = 0x00
const NODE_PREFIX = 0x01

export function leafHash(sha256: Sha256, block: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + block.length)
  input[0] = LEAF_PREFIX
  input.set(block, 1)
  return sha256(input)
}

function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * HASH_BYTES)
  input[0] = NODE_PREFIX
  input.set(left, 1)
  input.set(right, 1 + HASH_BYTES)
  return sha256(input)
}

/** The tree's head; of no leaves, the hash of nothing. */
export function merkleRoot(sha256: Sha256, leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array())
  let level = leaves
  // Pairing from the left and carrying a last odd one up is the same tree as splitting at the largest power of two.
  while (level.length > 1) {
    const above: Uint8Array[] = []
    for (let at = 0; at < level.length; at += 2) {
      const left = level[at] as Uint8Array
      const right = level[at + 1]
      above.push(right ? nodeHash(sha256, left, right) : left)
    }
    level = above
  }
  return level[0] as Uint8Array
}
